/**
 * Scans: a stage whose accumulators run on along a sequential axis, and are finished and written at each point of it. Where lanes run along
 * another axis, the rows of a block of columns pass by as in lower-columns.ts.
 */
import { accumulateElement, type Accumulators, emitFinish, initialAccumulators } from './lower-accumulators.ts';
import { inBlocks, overColumns, readSums, type StreamedLoops, writeSums } from './lower-columns.ts';
import { innerPoint, type Point } from './lower-context.ts';
import { guardsOfStage, hoistInvariants } from './lower-invariants.ts';
import { emitLoop } from './lower-loops.ts';
import type { CombinedLoops } from './lower-reduction.ts';
import type { AxisId } from './structured-kernel.ts';

/** At a point where all is bound but the sequential axis. */
export function emitScan(loops: CombinedLoops, point: Point, axis: AxisId): void {
  const { context, stage, combiner, schedule } = loops;
  const lanes = point.vector?.lanes ?? 1;
  const start = initialAccumulators(combiner, { sets: 1, lanes, hasScalars: false });
  hoistInvariants(context, point, stage);
  const plan = { axis, lanes: 1, unroll: schedule.unroll, guards: guardsOfStage(stage) };
  emitLoop(context, innerPoint(point), plan, start, (at, state) => step(loops, at, state));
}

/** At a point where all is bound but the sequential axis and the columns. */
export function emitScanOfColumns(loops: StreamedLoops, point: Point, along: AxisId): void {
  const { context, stage } = loops;
  inBlocks(loops, point, 1, (columns, inside) => {
    const plan = { axis: along, lanes: 1, unroll: 1, guards: guardsOfStage(stage) };
    emitLoop(context, inside, plan, [], (row) => {
      overColumns(columns, row, (at, width) => {
        const state = readSums(columns, at, width);
        writeSums(columns, at, step(loops, at, state));
      });
      return [];
    });
  });
}

function step(loops: CombinedLoops, point: Point, state: Accumulators): Accumulators {
  const { context, stage } = loops;
  const next = accumulateElement(loops, point, state).map((expr) => context.builder.let('sum', expr));
  emitFinish(context, point, stage, next);
  return next;
}
