/**
 * Elementwise stages that read across their lanes: what lies side by side along another axis is loaded as it lies, and turned in registers.
 * Both axes go in blocks of a line of the cache, so that a line is used up while it is there.
 *
 *     for i: for j by 4: out[i, j : 4] = (x[j, i], x[j + 1, i], x[j + 2, i], x[j + 3, i])
 *     ->  for i0 by 16: for j0 by 16: for i by 4: for j by 4:
 *           a, b, c, d = x[j, i : 4], x[j + 1, i : 4], ...
 *           out[i, j : 4] = (a.0, b.0, c.0, d.0); out[i + 1, j : 4] = (a.1, b.1, c.1, d.1); ...
 */
import { axesOfIndex, walkValues } from './lower-affine.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point } from './lower-context.ts';
import { guardsOfStage, hoistInvariants, rootsOfStage } from './lower-invariants.ts';
import { emitGroups } from './lower-loops.ts';
import { accessStride, emitValue, spread } from './lower-values.ts';
import { add, index, minimum, shuffle, size } from './loop-expressions.ts';
import type { Expr } from './loop-ir.ts';
import type { AxisId, Stage, ValueExpr } from './structured-kernel.ts';

export interface Turned {
  /** The axis that turned reads are contiguous along. */
  readonly rows: AxisId;
  /** The axis that lanes run along. */
  readonly columns: AxisId;
  readonly lanes: number;
  /** Points of each in a block. */
  readonly block: number;
}

/** At a point where all is bound but rows and columns; `leaf` emits the stage at a point. */
export function emitTurned(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  turned: Turned,
  leaf: (point: Point) => void,
): void {
  const { rows, columns } = turned;
  hoistInvariants(context, point, stage);
  inBlocks(context, point, rows, turned.block, (band) =>
    inBlocks(context, band, columns, turned.block, (at) => emitBlock(context, at, stage, turned, leaf)),
  );
}

function inBlocks(
  context: LoweringContext,
  point: Point,
  axis: AxisId,
  block: number,
  body: (point: Point) => void,
): void {
  const { builder, kernel } = context;
  const { name, extent } = axisOf(kernel, axis);
  if (typeof extent === 'number' && extent <= block) return body(point);
  const { from, to } = point.ranges.get(axis) ?? { from: index(0), to: size(extent) };
  builder.for({ name: `${name}0`, from, to, step: block }, (begin) => {
    const end = builder.let('end', minimum(add(begin, block), to));
    body(innerPoint(point, { ranges: new Map(point.ranges).set(axis, { from: begin, to: end, extents: undefined }) }));
  });
}

function emitBlock(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  { rows, columns, lanes }: Turned,
  leaf: (point: Point) => void,
): void {
  const guards = guardsOfStage(stage);
  const singles = { lanes: 1, copies: 1 };
  const groups = { axis: rows, steps: [{ lanes: 1, copies: lanes }, singles], guards };
  emitGroups(context, point, groups, [], (group) => {
    const [first = point] = group;
    emitGroups(
      context,
      first,
      { axis: columns, steps: [{ lanes, copies: 1 }, singles], guards },
      [],
      ([at = first]) => {
        const loads =
          group.length === lanes && at.vector !== undefined ? turnedLoads(context, stage, at, rows, columns) : [];
        const values = new Map(loads.map((load) => [load, turnedRows(context, at, load, { rows, columns, lanes })]));
        group.forEach((row, position) => {
          const here = innerPoint({ ...at, axes: new Map(at.axes).set(rows, row.axes.get(rows) ?? index(0)) });
          for (const [load, each] of values) {
            const value = each[position];
            if (value !== undefined) here.emitted.set(load, value);
          }
          leaf(here);
        });
        return [];
      },
    );
    return [];
  });
}

/** Reads that lie side by side along the rows and not along the columns, and are known to be inside. */
function turnedLoads(
  context: LoweringContext,
  stage: Stage,
  point: Point,
  rows: AxisId,
  columns: AxisId,
): readonly ValueExpr[] {
  const loads: ValueExpr[] = [];
  walkValues(rootsOfStage(stage), (value) => {
    if (value.kind !== 'load') return;
    const { access } = value;
    const place = context.places.get(access.buffer);
    if (place?.kind !== 'memory') return;
    const isOpen = access.guards.some((guard) => {
      const axes = axesOfIndex(guard.index);
      return point.known.get(guard) !== true && (axes.has(rows) || axes.has(columns));
    });
    const across = accessStride(place, access, columns);
    if (!isOpen && accessStride(place, access, rows) === 1 && across !== 0 && across !== 1 && across !== undefined)
      loads.push(value);
  });
  return loads;
}

/** The value at each of `lanes` rows, along the columns. */
function turnedRows(
  context: LoweringContext,
  point: Point,
  load: ValueExpr,
  { rows, columns, lanes }: Pick<Turned, 'rows' | 'columns' | 'lanes'>,
): readonly Expr[] {
  const { builder } = context;
  const [row, column] = [point.axes.get(rows) ?? index(0), point.axes.get(columns) ?? index(0)];
  const loaded = Array.from({ length: lanes }, (_, lane) => {
    const here = bindAxis(bindAxis({ ...point, vector: undefined }, columns, add(column, lane)), rows, row, lanes);
    // Outside of its guards a load may be one value for all.
    return builder.let('x', spread(emitValue(context, here, load), lanes));
  });
  return turn(loaded, (value) => builder.let('t', value));
}

/** Rows become columns: each pair of vectors half the number apart is interleaved, once for each power of two. */
function turn(vectors: readonly Expr[], name: (value: Expr) => Expr): readonly Expr[] {
  const count = vectors.length;
  const half = count / 2;
  let current = vectors;
  for (let step = 1; step < count; step *= 2) {
    const next: Expr[] = [];
    for (let at = 0; at < half; at += 1) {
      const [low, high] = [current[at], current[at + half]];
      if (low === undefined || high === undefined) continue;
      for (const first of [0, half]) {
        const lanes = Array.from({ length: half }, (_, lane) => [first + lane, count + first + lane]).flat();
        next.push(name(shuffle(low, high, lanes)));
      }
    }
    current = next;
  }
  return current;
}
