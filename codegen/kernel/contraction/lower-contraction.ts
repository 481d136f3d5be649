/**
 * The micro-kernel generator: lowers a stage of the form `sum over k of lhs * rhs` under a contraction schedule. The loop nest is that of
 * Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008) and BLIS; docs/kernel-ir.md draws it.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { add, compare, constant, index, minimum, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { maxSize } from '../size.ts';
import type { AxisId, Stage } from '../structured-kernel.ts';
import { scalar } from '../value-type.ts';
import { type AxisGroup, axisGroup, extentOfAxes, knownIndex } from './axis-group.ts';
import {
  constantPanels, directAccess, type DirectAccess, directReader, type Operand, panelReader, type Panels, type Reader, type Strip,
} from './operand.ts'; // prettier-ignore
import { type KBlock, packPanel } from './pack.ts';
import { orientProduct, type Product, productOf } from './product.ts';
import { panelsBeside } from './register-budget.ts';
import { canKeepRawSums } from './raw-sums.ts';
import { emitTile, type RegisterTile, type TileContext, unrolledSteps } from './register-tile.ts';
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
  const product = productOf(stage);
  if (product === undefined)
    throw new InvariantError(`kernel ${context.kernel.name}: stage ${stage.id} is no contraction`);
  emitBatch(context, point, schedule.batch, (at) => emitNest(context, at, stage, schedule, product));
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

interface Nest extends TileContext {
  readonly point: Point;
  readonly k: AxisGroup;
  readonly kc: number | undefined;
  readonly lhs: Source;
  readonly rhs: Source;
}

/** Where the tiles read an operand. */
interface Source {
  readonly operand: Operand;
  readonly group: AxisGroup;
  readonly direct: DirectAccess | undefined;
  readonly isConstant: boolean;
}

function emitNest(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  schedule: ContractionSchedule,
  product: Product,
): void {
  const m = axisGroup(context, point, schedule.m);
  const n = axisGroup(context, point, schedule.n);
  const k = axisGroup(context, point, schedule.k);
  const { lhs, rhs } = orientProduct(product, schedule.n);
  const kc = canKeepRawSums(context.kernel, stage) ? schedule.kc : maxSize(extentOfAxes(context, schedule.k));
  const { lanes } = schedule;
  const rows = sourceOf(
    context,
    { factor: lhs, side: 'lhs', along: schedule.m, k: schedule.k, tile: schedule.mr, lanes: 1 },
    m,
    schedule.lhs,
  );
  const columns = sourceOf(
    context,
    { factor: rhs, side: 'rhs', along: schedule.n, k: schedule.k, tile: schedule.nr, lanes },
    n,
    schedule.rhs,
  );
  const nest: Nest = { context, stage, schedule, product, m, n, k, kc, lhs: rows, rhs: columns, point };
  withScratch(nest, rows, schedule.mc, 'a_panels', (lhsScratch) =>
    withScratch(nest, columns, schedule.nc, 'b_panels', (rhsScratch) => emitBlocks(nest, lhsScratch, rhsScratch)),
  );
}

function sourceOf(context: LoweringContext, operand: Operand, group: AxisGroup, wanted: 'panel' | 'direct'): Source {
  const isConstant = constantPanels(context, operand, index(0)) !== undefined;
  const direct = !isConstant && wanted === 'direct' ? directAccess(context, operand) : undefined;
  return { operand, group, direct, isConstant };
}

function withScratch(
  nest: Nest,
  { operand, group, direct, isConstant }: Source,
  block: number,
  name: string,
  body: (scratch: FlatBuffer | undefined) => void,
): void {
  if (isConstant || direct !== undefined) return body(undefined);
  const extent = Math.min(block, group.known ?? block);
  const depth = Math.min(nest.kc ?? Infinity, nest.k.known ?? Infinity);
  if (depth === Infinity) throw new InvariantError(`kernel ${nest.context.kernel.name}: panels of unlimited depth`);
  const size = Math.ceil(Math.max(extent, 1) / operand.tile) * operand.tile * Math.max(depth, 1);
  const { dtype } = operand.factor;
  nest.context.builder.alloc({ name, dtype, size, alignment: 16 }, 'stack', body);
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

function emitBlocks(nest: Nest, lhsScratch: FlatBuffer | undefined, rhsScratch: FlatBuffer | undefined): void {
  const { context, m, n, schedule } = nest;
  const { nc, mc } = alignedBlocks(schedule);
  forBlocks(context, n, nc, 'nc', (nFrom, nTo) =>
    forKBlocks(nest, (block, isFirst, isLast) => {
      if (rhsScratch !== undefined) packBlock(nest, nest.rhs, block, rhsScratch, nFrom, nTo);
      forBlocks(context, m, mc, 'mc', (mFrom, mTo) => {
        if (lhsScratch !== undefined) packBlock(nest, nest.lhs, block, lhsScratch, mFrom, mTo);
        const readers: BlockReaders = {
          lhs: readerOf(nest, nest.lhs, block, lhsScratch, mFrom),
          rhs: readerOf(nest, nest.rhs, block, rhsScratch, nFrom),
        };
        emitTiles(nest, readers, { from: nFrom, to: nTo }, { from: mFrom, to: mTo }, (tile) =>
          emitTile(nest, innerPoint(nest.point), { count: block.count, isFirst, isLast }, tile),
        );
      });
    }),
  );
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
): void {
  const { context, point } = nest;
  const { builder } = context;
  const { side, tile } = operand;
  const pack = (panel: Expr, count: Expr, width: Expr): void => {
    const at = builder.let('to', multiply(subtract(panel, first), block.count));
    const target = { to, at, first: panel, count, tile: width };
    packPanel(context, innerPoint(point), operand, group, block, target, side === 'rhs');
  };
  const range = { from: first, to: end };
  const { whole, atRest } =
    side === 'rhs'
      ? paddedTiles(nest, group, range, tile)
      : divideRows(builder, group, range, tile, { isPaneled: isConstant });
  forTiles(builder, whole, tile, 'panel', (panel) => pack(panel, index(tile), index(tile)));
  atRest((panel, count) => pack(panel, count, side === 'rhs' ? index(tile) : count));
}

function paddedTiles({ context }: Nest, group: AxisGroup, range: Range, tile: number): RowDivision {
  const { range: whole, atRest } = wholeTiles(context.builder, group, range, tile);
  return { whole, atRest };
}

/** `lanes` is the width that rows are spread to; that of columns is the strip's own. */
type ReaderOfStrip = (strip: Strip, lanes: number) => Reader;

interface BlockReaders {
  readonly lhs: ReaderOfStrip;
  readonly rhs: ReaderOfStrip;
}

function readerOf(
  nest: Nest,
  { operand, group, direct }: Source,
  block: KBlock,
  scratch: FlatBuffer | undefined,
  blockFrom: Expr,
): ReaderOfStrip {
  const { context, point } = nest;
  if (direct !== undefined)
    return (strip, lanes) => directReader(context, innerPoint(point), operand, direct, group, block.from, strip, lanes);
  const constant = scratch === undefined ? constantPanels(context, operand, block.from) : undefined;
  return (strip, lanes) => {
    const panels = scratch === undefined ? constant : scratchPanels(operand, block, scratch, blockFrom, strip);
    if (panels === undefined)
      throw new InvariantError(`kernel ${context.kernel.name}: an operand is neither packed nor read`);
    return panelReader(context, innerPoint(point), operand, group, panels, strip, lanes);
  };
}

/** A panel of rows is as wide as its strip, one of columns is padded. */
function scratchPanels({ side, tile }: Operand, block: KBlock, to: FlatBuffer, blockFrom: Expr, strip: Strip): Panels {
  const base: Panels['base'] = (_, first) => multiply(subtract(first, blockFrom), block.count);
  return { buffer: to, tile: side === 'rhs' ? tile : strip.count, base };
}

function emitTiles(nest: Nest, readers: BlockReaders, n: Range, m: Range, emit: (tile: RegisterTile) => void): void {
  const { context, schedule } = nest;
  const { builder } = context;
  const { mr, nr, lanes } = schedule;
  const widths = { nr, lanes, isDirect: nest.rhs.direct !== undefined };
  const tileAt = (rows: Strip, columns: Strip, valid: Expr, rhs: Reader): void =>
    emit({ rows, columns, valid, lhs: readers.lhs(rows, columns.lanes), rhs });
  const division = divideRows(builder, nest.m, m, mr, { isPaneled: nest.lhs.isConstant });
  const stripOfRows = (rows: Strip, panels: number): void =>
    forColumnStrips(builder, nest.n, n, { ...widths, panels }, (columns, valid) =>
      tileAt(rows, columns, valid, readers.rhs(columns, columns.lanes)),
    );
  if (schedule.inner === 'columns')
    forTiles(builder, division.whole, mr, 'm', (first) => stripOfRows({ first, count: mr, lanes: 1 }, 1));
  else
    forColumnStrips(builder, nest.n, n, { ...widths, panels: 1 }, (columns, valid) => {
      const rhs = readers.rhs(columns, columns.lanes);
      forTiles(builder, division.whole, mr, 'm', (first) =>
        tileAt({ first, count: mr, lanes: 1 }, columns, valid, rhs),
      );
    });
  forRestStrips(builder, division, mr, (rows) => stripOfRows(rows, panelsBeside(rows.count, schedule, context.target)));
}
