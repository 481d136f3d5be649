/**
 * The micro-kernel generator: lowers a stage of the form `sum over k of lhs * rhs` under a contraction schedule. The loop nest is that of
 * Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008) and BLIS; docs/kernel-ir.md draws it.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { add, compare, constant, index, minimum, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { mostPoints } from '../extent.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { maxSize, productOfSizes } from '../size.ts';
import type { AxisId, Stage } from '../structured-kernel.ts';
import { scalar } from '../value-type.ts';
import { type AxisGroup, axisGroup, extentOfAxes, knownIndex } from './axis-group.ts';
import { blockStart, paddedColumns, readerOf } from './block-readers.ts';
import { emitImage, imageLocated, type PlacedImage } from './emit-image.ts';
import { imageAxes, imageShape } from './image.ts';
import {
  constantPanels, directAccess, linearSuffix, type Located, type Operand, type RunReader, type Strip,
} from './operand.ts'; // prettier-ignore
import { type KBlock, packPanel } from './pack.ts';
import { packPanels } from './pack-vectors.ts';
import { mainLoad, orientProduct, productOf } from './product.ts';
import { panelsBeside } from './register-budget.ts';
import { canKeepRawSums } from './raw-sums.ts';
import { isWorthPrefetching, prefetchNext } from './prefetch.ts';
import { emitTile, type RegisterTile, type TileBlock, type TileContext, unrolledSteps } from './register-tile.ts';
import { type OperandSource, runsOfBlock, type RunsOfK, runsOfK } from './runs.ts';
import {
  divideRows,
  forColumnStrips,
  forRestStrips,
  forTiles,
  type Range,
  type RowDivision,
  wholeTiles,
} from './strips.ts';

/** Appends the stage's loops to the builder. Axes that are bound at the point, or divided among tiles there, are respected. */
export function lowerContraction(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  schedule: ContractionSchedule,
): void {
  emitBatch(context, point, schedule.batch, (at) => emitNest(context, at, stage, schedule));
}

function emitBatch(
  context: LoweringContext,
  point: Point,
  batch: readonly AxisId[],
  body: (point: Point) => void,
): void {
  const [axis, ...rest] = batch;
  if (axis === undefined) return body(point);
  if (point.axes.has(axis)) return emitBatch(context, point, rest, body);
  const { axes } = axisGroup(context, point, [axis]);
  const [range] = axes;
  if (range === undefined) return emitBatch(context, point, rest, body);
  if (knownIndex(range.extent) === 1) return emitBatch(context, bindAxis(point, axis, range.from), rest, body);
  context.builder.for({ to: range.extent, name: axisOf(context.kernel, axis).name }, (at) => {
    emitBatch(context, bindAxis(point, axis, add(at, range.from)), rest, body);
  });
}

export interface Nest extends TileContext {
  readonly point: Point;
  readonly k: AxisGroup;
  readonly kc: number | undefined;
  readonly lhs: Source;
  readonly rhs: Source;
  /** Axes of m around the rows of a tile: that of a row of an image, and images. */
  readonly outer: readonly AxisId[];
  /** Points of the innermost of these, or of the rows where there are none, that are taken together. */
  readonly bandRows: number;
  readonly runs: RunsOfK | undefined;
  /** All columns are in panels already, one block of k after the other. */
  readonly isPacked: boolean;
}

function emitNest(context: LoweringContext, point: Point, stage: Stage, schedule: ContractionSchedule): void {
  const nest = nestOf(context, point, stage, schedule);
  const packed = point.panels?.get(stage.id);
  withScratch(nest, nest.lhs, schedule.mc, 'a_panels', (lhsScratch) => {
    if (packed !== undefined) return emitBlocks({ ...nest, isPacked: true }, lhsScratch, packed);
    withScratch(nest, nest.rhs, schedule.nc, 'b_panels', (rhsScratch) => emitBlocks(nest, lhsScratch, rhsScratch));
  });
}

function nestOf(context: LoweringContext, point: Point, stage: Stage, schedule: ContractionSchedule): Nest {
  const product = productOf(stage);
  if (product === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: stage ${stage.id} is no contraction`);
  const { lhs, rhs } = orientProduct(product, schedule.n);
  const { lanes, mr, nr } = schedule;
  const left: Operand = { factor: lhs, side: 'lhs', along: schedule.m, k: schedule.k, tile: mr, lanes: 1 };
  const right: Operand = { factor: rhs, side: 'rhs', along: schedule.n, k: schedule.k, tile: nr, lanes };
  const rows = sourceOf(context, left, schedule.lhs, schedule);
  const columns = sourceOf(context, right, schedule.rhs, schedule);
  const rowAxes = rowAxesOf(context, rows, schedule);
  const outer = schedule.m.slice(0, schedule.m.length - rowAxes.length);
  const m = axisGroup(context, point, rowAxes);
  const n = axisGroup(context, point, schedule.n);
  const k = axisGroup(context, point, schedule.k);
  const depth = canKeepRawSums(context.kernel, stage) ? schedule.kc : maxSize(extentOfAxes(context, schedule.k));
  const runs = runsOfK(context, [rows, columns], schedule.k, schedule.kc);
  const kc =
    depth === undefined || runs === undefined ? depth : Math.max(1, Math.floor(depth / runs.length)) * runs.length;
  const bandRows = rows.image?.bandRows ?? bandOf(context, schedule, rowAxes);
  return {
    context, stage, schedule, product, m, n, k, kc, outer, bandRows, runs, point, isPacked: false,
    lhs: { ...rows, group: m }, rhs: { ...columns, group: n },
  }; // prettier-ignore
}

/** Panels of all columns and all of k, for several blocks of rows: `body` gets them, and `Point.panels` takes them to {@link lowerContraction}. */
export function packColumns(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  schedule: ContractionSchedule,
  body: (panels: FlatBuffer) => void,
): void {
  const nest = nestOf(context, point, stage, schedule);
  const { n, rhs } = nest;
  const columns = maxSize(paddedColumns(context, schedule));
  const depth = maxSize(extentOfAxes(context, schedule.k));
  if (columns === undefined || depth === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: panels of unlimited size`);
  const { dtype } = rhs.operand.factor;
  context.builder.alloc({ name: 'b_panels', dtype, size: columns * depth, alignment: 16 }, 'stack', (panels) => {
    forKBlocks(nest, (block) => packBlock(nest, rhs, block, panels, index(0), n.extent, blockStart(nest, block)));
    body(panels);
  });
}

/**
 * Rows of a tile lie at one distance from each other where they are not packed, unless the schedule says otherwise: axes of m along which
 * that changes are around them.
 */
function rowAxesOf(
  context: LoweringContext,
  { image, direct }: OperandSource,
  { m, rowAxes = 1 }: ContractionSchedule,
): readonly AxisId[] {
  if (image !== undefined) return m.slice(-rowAxes);
  if (direct === undefined) return m;
  const linear = linearSuffix(context, direct.located, m);
  return linear.length < rowAxes ? m.slice(-rowAxes) : linear;
}

/** Points of an axis around rows that make about MC rows. */
function bandOf(
  { kernel }: Pick<LoweringContext, 'kernel'>,
  { mc }: ContractionSchedule,
  rows: readonly AxisId[],
): number {
  const width = maxSize(productOfSizes(rows.map((id) => axisOf(kernel, id).extent))) ?? mc;
  return Math.max(1, Math.floor(mc / Math.max(1, width)));
}

function sourceOf(
  context: LoweringContext,
  operand: Operand,
  wanted: 'panel' | 'direct' | 'image',
  schedule: ContractionSchedule,
): OperandSource {
  const isConstant = constantPanels(context, operand, index(0)) !== undefined;
  const main = mainLoad(operand.factor);
  const isInMemory = main !== undefined && context.places.get(main.access.buffer)?.kind === 'memory';
  const covered = !isConstant && isInMemory && wanted === 'image' ? imageAxes(context.kernel, schedule) : undefined;
  const image = covered && main && imageShape(context.kernel, main.access, covered);
  const direct = !isConstant && wanted === 'direct' ? directAccess(context, operand) : undefined;
  return { operand, direct, image, isConstant };
}

export type Source = OperandSource & { readonly group: AxisGroup };

function withScratch(
  nest: Nest,
  { operand, group, direct, image, isConstant }: Source,
  block: number,
  name: string,
  body: (scratch: FlatBuffer | undefined) => void,
): void {
  if (isConstant || direct !== undefined) return body(undefined);
  const { builder, kernel } = nest.context;
  const { dtype } = operand.factor;
  if (image !== undefined)
    return builder.alloc({ name: 'image', dtype, size: image.elements, alignment: 16 }, 'stack', body);
  const extent = Math.min(block, group.known ?? block);
  const depth = Math.min(nest.kc ?? Infinity, nest.k.known ?? Infinity);
  if (depth === Infinity) throw new InvariantError(`kernel ${kernel.name}: panels of unlimited depth`);
  const size = Math.ceil(Math.max(extent, 1) / operand.tile) * operand.tile * Math.max(depth, 1);
  builder.alloc({ name, dtype, size, alignment: 16 }, 'stack', body);
}

/** `from` of each block of an extent and where it ends; one block without a loop when the extent is at most `step`. */
function forBlocks(
  { builder }: LoweringContext,
  { extent, known, possible }: AxisGroup,
  step: number,
  name: string,
  body: (from: Expr, to: Expr) => void,
): void {
  if (known === 0) return;
  if (possible?.every((each) => each <= step) === true) return body(index(0), extent);
  builder.for({ to: extent, step, name }, (from) => {
    const end = add(from, step);
    body(from, known !== undefined && known % step === 0 ? end : builder.let('end', minimum(end, extent)));
  });
}

type KBody = (block: KBlock, isFirst: Expr, isLast: Expr) => void;

/** Blocks of k; one, of no iterations, when k is empty. */
function forKBlocks(nest: Nest, body: KBody): void {
  const { builder } = nest.context;
  const { extent, known } = nest.k;
  const kc = nest.kc ?? known;
  const yes = constant(scalar('i1'), 1);
  if (kc === undefined || (known !== undefined && known <= kc) || maxOfGroup(nest) <= kc)
    return body({ from: index(0), count: extent, isWhole: true }, yes, yes);
  if (known !== undefined && known % kc !== 0 && kc <= unrolledSteps) return forShortBlocks(nest, known, kc, body);
  const atLeastOne =
    known === undefined ? builder.let('depth', select(compare('gt', extent, 0), extent, index(1))) : extent;
  builder.for({ to: atLeastOne, step: kc, name: 'kc' }, (from) => {
    const count =
      known !== undefined && known % kc === 0 ? index(kc) : builder.let('depth', minimum(subtract(extent, from), kc));
    const isLast = builder.let('last', compare('ge', add(from, kc), extent));
    body({ from, count, isWhole: false }, builder.let('first', compare('eq', from, 0)), isLast);
  });
}

/** Blocks of few steps are unrolled, and so is what is left, beside them. */
function forShortBlocks(nest: Nest, extent: number, kc: number, body: KBody): void {
  const { builder } = nest.context;
  const rest = extent % kc;
  const [yes, no] = [constant(scalar('i1'), 1), constant(scalar('i1'), 0)];
  builder.for({ to: extent - rest, step: kc, name: 'kc' }, (from) => {
    body({ from, count: index(kc), isWhole: false }, builder.let('first', compare('eq', from, 0)), no);
  });
  body({ from: index(extent - rest), count: index(rest), isWhole: false }, no, yes);
}

function maxOfGroup({ context, schedule }: Nest): number {
  return maxSize(extentOfAxes(context, schedule.k)) ?? Infinity;
}

/** Rows that are taken together: whole rows of tiles at the points of a band, or a part of the rows. */
interface RowBlock {
  readonly point: Point;
  readonly band: { readonly axis: AxisId; readonly first: Expr; readonly count: Expr } | undefined;
  readonly rows: Range;
}

function forRowBlocks(nest: Nest, body: (block: RowBlock) => void): void {
  const { context, m, schedule, bandRows, outer, point, lhs } = nest;
  const band = outer.at(-1);
  const { mc } = alignedBlocks(schedule);
  if (band === undefined) {
    if (lhs.image !== undefined && m.axes.length > 1)
      return body({ point, band: undefined, rows: { from: index(0), to: m.extent } });
    const step = lhs.image === undefined ? mc : bandRows;
    return forBlocks(context, m, step, 'mc', (from, to) => body({ point, band: undefined, rows: { from, to } }));
  }
  const rows = { from: index(0), to: m.extent };
  emitBatch(context, point, outer.slice(0, -1), (at) => {
    const points = axisGroup(context, at, [band]);
    const [axis] = points.axes;
    if (axis === undefined) return body({ point: at, band: undefined, rows });
    forBlocks(context, points, bandRows, 'band', (from, to) =>
      body({ point: at, band: { axis: band, first: add(from, axis.from), count: subtract(to, from) }, rows }),
    );
  });
}

function forBandRows({ context }: Nest, { band, point: outer }: RowBlock, body: (point: Point) => void): void {
  if (band === undefined) return body(innerPoint(outer));
  const { axis, first, count } = band;
  if (knownIndex(count) === 1) return body(bindAxis(outer, axis, first));
  context.builder.for({ to: count, name: axisOf(context.kernel, axis).name }, (at) =>
    body(bindAxis(outer, axis, add(at, first))),
  );
}

function emitBlocks(nest: Nest, lhsScratch: FlatBuffer | undefined, rhsScratch: FlatBuffer | undefined): void {
  const { context, n, schedule, lhs } = nest;
  const { nc } = alignedBlocks(schedule);
  // An image serves all columns and all of k, unless columns are packed once for many images.
  if (lhs.image !== undefined && rhsScratch === undefined)
    return forRowBlocks(nest, (rows) => {
      const located = prepareRows(nest, rows, undefined, lhsScratch);
      forBlocks(context, n, nc, 'nc', (from, to) =>
        forKBlocks(nest, (block, isFirst, isLast) =>
          emitTiles(nest, { from, to }, rows, { block, isFirst, isLast, lhsScratch, rhsScratch, located }),
        ),
      );
    });
  forBlocks(context, n, nc, 'nc', (from, to) =>
    forKBlocks(nest, (block, isFirst, isLast) => {
      if (rhsScratch !== undefined && !nest.isPacked) packBlock(nest, nest.rhs, block, rhsScratch, from, to);
      forRowBlocks(nest, (rows) => {
        const located = prepareRows(nest, rows, block, lhsScratch);
        emitTiles(nest, { from, to }, rows, { block, isFirst, isLast, lhsScratch, rhsScratch, located });
      });
    }),
  );
}

/** Packs rows, or copies them to an image; gives where they then are, when not in panels. */
function prepareRows(
  nest: Nest,
  { point, band, rows }: RowBlock,
  block: KBlock | undefined,
  scratch: FlatBuffer | undefined,
): Located | undefined {
  const { context, lhs, m, schedule } = nest;
  const { image, direct, operand } = lhs;
  if (direct !== undefined || scratch === undefined) return direct?.located;
  if (image === undefined) {
    if (block !== undefined) packBlock(nest, lhs, block, scratch, rows.from, rows.to);
    return undefined;
  }
  const [outermost, ...inner] = m.axes;
  // A chain's block may have bound the band to one point.
  const bound = image.band === undefined ? undefined : point.axes.get(image.band);
  const first = band?.first ?? bound ?? add(rows.from, outermost?.from ?? index(0));
  const placed: PlacedImage = { shape: image, buffer: scratch, first };
  const whole = inner.length > 0 ? outermost?.extent : undefined;
  const count = band?.count ?? (bound === undefined ? (whole ?? subtract(rows.to, rows.from)) : index(1));
  emitImage(context, innerPoint(point), operand.factor, placed, count, schedule.lanes);
  return imageLocated(placed);
}

/** Blocks are whole tiles. */
function alignedBlocks({ mc, nc, mr, nr }: ContractionSchedule): { readonly mc: number; readonly nc: number } {
  return { mc: Math.ceil(mc / mr) * mr, nc: Math.ceil(nc / nr) * nr };
}

function packBlock(
  nest: Nest,
  { operand, group, isConstant }: Source,
  block: KBlock,
  to: FlatBuffer,
  first: Expr,
  end: Expr,
  start = index(0),
): void {
  const { context, point } = nest;
  const { builder } = context;
  const { side, tile } = operand;
  const pack = (panel: Expr, count: Expr, width: Expr): void => {
    const at = builder.let('to', add(start, multiply(subtract(panel, first), block.count)));
    const target = { to, at, first: panel, count, tile: width };
    packPanel(context, innerPoint(point), operand, group, block, target, side === 'rhs');
  };
  const range = { from: first, to: end };
  const { whole, atRest } =
    side === 'rhs'
      ? paddedTiles(nest, group, range, tile)
      : divideRows(builder, group, range, tile, { isPaneled: isConstant });
  const panels = { to, start, first, range: whole, lanes: nest.schedule.lanes };
  if (!packPanels(context, innerPoint(point), operand, group, block, panels))
    forTiles(builder, whole, tile, 'panel', (panel) => pack(panel, index(tile), index(tile)));
  atRest((panel, count) => pack(panel, count, side === 'rhs' ? index(tile) : count));
}

function paddedTiles({ context }: Nest, group: AxisGroup, range: Range, tile: number): RowDivision {
  const { range: whole, atRest } = wholeTiles(context.builder, group, range, tile);
  return { whole, atRest };
}

/** What the tiles of a block of k read. */
interface TileBlocks {
  readonly block: KBlock;
  readonly isFirst: Expr;
  readonly isLast: Expr;
  readonly lhsScratch: FlatBuffer | undefined;
  readonly rhsScratch: FlatBuffer | undefined;
  /** Rows that are read where they lie. */
  readonly located: Located | undefined;
}

function emitTiles(nest: Nest, n: Range, block: RowBlock, blocks: TileBlocks): void {
  const { context, schedule, runs } = nest;
  const { builder } = context;
  const { mr, nr, lanes } = schedule;
  const { block: k, isFirst, isLast, lhsScratch, rhsScratch } = blocks;
  const { located } = blocks;
  const lhs = readerOf(nest, { source: nest.lhs, block: k, located, scratch: lhsScratch, from: block.rows.from });
  const right = { source: nest.rhs, block: k, located: nest.rhs.direct?.located };
  const rhs = readerOf(nest, { ...right, scratch: rhsScratch, from: n.from });
  const step: TileBlock = { count: k.count, runs: runs && runsOfBlock(builder, runs, k), isFirst, isLast };
  const widths = { nr, lanes, isDirect: nest.rhs.direct !== undefined };
  const tileAt = (
    point: Point,
    rows: Strip,
    columns: Strip,
    valid: Expr,
    right: RunReader,
    ahead?: RegisterTile['ahead'],
  ): void =>
    emitTile(nest, innerPoint(point), step, {
      rows,
      columns,
      valid,
      lhs: lhs(point, rows, columns.lanes),
      rhs: right,
      ahead,
    });
  const stripOfColumns = (panels: number, body: (columns: Strip, valid: Expr, right: RunReader) => void): void =>
    forColumnStrips(builder, nest.n, n, { ...widths, panels }, (columns, valid) =>
      body(columns, valid, rhs(block.point, columns, columns.lanes)),
    );
  const wholeRows = (body: (rows: Strip) => void): void =>
    forTiles(builder, division.whole, mr, 'm', (first) => body({ first, count: mr, lanes: 1 }));
  const division = divideRows(builder, nest.m, block.rows, mr, { isPaneled: nest.lhs.isConstant });
  if (!isEmpty(division.whole)) {
    if (schedule.inner === 'columns')
      forBandRows(nest, block, (point) =>
        wholeRows((rows) => stripOfColumns(1, (columns, valid, right) => tileAt(point, rows, columns, valid, right))),
      );
    else
      stripOfColumns(1, (columns, valid, right) =>
        forBandRows(nest, block, (point) =>
          wholeRows((rows) =>
            tileAt(point, rows, columns, valid, right, aheadOf(nest, block.point, k, { rows, columns, end: n.to })),
          ),
        ),
      );
  }
  forRestStrips(builder, division, mr, (rows) =>
    stripOfColumns(panelsBeside(rows.count, schedule, context.target), (columns, valid, right) =>
      forBandRows(nest, block, (point) => tileAt(point, rows, columns, valid, right)),
    ),
  );
}

/** Of panels that lie in the model's constants. */
function aheadOf(
  { context, schedule, rhs, runs }: Nest,
  point: Point,
  block: KBlock,
  tile: { readonly rows: Strip; readonly columns: Strip; readonly end: Expr },
): RegisterTile['ahead'] {
  const panels = rhs.isConstant ? constantPanels(context, rhs.operand, block.from) : undefined;
  if (panels === undefined || !isWorthPrefetching(schedule, mostPoints(context.kernel, schedule.m))) return undefined;
  const ahead = prefetchNext(context, point, rhs.group, panels, schedule, block, tile);
  if (runs === undefined) return () => ahead;
  return (run) => {
    const from = subtract(multiply(run ?? index(0), index(runs.length)), block.from);
    return (k) => ahead(add(from, k));
  };
}

function isEmpty({ from, to }: Range): boolean {
  const [first, end] = [knownIndex(from), knownIndex(to)];
  return first !== undefined && end !== undefined && end <= first;
}
