/**
 * Scans: a stage whose accumulators run on along a sequential axis, and are finished and written at each point of it. Where lanes run along
 * another axis, the rows of a block of columns pass by as in lower-columns.ts.
 */
import { inBlocks, overColumns, readSums, writeSums } from './lower-columns.ts';
import { innerPoint, type LoweringContext, type Point } from './lower-context.ts';
import { guardsOfStage, hoistInvariants } from './lower-invariants.ts';
import { emitLoop } from './lower-loops.ts';
import { accumulateElement, emitFinish, initialAccumulators } from './lower-reduction.ts';
import type { Expr } from './loop-ir.ts';
import type { LoopSchedule } from './schedule.ts';
import type { AxisId, Combiner, Stage } from './structured-kernel.ts';

/** At a point where all is bound but the sequential axis. */
export function emitScan(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule,
  axis: AxisId,
): void {
  const lanes = point.vector?.lanes ?? 1;
  const start = initialAccumulators(combiner, { sets: 1, lanes, hasScalars: false });
  hoistInvariants(context, point, stage);
  const plan = { axis, lanes: 1, unroll: schedule.unroll, guards: guardsOfStage(stage) };
  emitLoop(context, innerPoint(point), plan, start, (at, state) => step(context, at, stage, combiner, state));
}

/** At a point where all is bound but the sequential axis and the columns. */
export function emitScanOfColumns(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  schedule: LoopSchedule & Required<Pick<LoopSchedule, 'stream'>>,
  axes: { readonly columns: AxisId; readonly along: AxisId },
): void {
  inBlocks(context, point, stage, combiner, schedule, { axis: axes.columns, sets: 1 }, (columns, inside) => {
    const plan = { axis: axes.along, lanes: 1, unroll: 1, guards: guardsOfStage(stage) };
    emitLoop(context, inside, plan, [], (row) => {
      overColumns(columns, row, (at, width) => {
        const state = readSums(columns, at, width);
        writeSums(columns, at, step(context, at, stage, combiner, state));
      });
      return [];
    });
  });
}

function step(
  context: LoweringContext,
  point: Point,
  stage: Stage,
  combiner: Combiner,
  state: readonly Expr[],
): readonly Expr[] {
  const next = accumulateElement(context, point, stage, combiner, state).map((expr) =>
    context.builder.let('sum', expr),
  );
  emitFinish(context, point, stage, next);
  return next;
}
