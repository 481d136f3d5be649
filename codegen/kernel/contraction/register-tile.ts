/**
 * One register tile: rows x columns accumulators carried by the loop over a block of k, begun from the identity or from the raw sums of
 * the block before, and finished (epilogue, store) after the last block. Nothing outside the tile is read or written.
 */
import { axesOfValue, walkValues } from '../lower-affine.ts';
import {
  add,
  binary,
  compare,
  constant,
  extract,
  fma,
  index,
  insert,
  load,
  multiply,
  subtract,
} from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { Initial } from '../loop-builder.ts';
import { innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { emitNamed, emitResults, emitValue, emitWrite, spread } from '../lower-values.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { elementaryOps } from '../scalar-ops.ts';
import type { Stage, ValueExpr } from '../structured-kernel.ts';
import { isFloatKernelDType, scalar, vector } from '../value-type.ts';
import { type AxisGroup, bindLinear, keepsLanes, knownIndex } from './axis-group.ts';
import type { Reader, RunReader, Strip } from './operand.ts';
import type { Ahead } from './prefetch.ts';
import type { RunRange } from './runs.ts';
import type { Product } from './product.ts';

/** What all tiles of a stage share. */
export interface TileContext {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly schedule: ContractionSchedule;
  readonly product: Product;
  readonly m: AxisGroup;
  readonly n: AxisGroup;
}

export interface TileBlock {
  /** Iterations of k. */
  readonly count: Expr;
  /** Where they are not one run. */
  readonly runs: RunRange | undefined;
  /** Whether this is the first and the last block of k: true, false, or decided at run time. */
  readonly isFirst: Expr;
  readonly isLast: Expr;
}

export interface RegisterTile {
  readonly rows: Strip;
  readonly columns: Strip;
  /** Columns that exist, of those computed: the others are padding of the last panel. */
  readonly valid: Expr;
  readonly lhs: RunReader;
  readonly rhs: RunReader;
  /** Asks for what other tiles will read, where that comes from afar. */
  readonly ahead: ((run: Expr | undefined) => Ahead) | undefined;
}

/** The accumulators of a tile, row by row. */
type Accumulators = readonly Expr[];

export function emitTile(tiles: TileContext, point: Point, block: TileBlock, tile: RegisterTile): void {
  const { builder } = tiles.context;
  const begun = builder.choose(
    block.isFirst,
    () => identities(tiles, tile),
    () => reload(tiles, point, tile),
    tile.rows.count * tile.columns.count <= 64 ? accumulatorNames(tile) : [],
  );
  const sums = accumulate(tiles, block, tile, begun);
  builder.if(
    block.isLast,
    () => finish(tiles, point, tile, sums),
    () => keepRaw(tiles, point, tile, sums),
  );
}

function accumulatorNames({ rows, columns }: RegisterTile): readonly string[] {
  return Array.from({ length: rows.count * columns.count }, (_, position) => {
    const row = Math.floor(position / columns.count);
    return `c${row}_${position % columns.count}`;
  });
}

function identities({ product }: TileContext, { rows, columns }: RegisterTile): Accumulators {
  const identity = constant(vector(product.dtype, columns.lanes), product.identity);
  return Array.from({ length: rows.count * columns.count }, () => identity);
}

function accumulate(
  tiles: TileContext,
  { count, runs }: TileBlock,
  tile: RegisterTile,
  begun: Accumulators,
): Accumulators {
  if (runs === undefined) return accumulateRun(tiles, count, tile, undefined, begun);
  const { from, to, length } = runs;
  const [first, end] = [knownIndex(from), knownIndex(to)];
  if (first !== undefined && end === first + 1) return accumulateRun(tiles, index(length), tile, from, begun);
  return tiles.context.builder.for({ from, to, name: 'run' }, carriedBy(tile, begun), (run, sums) =>
    accumulateRun(tiles, index(length), tile, run, sums),
  );
}

function carriedBy(tile: RegisterTile, sums: Accumulators): readonly Initial[] {
  const names = accumulatorNames(tile);
  return sums.map((initial, position) => ({ name: names[position] ?? 'c', initial }));
}

function accumulateRun(
  { context, schedule, product }: TileContext,
  count: Expr,
  tile: RegisterTile,
  run: Expr | undefined,
  begun: Accumulators,
): Accumulators {
  const { builder } = context;
  const [lhsOf, rhsOf] = [tile.lhs(run), tile.rhs(run)];
  const ahead = tile.ahead?.(run);
  const known = knownIndex(count);
  const unroll = unrollOf(context.target, schedule, product, tile, known);
  const steps = (k: Expr, steps: number, sums: Accumulators): Accumulators => {
    const [lhs, rhs] = [lhsOf(k, steps), rhsOf(k, steps)];
    let next: Accumulators = sums;
    for (let step = 0; step < steps; step += 1) next = multiplyAdd(context, product, tile, lhs, rhs, step, next);
    return next;
  };
  const loop = (from: Expr, to: Expr, step: number, initial: Accumulators): Accumulators =>
    builder.for({ from, to, step, name: 'k' }, carriedBy(tile, initial), (k, sums) => {
      ahead?.(k);
      return steps(k, step, sums);
    });
  if (known === 0) return begun;
  const isShort = known !== undefined && known <= unrolledSteps && known * begun.length <= mostUnrolled(context.target);
  if (isShort || known === unroll) return steps(index(0), known, begun);
  if (unroll === 1 || (known !== undefined && known % unroll === 0)) return loop(index(0), count, unroll, begun);
  const rest = known === undefined ? remainderOf(context, count, unroll) : index(known % unroll);
  const whole = builder.let('whole', subtract(count, rest));
  const sums = knownIndex(whole) === 0 ? begun : loop(index(0), whole, unroll, begun);
  return knownIndex(rest) === 1 ? steps(whole, 1, sums) : loop(whole, count, 1, sums);
}

function remainderOf({ builder }: LoweringContext, count: Expr, unroll: number): Expr {
  return builder.let('rest', { kind: 'binary', type: count.type, op: 'remainder', lhs: count, rhs: index(unroll) });
}

/** So few steps of k are written one after the other, without a loop, unless that makes too many multiply-adds. */
export const unrolledSteps = 8;

/** Without multiply-adds fewer: V8 11 loads ahead until registers run out (Zen 5: 8x512x512 takes 2.3 of the time with 64 products in a row, 64x8x64 2.4). */
function mostUnrolled({ fma }: LoweringContext['target']): number {
  return fma === 'none' ? 24 : 128;
}

/** Sums of a tile that hide the latency of multiply-adds: a second step of k an iteration hides the loop as well. */
const manySums = 10;

/**
 * Steps of k an iteration: for one row as many as its elements are loaded at once (operand.ts), which V8 11 without multiply-adds takes
 * 1.7 of the time for; two where the tile is whole and its multiply-adds are what takes the time, else one. V8 12 does not care; V8 11 keeps
 * more of what it loads in memory the more steps there are (5x8, 64 rows: 1, 2, 4 steps take 456, 423, 439 us; 4x8: 35, 45, 48). Products of
 * integers are added by an instruction of its own, and V8 keeps more of them the more steps there are (512, pairs: 1 and 2 steps take 3.9 and
 * 4.5 ms on a Zen 5).
 */
function unrollOf(
  { fma: multiplyAdds }: LoweringContext['target'],
  { mr, nr }: ContractionSchedule,
  { dtype }: Product,
  { rows, columns }: RegisterTile,
  run: number | undefined,
): number {
  const isFull = rows.count === mr && columns.count * columns.lanes === nr;
  if (rows.count === 1 && columns.count >= 4 && multiplyAdds !== 'none') return columns.lanes;
  if (!isFloatKernelDType(dtype) || !isFull || rows.count * columns.count < manySums) return 1;
  return run !== undefined && run % 2 !== 0 && run % 3 === 0 ? 3 : 2;
}

function multiplyAdd(
  { builder }: LoweringContext,
  { op }: Product,
  { rows, columns }: RegisterTile,
  lhs: ReturnType<Reader>,
  rhs: ReturnType<Reader>,
  step: number,
  sums: Accumulators,
): Accumulators {
  const next = (row: number, column: number, a: Expr, b: Expr): Expr => {
    const sum = sums[row * columns.count + column] ?? index(0);
    return builder.let('c', isFloatKernelDType(sum.type.dtype) ? fma(a, b, sum) : add(sum, binary(op, a, b)));
  };
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, position) => position);
  // The shorter side is kept in registers, the other is read where it is used.
  if (rows.count >= columns.count) {
    const right = numbers(columns.count).map((column) => rhs(step, column));
    return numbers(rows.count).flatMap((row) => {
      const a = lhs(step, row);
      return right.map((b, column) => next(row, column, a, b));
    });
  }
  const left = numbers(rows.count).map((row) => lhs(step, row));
  const byColumn = numbers(columns.count).map((column) => {
    const b = rhs(step, column);
    return left.map((a, row) => next(row, column, a, b));
  });
  return numbers(rows.count).flatMap((row) => byColumn.flatMap((column) => column.slice(row, row + 1)));
}

/**
 * Visits the accumulators that exist at their points: as vectors along the innermost n axis, or lane by lane where a vector does not lie
 * in one row of it or only a part of it exists.
 */
function forEachAccumulator(
  { context, m, n }: TileContext,
  point: Point,
  { rows, columns, valid }: RegisterTile,
  prepare: (column: Point) => void,
  visit: (at: Point, row: number, column: number, lane: number | undefined) => void,
): void {
  const { builder } = context;
  const { lanes } = columns;
  const rowsAt = (column: Point, each: number, lane?: number): void => {
    for (let row = 0; row < rows.count; row += 1)
      visit(bindLinear(context, column, m, add(rows.first, row)), row, each, lane);
  };
  const limit = knownIndex(valid);
  for (let each = 0; each < columns.count; each += 1) {
    const first = add(columns.first, each * lanes);
    const asVector = (): void => {
      const column = bindLinear(context, point, n, first, lanes);
      prepare(column);
      rowsAt(innerPoint(column), each);
    };
    const byLane = (): void => {
      for (let lane = 0; lane < lanes; lane += 1) {
        const place = each * lanes + lane;
        const scalarColumn = (): void => {
          const column = bindLinear(context, innerPoint(point), n, add(first, lane));
          prepare(column);
          rowsAt(innerPoint(column), each, lanes === 1 ? undefined : lane);
        };
        if (limit === undefined) builder.if(compare('gt', valid, place), scalarColumn);
        else if (place < limit) scalarColumn();
      }
    };
    if (lanes === 1 && limit !== undefined && each < limit) asVector();
    else if (!keepsLanes(n, lanes)) byLane();
    else if (limit === undefined) builder.if(compare('ge', valid, (each + 1) * lanes), asVector, byLane);
    else if ((each + 1) * lanes <= limit) asVector();
    else byLane();
  }
}

function sumAt(sums: Accumulators, position: number, lane: number | undefined): Expr {
  const sum = sums[position] ?? index(0);
  return lane === undefined ? sum : extract(sum, lane);
}

function finish(tiles: TileContext, point: Point, tile: RegisterTile, sums: Accumulators): void {
  const { stage, product } = tiles;
  const values = stage.finish ?? [accumulatorValue(product)];
  if (tile.rows.count > 1 && isLong(values)) finishByRow(tiles, point, tile, sums, values);
  else finishTile(tiles, point, tile, sums, values);
}

/** An elementary function is tens of instructions for each vector of sums: its code is there once a row, not once a vector. */
function isLong(values: readonly ValueExpr[]): boolean {
  let hasElementary = false;
  walkValues(values, (value) => {
    hasElementary ||= (value.kind === 'unary' || value.kind === 'binary') && elementaryOps.has(value.op);
  });
  return hasElementary;
}

/** The sums go through the stack, and a loop over the rows finishes them. */
function finishByRow(
  tiles: TileContext,
  point: Point,
  tile: RegisterTile,
  sums: Accumulators,
  values: readonly ValueExpr[],
): void {
  const { builder } = tiles.context;
  const { rows, columns } = tile;
  const { count, lanes } = columns;
  const options = { name: 'sums', dtype: tiles.product.dtype, size: sums.length * lanes, alignment: 16 };
  builder.alloc(options, 'stack', (buffer) => {
    sums.forEach((sum, position) => builder.store(buffer, position * lanes, sum));
    builder.for({ to: rows.count, name: 'row' }, (row) => {
      const start = builder.let('at', multiply(row, count * lanes));
      const own = Array.from({ length: count }, (_, each) =>
        builder.let('sum', load(buffer, add(start, each * lanes), lanes)),
      );
      const first = builder.let('m', add(rows.first, row));
      finishTile(tiles, innerPoint(point), { ...tile, rows: { ...rows, first, count: 1 } }, own, values);
    });
  });
}

function finishTile(
  tiles: TileContext,
  point: Point,
  tile: RegisterTile,
  sums: Accumulators,
  values: readonly ValueExpr[],
): void {
  const { context, stage, m } = tiles;
  const perColumn = columnValues(values, m);
  forEachAccumulator(
    tiles,
    point,
    tile,
    (column) => {
      for (const value of perColumn) emitNamed(context, column, value);
    },
    (at, row, column, lane) => {
      const sum = sumAt(sums, row * tile.columns.count + column, lane);
      const inner = innerPoint(at, { accumulators: [sum] });
      emitResults(context, inner, stage, values);
    },
  );
}

function accumulatorValue({ dtype }: Product): ValueExpr {
  return { kind: 'accumulator', dtype, index: 0 };
}

/** Loads of the epilogue that are the same for all rows: a bias along the columns. */
function columnValues(values: readonly ValueExpr[], m: AxisGroup): readonly ValueExpr[] {
  const loads: ValueExpr[] = [];
  walkValues(values, (value) => {
    if (value.kind !== 'load' || value.access.guards.length > 0) return;
    const axes = axesOfValue(value);
    if (!m.axes.some(({ axis }) => axes.has(axis)) && !value.access.indices.some(({ kind }) => kind === 'loaded'))
      loads.push(value);
  });
  // Each takes registers that the accumulators need.
  return loads.slice(0, 2);
}

/** The raw sums wait in the output, whose elements are then of the accumulators' type. */
function keepRaw(tiles: TileContext, point: Point, tile: RegisterTile, sums: Accumulators): void {
  const [write] = tiles.stage.writes;
  if (write === undefined) return;
  forEachAccumulator(
    tiles,
    point,
    tile,
    () => undefined,
    (at, row, column, lane) =>
      emitWrite(tiles.context, innerPoint(at), write, sumAt(sums, row * tile.columns.count + column, lane)),
  );
}

function reload(tiles: TileContext, point: Point, tile: RegisterTile): Accumulators {
  const { context, stage, product, n } = tiles;
  const { rows, columns, valid } = tile;
  const [access] = stage.writes;
  const { lanes } = columns;
  if (access === undefined) return identities(tiles, tile);
  const raw: ValueExpr = { kind: 'load', dtype: product.dtype, access, otherwise: undefined };
  const at = (row: number, place: number, width: number): Expr => {
    const column = bindLinear(context, innerPoint(point), n, add(columns.first, place), width);
    const bound = bindLinear(context, column, tiles.m, add(rows.first, row));
    return context.builder.let('raw', spread(emitValue(context, bound, raw), width));
  };
  return Array.from({ length: rows.count * columns.count }, (_, position) => {
    const row = Math.floor(position / columns.count);
    const first = (position % columns.count) * lanes;
    return reloadVector(tiles, first, lanes, valid, (place, width) => at(row, place, width));
  });
}

function reloadVector(
  { context, product, n }: TileContext,
  first: number,
  lanes: number,
  valid: Expr,
  at: (place: number, width: number) => Expr,
): Expr {
  const { builder } = context;
  const limit = knownIndex(valid);
  if (keepsLanes(n, lanes) && limit !== undefined && limit >= first + lanes) return at(first, lanes);
  const zero = constant(scalar(product.dtype), 0);
  let value: Expr = constant(vector(product.dtype, lanes), 0);
  for (let lane = 0; lane < lanes; lane += 1) {
    const place = first + lane;
    if (limit !== undefined && place >= limit) break;
    const [element] =
      limit === undefined
        ? builder.choose(
            compare('gt', valid, place),
            () => [at(place, 1)] as const,
            () => [zero] as const,
          )
        : [at(place, 1)];
    value = insert(value, lane, element);
  }
  return builder.let('raw', value);
}
