/**
 * Reductions: accumulators carried through the loops over the reduction axes, several of them where the combiner may be regrouped (one
 * a lane, and `unroll` independent sets), combined in a fixed tree at the end, then finished and written.
 */
import { productOf } from './contraction/product.ts';
import { axisOf, type LoweringContext, innerPoint, laneOf, type Point } from './lower-context.ts';
import { openChunks, overChunks } from './lower-chunks.ts';
import { emitLoop } from './lower-loops.ts';
import { guardsOfStage, hoistInvariants, lanesAlong } from './lower-invariants.ts';
import { emitNamed, emitValue, emitWrite, spread } from './lower-values.ts';
import { compare, constant, fma, laneReduce, type LaneReduceOp, size } from './loop-expressions.ts';
import type { Expr } from './loop-ir.ts';
import type { LoopSchedule } from './schedule.ts';
import { productOfSizes } from './size.ts';
import type { AxisId, Combiner, Stage } from './structured-kernel.ts';
import { vector } from './value-type.ts';

export type Accumulators = readonly Expr[];

/** May be computed in another order: lanes and independent accumulators. */
export function mayRegroup(combiner: Combiner): boolean {
  return combiner.isCommutative && (combiner.isAssociative || combiner.mayReassociate);
}

/** Or may be unless an element is NaN. */
export function mayRegroupNumbers(combiner: Combiner): boolean {
  return mayRegroup(combiner.unlessNan ?? combiner);
}

/**
 * Fewer elements are summed in order: there is little to gain, and the error is that of everyone else's sum. It is decided by the number of
 * elements alone, at run time where that is bound late, so that both give the same bits.
 */
export const shortReduction = 32;

/**
 * The sets of accumulators a nest carries: `unroll` sets of the widest kind, and one of scalars for the elements beyond the last
 * whole vector when lanes run along a reduction axis.
 */
interface AccumulatorSets {
  readonly sets: number;
  readonly lanes: number;
  readonly hasScalars: boolean;
}

export function emitReduction(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule,
  axes: readonly AxisId[],
): void {
  const total = joinChunks(context, point, stage, combiner, (at) =>
    reduceAxes(context, at, stage, combiner, schedule, axes, [at]),
  );
  emitFinish(context, point, stage, total);
}

/** Of points that differ in one axis, which none of the loops within binds: what does not move with it is read once. */
export function emitReductions(
  context: LoweringContext,
  points: readonly Point[],
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule,
  { axis, axes }: { readonly axis: AxisId; readonly axes: readonly AxisId[] },
): void {
  const [first] = points;
  if (first === undefined) return;
  const open = new Map(first.axes);
  open.delete(axis);
  const totals = reduceAxes(context, innerPoint(first, { axes: open }), stage, combiner, schedule, axes, points);
  const count = combiner.dtypes.length;
  points.forEach((at, copy) => emitFinish(context, at, stage, totals.slice(copy * count, (copy + 1) * count)));
}

/** Accumulators of all parts, joined in their order. */
function joinChunks(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  reduce: (point: Point) => Accumulators,
): Accumulators {
  if (openChunks(stage).length === 0) return reduce(point);
  const start = initialAccumulators(combiner, { sets: 1, lanes: point.vector?.lanes ?? 1, hasScalars: false });
  return overChunks(context, point, stage, start, (at, totals) => {
    const part = reduce(at).map((expr) => context.builder.let('sum', expr));
    return joinAccumulators(context, at, combiner, totals, part).map((expr) => context.builder.let('sum', expr));
  });
}

function reduceAxes(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule,
  axes: readonly AxisId[],
  points: readonly Point[],
): Accumulators {
  const along = axes.find((axis) => lanesAlong(context, point, schedule, axis) > 1);
  const isRegrouped = mayRegroupNumbers(combiner) && axes.length > 0 && (along !== undefined || schedule.unroll > 1);
  const lanes = point.vector?.lanes ?? 1;
  const layout = { sets: 1, lanes, hasScalars: false };
  const inOrder: Nest = { context, stage, combiner, layout, along: undefined, points };
  const reduce = (nest: Nest): Accumulators => {
    const inside = innerPoint(point);
    const start = initialAccumulators(nest.combiner, nest.layout);
    const state = emitReductionNest(
      nest,
      inside,
      axes,
      points.flatMap(() => start),
    );
    return points.flatMap((_, copy) => combineSets(nest, inside, partOf(state, copy, start.length)));
  };
  if (!isRegrouped) return reduce(inOrder);
  const reducedLanes = along === undefined ? 1 : (schedule.vector?.lanes ?? 1);
  const regrouped: Nest = {
    ...inOrder,
    combiner: combiner.unlessNan ?? combiner,
    layout: { sets: schedule.unroll, lanes: Math.max(lanes, reducedLanes), hasScalars: reducedLanes > 1 },
    along,
  };
  const elements = productOfSizes(axes.map((axis) => axisOf(context.kernel, axis).extent));
  const names = points.flatMap(() => combiner.dtypes.map(() => 'sum'));
  const inGroups = (): Accumulators => {
    const groups = reduce(regrouped);
    const wasNan = combiner.unlessNan === undefined ? undefined : groups[combiner.dtypes.length];
    if (wasNan === undefined) return groups;
    return context.builder.chooseRarely(
      laneReduce('or', wasNan),
      () => reduce(inOrder),
      () => groups.slice(0, -1),
      names,
    );
  };
  if (typeof elements === 'number') return inGroups();
  const isShort = compare('lt', size(elements), shortReduction);
  return context.builder.choose(isShort, () => reduce(inOrder), inGroups, names);
}

export interface Nest {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly combiner: Combiner;
  readonly layout: AccumulatorSets;
  /** The reduction axis along lanes. */
  readonly along: AxisId | undefined;
  /** Those that are reduced together, where there are several. */
  readonly points?: readonly Point[];
}

/** Of so many elements. */
function partOf<T>(list: readonly T[], part: number, length: number): readonly T[] {
  return list.slice(part * length, (part + 1) * length);
}

export function initialAccumulators(
  { dtypes, identity }: Combiner,
  { sets, lanes, hasScalars }: AccumulatorSets,
): Accumulators {
  const set = (width: number): Accumulators =>
    dtypes.map((dtype, position) => constant(vector(dtype, width), identity[position] ?? 0));
  const vectors = Array.from({ length: sets }, () => set(lanes)).flat();
  return hasScalars ? [...vectors, ...set(1)] : vectors;
}

function emitReductionNest(nest: Nest, point: Point, axes: readonly AxisId[], state: Accumulators): Accumulators {
  const [axis, ...rest] = axes;
  if (axis === undefined) return accumulateAll(nest, point, state, 0);
  const { context, stage, layout } = nest;
  hoistInvariants(context, point, stage);
  const isInnermost = rest.length === 0;
  const plan = {
    axis,
    lanes: axis === nest.along ? layout.lanes : 1,
    unroll: isInnermost ? layout.sets : 1,
    guards: guardsOfStage(stage),
  };
  return emitLoop(context, point, plan, state, (at, carried, copy) =>
    isInnermost ? accumulateAll(nest, at, carried, copy) : emitReductionNest(nest, at, rest, carried),
  );
}

/** Into the accumulators of each point. */
function accumulateAll(nest: Nest, point: Point, state: Accumulators, copy: number): Accumulators {
  const { context, stage, points = [] } = nest;
  if (points.length <= 1) return accumulate(nest, point, state, copy);
  hoistInvariants(context, point, stage);
  return points.flatMap((each, position) => {
    const here = innerPoint(point, { axes: new Map([...each.axes, ...point.axes]) });
    return accumulate(nest, here, partOf(state, position, state.length / points.length), copy);
  });
}

/** One element, or one a lane, into the set it belongs to. */
function accumulate(
  { context, stage, combiner, layout }: Nest,
  point: Point,
  state: Accumulators,
  copy: number,
): Accumulators {
  const count = combiner.dtypes.length;
  const isScalar = layout.hasScalars && point.vector === undefined;
  const first = (isScalar ? layout.sets : copy) * count;
  const combined = accumulateElement(context, point, stage, combiner, state.slice(first, first + count));
  return [...state.slice(0, first), ...combined, ...state.slice(first + count)];
}

/** The next accumulators of one set, after the element at the point. */
export function accumulateElement(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  accumulators: Accumulators,
): Accumulators {
  const fused = multiplyAdd(context, point, stage, accumulators);
  if (fused !== undefined) return [fused];
  const elements = stage.values.map((value) =>
    isPlain(combiner) ? emitValue(context, point, value) : emitNamed(context, point, value, 'e'),
  );
  return combine(context, point, combiner, accumulators, elements);
}

/**
 * Of a sum of products of floats, which may be rounded once (docs/numerics.md). Squares bring one load each, so that the sums would wait for
 * a multiply-add where they do not for an addition (Zen 5, squares of 1 M: 46 us, fused 69).
 */
function multiplyAdd(context: LoweringContext, point: Point, stage: Stage, [sum]: Accumulators): Expr | undefined {
  const product = productOf(stage);
  if (product?.left === product?.right) return undefined;
  if (sum === undefined || product?.op !== 'multiply' || (product.dtype !== 'f32' && product.dtype !== 'f64'))
    return undefined;
  const [left, right] = [product.left, product.right].map((factor) =>
    spread(emitValue(context, point, factor), sum.type.lanes),
  );
  return left === undefined || right === undefined ? undefined : fma(left, right, sum);
}

/** The next accumulators; each element is spread to the lanes of its accumulator. */
export function combine(
  context: LoweringContext,
  point: Point,
  combiner: Combiner,
  accumulators: Accumulators,
  elements: readonly Expr[],
): Accumulators {
  const lanes = accumulators[0]?.type.lanes ?? 1;
  const at = innerPoint(point, { accumulators, elements: elements.map((element) => spread(element, lanes)) });
  return combiner.results.map((result) => spread(emitValue(context, at, result), lanes));
}

/** Two sets of accumulators as one. */
export function joinAccumulators(
  context: LoweringContext,
  point: Point,
  combiner: Combiner,
  left: Accumulators,
  right: Accumulators,
): Accumulators {
  return combine(context, point, { ...combiner, results: combiner.join ?? combiner.results }, left, right);
}

/** One accumulator, and `accumulator op element`. */
function isPlain({ results }: Combiner): boolean {
  const [result] = results;
  if (results.length !== 1 || result?.kind !== 'binary') return false;
  const kinds = [result.lhs.kind, result.rhs.kind].sort();
  return kinds[0] === 'accumulator' && kinds[1] === 'element';
}

const laneReduceOps: ReadonlySet<string> = new Set<LaneReduceOp>([
  'add', 'multiply', 'minimum', 'maximum', 'and', 'or', 'xor',
]); // prettier-ignore

function laneReduceOp(combiner: Combiner): LaneReduceOp | undefined {
  const [result] = combiner.results;
  if (!isPlain(combiner) || result?.kind !== 'binary' || !laneReduceOps.has(result.op)) return undefined;
  return result.op as LaneReduceOp;
}

/** Set 0 with set 1, 2 with 3 and so on, then the lanes in halves, then the scalars. */
export function combineSets(nest: Nest, point: Point, state: Accumulators): Accumulators {
  const { context, combiner, layout } = nest;
  const count = combiner.dtypes.length;
  const join = (a: Accumulators, b: Accumulators): Accumulators => joinAccumulators(context, point, combiner, a, b);
  const sets = Array.from({ length: layout.sets }, (_, set) => state.slice(set * count, (set + 1) * count));
  const total = combineInPairs(sets, join, context);
  if (!layout.hasScalars) return total;
  const scalars = state.slice(layout.sets * count);
  return join(combineLanes(nest, point, total), scalars);
}

function combineInPairs(
  sets: readonly Accumulators[],
  join: (a: Accumulators, b: Accumulators) => Accumulators,
  { builder }: LoweringContext,
): Accumulators {
  let level = sets;
  while (level.length > 1) {
    const next: Accumulators[] = [];
    for (let position = 0; position < level.length; position += 2) {
      const [a = [], b] = level.slice(position, position + 2);
      next.push(b === undefined ? a : join(a, b).map((expr) => builder.let('sum', expr)));
    }
    level = next;
  }
  return level[0] ?? [];
}

function combineLanes({ context, combiner, layout }: Nest, point: Point, total: Accumulators): Accumulators {
  const { builder } = context;
  const op = laneReduceOp(combiner);
  if (op !== undefined) return total.map((expr) => builder.let('sum', laneReduce(op, expr)));
  const named = total.map((expr) => builder.let('sum', expr));
  let level: readonly Accumulators[] = Array.from({ length: layout.lanes }, (_, lane) =>
    named.map((expr) => laneOf(expr, lane)),
  );
  while (level.length > 1) {
    const half = Math.ceil(level.length / 2);
    const right = level.slice(half);
    level = level.slice(0, half).map((a, position) => {
      const b = right[position];
      if (b === undefined) return a;
      return joinAccumulators(context, point, combiner, a, b).map((expr) => builder.let('sum', expr));
    });
  }
  return level[0] ?? [];
}

export function emitFinish(context: LoweringContext, point: Point, stage: Stage, accumulators: Accumulators): void {
  const at = innerPoint(point, { accumulators: accumulators.map((expr) => context.builder.let('sum', expr)) });
  const roots = stage.finish;
  const isSingle = stage.writes.length === 1;
  const exprs =
    roots === undefined
      ? at.accumulators
      : roots.map((value) => (isSingle ? emitValue(context, at, value) : emitNamed(context, at, value, 'v')));
  stage.writes.forEach((access, position) => {
    const expr = exprs[position];
    if (expr !== undefined) emitWrite(context, at, access, expr);
  });
}
