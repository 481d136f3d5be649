/**
 * Reductions: accumulators carried through the loops over the reduction axes, several of them where the combiner may be regrouped (one
 * a lane, and `unroll` independent sets), combined in a fixed tree at the end, then finished and written.
 */
import {
  accumulateElement, type Accumulation, type Accumulators, combineSets, emitFinish, initialAccumulators, joinAccumulators, partOf,
  setOf,
} from './lower-accumulators.ts'; // prettier-ignore
import { axisOf, innerPoint, type Point } from './lower-context.ts';
import { openChunks, overChunks } from './lower-chunks.ts';
import { emitLoop, type StageLoops } from './lower-loops.ts';
import { guardsOfStage, hoistInvariants, lanesAlong } from './lower-invariants.ts';
import { compare, laneReduce, size } from './loop-expressions.ts';
import { mayRegroupNumbers, shortReduction } from './regrouping.ts';
import { productOfSizes } from './size.ts';
import type { AxisId, Combiner } from './structured-kernel.ts';

/** The loops of a stage that combines. */
export interface CombinedLoops extends StageLoops {
  readonly combiner: Combiner;
  /** What else is done at each point of the innermost loop. */
  readonly beside?: (point: Point) => void;
}

export function emitReduction(loops: CombinedLoops, point: Point, axes: readonly AxisId[]): void {
  const total = joinChunks(loops, point, (at) => reduceAxes(loops, at, axes, [at]));
  emitFinish(loops.context, point, loops.stage, total);
}

/** Of points that differ in one axis, which none of the loops within binds: what does not move with it is read once. */
export function emitReductions(
  loops: CombinedLoops,
  points: readonly Point[],
  { axis, axes }: { readonly axis: AxisId; readonly axes: readonly AxisId[] },
): void {
  const [first] = points;
  if (first === undefined) return;
  const { context, stage, combiner } = loops;
  const open = new Map(first.axes);
  open.delete(axis);
  const totals = reduceAxes(loops, innerPoint(first, { axes: open }), axes, points);
  points.forEach((at, copy) => emitFinish(context, at, stage, partOf(totals, copy, combiner.dtypes.length)));
}

/** Accumulators of all parts, joined in their order. */
function joinChunks(
  { context, stage, combiner }: CombinedLoops,
  point: Point,
  reduce: (point: Point) => Accumulators,
): Accumulators {
  if (openChunks(stage).length === 0) return reduce(point);
  const start = initialAccumulators(combiner, { sets: 1, lanes: point.vector?.lanes ?? 1, hasScalars: false });
  return overChunks(context, point, stage, start, (at, totals) => {
    const part = reduce(at).map((expr) => context.builder.let('sum', expr));
    return joinAccumulators(context, at, combiner, totals, part).map((expr) => context.builder.let('sum', expr));
  });
}

/** At a point where all is bound but the axes, and those that are reduced there together. */
function reduceAxes(
  loops: CombinedLoops,
  point: Point,
  axes: readonly AxisId[],
  points: readonly Point[],
): Accumulators {
  const { context, combiner } = loops;
  const layout = { sets: 1, lanes: point.vector?.lanes ?? 1, hasScalars: false };
  const inOrder: Nest = { ...loops, layout, along: undefined, points };
  const regrouped = regroupedNest(loops, point, axes, inOrder);
  if (regrouped === undefined) return reduceNest(inOrder, point, axes);
  const elements = productOfSizes(axes.map((axis) => axisOf(context.kernel, axis).extent));
  const names = points.flatMap(() => combiner.dtypes.map(() => 'sum'));
  const inGroups = (): Accumulators => {
    const groups = reduceNest(regrouped, point, axes);
    // Points that go together have one sum each: only what selects watches for NaN.
    const wasNan = combiner.unlessNan === undefined ? undefined : groups[combiner.dtypes.length];
    if (wasNan === undefined) return groups;
    return context.builder.chooseRarely(
      laneReduce('or', wasNan),
      () => reduceNest(inOrder, point, axes),
      () => groups.slice(0, -1),
      names,
    );
  };
  if (typeof elements === 'number') return inGroups();
  const isShort = compare('lt', size(elements), shortReduction);
  return context.builder.choose(isShort, () => reduceNest(inOrder, point, axes), inGroups, names);
}

interface Nest extends Accumulation, Pick<CombinedLoops, 'beside'> {
  /** The reduction axis along lanes. */
  readonly along: AxisId | undefined;
  /** Those that are reduced together. */
  readonly points: readonly Point[];
}

/** In lanes and independent sets, where the combiner and the schedule have such. */
function regroupedNest(
  { context, combiner, schedule }: CombinedLoops,
  point: Point,
  axes: readonly AxisId[],
  inOrder: Nest,
): Nest | undefined {
  const along = axes.find((axis) => lanesAlong(context, point, schedule, axis) > 1);
  const hasGroups = axes.length > 0 && (along !== undefined || schedule.unroll > 1);
  if (!mayRegroupNumbers(combiner) || !hasGroups) return undefined;
  const reducedLanes = along === undefined ? 1 : (schedule.vector?.lanes ?? 1);
  const lanes = Math.max(inOrder.layout.lanes, reducedLanes);
  const endLanes = along === undefined ? lanes : (schedule.vector?.endLanes ?? lanes);
  const layout = { sets: schedule.unroll, lanes, endLanes, hasScalars: reducedLanes > 1 };
  return { ...inOrder, combiner: combiner.unlessNan ?? combiner, layout, along };
}

/** The accumulators of each point, combined. */
function reduceNest(nest: Nest, point: Point, axes: readonly AxisId[]): Accumulators {
  const inside = innerPoint(point);
  const start = initialAccumulators(nest.combiner, nest.layout);
  const all = nest.points.flatMap(() => start);
  const state = emitReductionNest(nest, inside, axes, all);
  return nest.points.flatMap((_, copy) => combineSets(nest, inside, partOf(state, copy, start.length)));
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
    endLanes: axis === nest.along ? (layout.endLanes ?? layout.lanes) : 1,
    unroll: isInnermost ? layout.sets : 1,
    guards: guardsOfStage(stage),
  };
  return emitLoop(context, point, plan, state, (at, carried, copy) =>
    isInnermost ? accumulateAll(nest, at, carried, copy) : emitReductionNest(nest, at, rest, carried),
  );
}

/** Into the accumulators of each point: one element of all points after the other, so that what they share is in one register. */
function accumulateAll(nest: Nest, point: Point, state: Accumulators, copy: number): Accumulators {
  const { context, stage, points } = nest;
  nest.beside?.(point);
  if (points.length <= 1) return accumulate(nest, point, state, copy);
  hoistInvariants(context, point, stage);
  return points.flatMap((each, position) => {
    const here = innerPoint(point, { axes: new Map([...each.axes, ...point.axes]) });
    const before = partOf(state, position, state.length / points.length);
    const next = accumulate(nest, here, before, copy);
    return next.map((sum, index) => (sum === before[index] ? sum : context.builder.let('sum', sum)));
  });
}

/** One element, or one a lane, into the set it belongs to. */
function accumulate(nest: Nest, point: Point, state: Accumulators, copy: number): Accumulators {
  const { combiner, layout } = nest;
  const count = combiner.dtypes.length;
  const first = setOf(layout, point.vector?.lanes ?? 1, copy) * count;
  const combined = accumulateElement(nest, point, state.slice(first, first + count));
  return [...state.slice(0, first), ...combined, ...state.slice(first + count)];
}
