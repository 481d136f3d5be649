/** A stage as plain loops: over the axes that are not bound yet, then the values and the writes; reductions in lower-reduction.ts. */
import { inOwnChunks } from './lower-chunks.ts';
import { emitColumns } from './lower-columns.ts';
import { axisOf, type LoweringContext, type Point } from './lower-context.ts';
import { guardsOfStage, hoistInvariants, lanesAlong } from './lower-invariants.ts';
import { emitGroups, emitLoop, type LoopPlan, type StageLoops } from './lower-loops.ts';
import { type CombinedLoops, emitReduction, emitReductions } from './lower-reduction.ts';
import { emitScan, emitScanOfColumns } from './lower-scan.ts';
import { emitTurned, type Turned } from './lower-turned.ts';
import { emitResults } from './lower-values.ts';
import type { LoopSchedule } from './schedule.ts';
import type { AxisId, Stage } from './structured-kernel.ts';

export function emitStage(context: LoweringContext, point: Point, stage: Stage, schedule: LoopSchedule): void {
  const loops: StageLoops = { context, stage, schedule };
  const open = stageOrder(loops).filter((axis) => !isBound(point, axis));
  const outer = open.filter((axis) => !isReduced(loops, axis));
  const inner = open.filter((axis) => isReduced(loops, axis));
  const { combiner } = stage;
  if (combiner !== undefined) return emitCombined({ ...loops, combiner }, point, { outer, inner });
  const leaf = (at: Point): void => emitPoint(context, at, stage);
  const turned = turnedAxes(schedule, outer);
  if (turned === undefined) return emitNest(loops, point, outer, leaf);
  const others = outer.filter((axis) => axis !== turned.rows && axis !== turned.columns);
  emitNest(loops, point, others, (at) => emitTurned(context, at, stage, turned, leaf));
}

function turnedAxes({ vector, turned }: LoopSchedule, open: readonly AxisId[]): Turned | undefined {
  if (vector === undefined || turned === undefined) return undefined;
  const axes = { rows: turned.axis, columns: vector.axis };
  if (!open.includes(axes.rows) || !open.includes(axes.columns) || axes.rows === axes.columns) return undefined;
  return { ...axes, lanes: vector.lanes, block: turned.block };
}

/** Axes of a stage that are not bound yet: those around a reduction or scan, and those that are reduced. */
interface OpenAxes {
  readonly outer: readonly AxisId[];
  readonly inner: readonly AxisId[];
}

/** A reduction or a scan: element by element, or, where the schedule says so, row by row of the columns that lanes run along. */
function emitCombined(loops: CombinedLoops, point: Point, { outer, inner }: OpenAxes): void {
  const { context, stage, schedule } = loops;
  const along = outer.find((axis) => axisOf(context.kernel, axis).kind === 'sequential');
  const columns = outer.find((axis) => axis === schedule.vector?.axis);
  const { stream, jam } = schedule;
  const isStreamed = stream !== undefined && columns !== undefined;
  if (jam !== undefined && outer.includes(jam.axis) && along === undefined && !isStreamed)
    return emitJammed(loops, point, jam, { outer, inner });
  const others = outer.filter((axis) => axis !== along && !(isStreamed && axis === columns));
  emitNest(loops, point, others, (bound) => {
    const at = inOwnChunks(context, bound, stage);
    if (isStreamed) {
      const streamed = { ...loops, stream, columns };
      if (along === undefined) emitColumns(streamed, at, inner);
      else emitScanOfColumns(streamed, at, along);
    } else if (along === undefined) emitReduction(loops, at, inner);
    else emitScan(loops, at, along);
  });
}

/** A reduction of several points at a time; what is left over of the axis in smaller groups. */
function emitJammed(
  loops: CombinedLoops,
  point: Point,
  { axis, count }: NonNullable<LoopSchedule['jam']>,
  { outer, inner }: OpenAxes,
): void {
  const { context, stage } = loops;
  const others = outer.filter((each) => each !== axis);
  const steps = Array.from({ length: count }, (_, smaller) => ({ lanes: 1, copies: count - smaller }));
  emitNest(loops, point, others, (at) => {
    hoistInvariants(context, at, stage);
    emitGroups(context, at, { axis, steps, guards: guardsOfStage(stage) }, [], (points) => {
      const [first] = points;
      if (first !== undefined && points.length === 1) emitReduction(loops, first, inner);
      else emitReductions(loops, points, { axis, axes: inner });
      return [];
    });
  });
}

/** The axes of the stage in the schedule's order; those it does not name last. */
function stageOrder({ context, stage, schedule }: StageLoops): readonly AxisId[] {
  const named = schedule.order.filter((axis) => stage.axes.includes(axis));
  return [...new Set([...named, ...stage.axes])].map((axis) => axisOf(context.kernel, axis).id);
}

/** Bound to one index: not merely to the part of a tile. */
function isBound(point: Point, axis: AxisId): boolean {
  return point.axes.has(axis);
}

/** Reduction axes of a stage with a combiner lie inside all others, whatever the order says. */
function isReduced({ context, stage }: StageLoops, axis: AxisId): boolean {
  return stage.combiner !== undefined && axisOf(context.kernel, axis).kind === 'reduction';
}

function emitNest(loops: StageLoops, point: Point, axes: readonly AxisId[], leaf: (point: Point) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) return leaf(point);
  const { context, stage, schedule } = loops;
  hoistInvariants(context, point, stage);
  const isInnermost = rest.length === 0 && stage.combiner === undefined;
  const lanes = lanesAlong(context, point, schedule, axis);
  const plan: LoopPlan = {
    axis,
    lanes,
    endLanes: lanes === 1 ? 1 : (schedule.vector?.endLanes ?? lanes),
    unroll: isInnermost ? schedule.unroll : 1,
    guards: guardsOfStage(stage),
  };
  emitLoop(context, point, plan, [], (at) => {
    emitNest(loops, at, rest, leaf);
    return [];
  });
}

export function emitPoint(context: LoweringContext, point: Point, stage: Stage): void {
  emitResults(context, point, stage, stage.finish ?? stage.values);
}
