/** A stage as plain loops: over the axes that are not bound yet, then the values and the writes; reductions in lower-reduction.ts. */
import { inOwnChunks } from './lower-chunks.ts';
import { emitColumns } from './lower-columns.ts';
import { axisOf, type LoweringContext, type Point } from './lower-context.ts';
import { guardsOfStage, hoistInvariants, lanesAlong } from './lower-invariants.ts';
import { emitGroups, emitLoop, type LoopPlan } from './lower-loops.ts';
import { emitReduction, emitReductions } from './lower-reduction.ts';
import { emitScan, emitScanOfColumns } from './lower-scan.ts';
import { emitTurned, type Turned } from './lower-turned.ts';
import { emitNamed, emitValue, emitWrite } from './lower-values.ts';
import type { LoopSchedule } from './schedule.ts';
import type { AxisId, Combiner, Stage } from './structured-kernel.ts';

export function emitStage(context: LoweringContext, point: Point, stage: Stage, schedule: LoopSchedule): void {
  const open = stageOrder(context, stage, schedule).filter((axis) => !isBound(point, axis));
  const outer = open.filter((axis) => !isReduced(context, stage, axis));
  const inner = open.filter((axis) => isReduced(context, stage, axis));
  const { combiner } = stage;
  if (combiner !== undefined) return emitCombined(context, point, stage, combiner, schedule, { outer, inner });
  const leaf = (at: Point): void => emitPoint(context, at, stage);
  const turned = turnedAxes(schedule, outer);
  if (turned === undefined) return emitNest(context, point, stage, schedule, outer, leaf);
  const others = outer.filter((axis) => axis !== turned.rows && axis !== turned.columns);
  emitNest(context, point, stage, schedule, others, (at) => emitTurned(context, at, stage, turned, leaf));
}

function turnedAxes({ vector, turned }: LoopSchedule, open: readonly AxisId[]): Turned | undefined {
  if (vector === undefined || turned === undefined) return undefined;
  const axes = { rows: turned.axis, columns: vector.axis };
  if (!open.includes(axes.rows) || !open.includes(axes.columns) || axes.rows === axes.columns) return undefined;
  return { ...axes, lanes: vector.lanes, block: turned.block };
}

/** A reduction or a scan: element by element, or, where the schedule says so, row by row of the columns that lanes run along. */
function emitCombined(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule,
  { outer, inner }: { readonly outer: readonly AxisId[]; readonly inner: readonly AxisId[] },
): void {
  const along = outer.find((axis) => axisOf(context.kernel, axis).kind === 'sequential');
  const columns = outer.find((axis) => axis === schedule.vector?.axis);
  const { stream } = schedule;
  const isStreamed = stream !== undefined && columns !== undefined;
  const { jam } = schedule;
  if (jam !== undefined && outer.includes(jam.axis) && along === undefined && !isStreamed)
    return emitJammed(context, point, stage, combiner, { ...schedule, jam }, { outer, inner });
  const others = outer.filter((axis) => axis !== along && !(isStreamed && axis === columns));
  emitNest(context, point, stage, schedule, others, (bound) => {
    const at = inOwnChunks(context, bound, stage);
    if (isStreamed) {
      const streamed = { ...schedule, stream };
      if (along === undefined) emitColumns(context, at, stage, combiner, streamed, columns, inner);
      else emitScanOfColumns(context, at, stage, combiner, streamed, { columns, along });
    } else if (along === undefined) emitReduction(context, at, stage, combiner, schedule, inner);
    else emitScan(context, at, stage, combiner, schedule, along);
  });
}

/** A reduction of several points at a time; what is left over of the axis in smaller groups. */
function emitJammed(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule & Required<Pick<LoopSchedule, 'jam'>>,
  { outer, inner }: { readonly outer: readonly AxisId[]; readonly inner: readonly AxisId[] },
): void {
  const { axis, count } = schedule.jam;
  const others = outer.filter((each) => each !== axis);
  const steps = Array.from({ length: count }, (_, smaller) => ({ lanes: 1, copies: count - smaller }));
  emitNest(context, point, stage, schedule, others, (at) => {
    hoistInvariants(context, at, stage);
    emitGroups(context, at, { axis, steps, guards: guardsOfStage(stage) }, [], (points) => {
      const [first] = points;
      if (first !== undefined && points.length === 1) emitReduction(context, first, stage, combiner, schedule, inner);
      else emitReductions(context, points, stage, combiner, schedule, { axis, axes: inner });
      return [];
    });
  });
}

/** The axes of the stage in the schedule's order; those it does not name last. */
function stageOrder(context: LoweringContext, stage: Stage, { order }: LoopSchedule): readonly AxisId[] {
  const named = order.filter((axis) => stage.axes.includes(axis));
  return [...new Set([...named, ...stage.axes])].map((axis) => axisOf(context.kernel, axis).id);
}

/** Bound to one index: not merely to the part of a tile. */
function isBound(point: Point, axis: AxisId): boolean {
  return point.axes.has(axis);
}

/** Reduction axes of a stage with a combiner lie inside all others, whatever the order says. */
export function isReduced(context: LoweringContext, stage: Stage, axis: AxisId): boolean {
  return stage.combiner !== undefined && axisOf(context.kernel, axis).kind === 'reduction';
}

function emitNest(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  schedule: LoopSchedule,
  axes: readonly AxisId[],
  leaf: (point: Point) => void,
): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) return leaf(point);
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
    emitNest(context, at, stage, schedule, rest, leaf);
    return [];
  });
}

function emitPoint(context: LoweringContext, point: Point, stage: Stage): void {
  // All is read before anything is written: a write may go where another value is read from.
  const isSingle = stage.values.length === 1;
  const roots = stage.finish ?? stage.values;
  const exprs = roots.map((value) =>
    isSingle ? emitValue(context, point, value) : emitNamed(context, point, value, 'v'),
  );
  stage.writes.forEach((access, position) => {
    const expr = exprs[position];
    if (expr !== undefined) emitWrite(context, point, access, expr);
  });
}
