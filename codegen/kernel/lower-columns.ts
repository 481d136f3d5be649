/**
 * Reductions down the columns of memory: rows stream by, several at a time, while the accumulators of a block of columns wait on the stack.
 *
 *     for j: for i: sum[j] += x[i, j]      a page and a line of the cache a step
 *     ->  for i in steps of 16: for j: a = sums[j]; a += x[i, j]; ...; a += x[i + 15, j]; sums[j] = a
 *
 * The sets of accumulators, and which of them an element goes to, are those of lower-reduction.ts: both give the same bits.
 */
import {
  accumulateElement, type Accumulation, type Accumulators, combineSets, emitFinish, initialAccumulators, joinAccumulators,
} from './lower-accumulators.ts'; // prettier-ignore
import { openChunks, overChunks } from './lower-chunks.ts';
import { axisOf, innerPoint, type LoweringContext, type Point } from './lower-context.ts';
import { guardsOfStage, hoistInvariants } from './lower-invariants.ts';
import { emitGroups, emitLoop } from './lower-loops.ts';
import type { CombinedLoops } from './lower-reduction.ts';
import { add, index, load, minimum, size, subtract } from './loop-expressions.ts';
import type { Expr, FlatBuffer } from './loop-ir.ts';
import { mayRegroup } from './regrouping.ts';
import type { LoopSchedule } from './schedule.ts';
import type { AxisId, Combiner } from './structured-kernel.ts';

/** A block of columns, and the accumulators of each. */
interface Columns {
  readonly sums: Accumulation;
  readonly axis: AxisId;
  readonly lanes: number;
  /** By set and dtype, one a column of the block. */
  readonly buffers: readonly FlatBuffer[];
  readonly begin: Expr;
}

/** Rows pass by, so many at a time, of so many columns at a time. */
type Stream = NonNullable<LoopSchedule['stream']>;

export interface StreamedLoops extends CombinedLoops {
  readonly stream: Stream;
  /** The axis that lanes run along. */
  readonly columns: AxisId;
}

/** Of one stage at a point where all is bound but the columns and the `axes` that are reduced. */
export function emitColumns(loops: StreamedLoops, point: Point, axes: readonly AxisId[]): void {
  const { context, stage, combiner, schedule, stream } = loops;
  const sets = mayRegroup(combiner) ? schedule.unroll : 1;
  inBlocks(loops, point, sets, (columns, at) => {
    if (openChunks(stage).length > 0) return emitParts(columns, at, axes, stream);
    emitRows(columns, at, axes, stream.rows);
    overColumns(columns, at, (here, width) => emitFinish(context, here, stage, combinedSums(columns, here, width)));
  });
}

/** Of a column, its sets combined. */
function combinedSums(columns: Columns, point: Point, width: number): Accumulators {
  const { sums } = columns;
  const layout = { ...sums.layout, lanes: width };
  return combineSets({ ...sums, layout }, point, readSums(columns, point, width));
}

/** The parts of a long reduction one after the other: what they join in waits beside their sums. */
function emitParts(columns: Columns, point: Point, axes: readonly AxisId[], { rows, columns: count }: Stream): void {
  const { context, stage, combiner, layout } = columns.sums;
  withBuffers(context, combiner, { sets: 1, count }, (buffers) => {
    const totals: Columns = { ...columns, buffers, sums: { ...columns.sums, layout: { ...layout, sets: 1 } } };
    clearSums(totals, point);
    overChunks(context, point, stage, [], (at) => {
      clearSums(columns, at);
      emitRows(columns, at, axes, rows);
      overColumns(columns, at, (here, width) => {
        const part = combinedSums(columns, here, width).map((expr) => context.builder.let('sum', expr));
        const before = readSums(totals, here, width);
        writeSums(totals, here, joinAccumulators(context, here, combiner, before, part));
      });
      return [];
    });
    overColumns(totals, point, (here, width) => emitFinish(context, here, stage, readSums(totals, here, width)));
  });
}

function clearSums(columns: Columns, point: Point): void {
  const { combiner, layout } = columns.sums;
  overColumns(columns, point, (here, width) =>
    writeSums(columns, here, initialAccumulators(combiner, { ...layout, lanes: width })),
  );
}

/** The columns in blocks, whose accumulators have their first values. */
export function inBlocks(
  { context, stage, combiner, schedule, stream, columns: axis }: StreamedLoops,
  point: Point,
  sets: number,
  body: (columns: Columns, point: Point) => void,
): void {
  const { builder, kernel } = context;
  const lanes = schedule.vector?.lanes ?? 1;
  const sums: Accumulation = { context, stage, combiner, layout: { sets, lanes, hasScalars: false } };
  const { name, extent } = axisOf(kernel, axis);
  const { columns: count } = stream;
  const { from, to } = point.ranges.get(axis) ?? { from: index(0), to: size(extent) };
  hoistInvariants(context, point, stage);
  const isOne = typeof extent === 'number' && extent <= count;
  const block = (begin: Expr): void => {
    const end = isOne ? to : builder.let('end', minimum(add(begin, count), to));
    const ranges = new Map(point.ranges).set(axis, { from: begin, to: end, extents: undefined });
    withBuffers(context, combiner, { sets, count }, (buffers) => {
      const columns: Columns = { sums, axis, lanes, buffers, begin };
      const at = innerPoint(point, { ranges });
      clearSums(columns, at);
      body(columns, at);
    });
  };
  if (isOne) block(from);
  else builder.for({ name: `${name}0`, from, to, step: count }, block);
}

function withBuffers(
  { builder }: LoweringContext,
  { dtypes }: Combiner,
  { sets, count }: { readonly sets: number; readonly count: number },
  body: (buffers: readonly FlatBuffer[]) => void,
): void {
  const wanted = Array.from({ length: sets }, () => dtypes).flat();
  const allocate = (buffers: readonly FlatBuffer[]): void => {
    const dtype = wanted[buffers.length];
    if (dtype === undefined) return body(buffers);
    builder.alloc({ name: 'sums', dtype, size: count }, 'stack', (buffer) => allocate([...buffers, buffer]));
  };
  allocate([]);
}

export function overColumns(
  { sums, axis, lanes }: Columns,
  point: Point,
  body: (point: Point, width: number) => void,
): void {
  const { context, stage } = sums;
  emitLoop(context, innerPoint(point), { axis, lanes, unroll: 1, guards: guardsOfStage(stage) }, [], (at) => {
    body(at, at.vector?.lanes ?? 1);
    return [];
  });
}

/** Rows in groups, then in groups of one a set, then one by one into the first set. */
function emitRows(columns: Columns, point: Point, axes: readonly AxisId[], rows: number): void {
  const [axis, ...rest] = axes;
  const { context, stage, layout } = columns.sums;
  const guards = guardsOfStage(stage);
  if (axis === undefined) return overRow(columns, [point]);
  if (rest.length > 0) {
    emitLoop(context, point, { axis, lanes: 1, unroll: 1, guards }, [], (at) => {
      emitRows(columns, at, rest, rows);
      return [];
    });
    return;
  }
  const steps = [rows, layout.sets, 1].map((copies) => ({ lanes: 1, copies }));
  emitGroups(context, point, { axis, steps, guards }, [], (points) => {
    overRow(columns, points);
    return [];
  });
}

/** The elements of some rows, into the accumulators of every column. */
function overRow(columns: Columns, points: readonly Point[]): void {
  const [first] = points;
  if (first === undefined) return;
  const { context, combiner, layout } = columns.sums;
  const count = combiner.dtypes.length;
  const used = Math.min(layout.sets, points.length);
  overColumns(columns, first, (at, width) => {
    let state = readSums(columns, at, width).slice(0, used * count);
    points.forEach((row, position) => {
      const place = (position % layout.sets) * count;
      const here = innerPoint({ ...at, axes: new Map([...row.axes, ...at.axes, ...rowAxes(row, first)]) });
      const next = accumulateElement(columns.sums, here, state.slice(place, place + count));
      const named = next.map((expr) => context.builder.let('sum', expr));
      state = [...state.slice(0, place), ...named, ...state.slice(place + count)];
    });
    writeSums(columns, at, state);
  });
}

/** Where a row is that is not the first of its group. */
function rowAxes(row: Point, first: Point): readonly (readonly [AxisId, Expr])[] {
  return [...row.axes].filter(([axis, at]) => first.axes.get(axis) !== at);
}

function placeOf({ axis, begin }: Columns, point: Point): Expr {
  return subtract(point.axes.get(axis) ?? begin, begin);
}

export function readSums(columns: Columns, point: Point, width: number): Accumulators {
  const { builder } = columns.sums.context;
  const at = placeOf(columns, point);
  return columns.buffers.map((buffer) => builder.let('sum', load(buffer, at, width)));
}

export function writeSums(columns: Columns, point: Point, state: Accumulators): void {
  const { builder } = columns.sums.context;
  const at = placeOf(columns, point);
  state.forEach((value, position) => {
    const buffer = columns.buffers[position];
    if (buffer !== undefined) builder.store(buffer, at, value);
  });
}
