/** What a stage's loops need to know before they are emitted: guards, lanes, and the values that do not move with the loops to come. */
import { axesOfValue, loadedValues, operandsOfValue, walkValues } from './lower-affine.ts';
import { axisOf, bufferOf, type LoweringContext, type Point } from './lower-context.ts';
import { emitNamed } from './lower-values.ts';
import type { LoopSchedule } from './schedule.ts';
import type { Access, AxisId, Guard, Stage, UnnumberedStage, ValueExpr } from './structured-kernel.ts';

/** 1 unless this is the vector axis, its iterations are independent and no other axis runs along lanes already. */
export function lanesAlong(context: LoweringContext, point: Point, { vector }: LoopSchedule, axis: AxisId): number {
  if (vector?.axis !== axis || point.vector !== undefined) return 1;
  return axisOf(context.kernel, axis).kind === 'sequential' ? 1 : vector.lanes;
}

const stageGuards = new WeakMap<UnnumberedStage, readonly Guard[]>();

/** Every guard in the stage, of reads and of writes. */
export function guardsOfStage(stage: UnnumberedStage): readonly Guard[] {
  const known = stageGuards.get(stage);
  if (known !== undefined) return known;
  const guards = new Set<Guard>(stage.writes.flatMap((access) => access.guards));
  walkValues(rootsOfStage(stage), (value) => {
    const own = value.kind === 'load' ? value.access.guards : value.kind === 'guarded' ? value.guards : [];
    for (const guard of own) guards.add(guard);
  });
  const list = [...guards];
  stageGuards.set(stage, list);
  return list;
}

export function rootsOfStage(stage: UnnumberedStage): readonly ValueExpr[] {
  const loaded = stage.writes.flatMap(({ indices }) => indices.flatMap(loadedValues));
  return [...stage.values, ...(stage.finish ?? []), ...loaded];
}

/** Names what does not move with the loops still to come, so that it is computed outside of them. */
export function hoistInvariants(context: LoweringContext, point: Point, stage: Stage): void {
  const seen = new Set<ValueExpr>();
  const open = [...stage.values, ...stage.writes.flatMap(loadedIndices)].reverse();
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value) || point.emitted.get(value) !== undefined) continue;
    seen.add(value);
    if (isInvariant(context, point, stage, value)) void emitNamed(context, point, value);
    else {
      const indices = value.kind === 'load' ? loadedIndices(value.access) : [];
      open.push(...[...operandsOfValue(value), ...indices].reverse());
    }
  }
}

/** The rows of a gather do not move with the elements of a row. */
function loadedIndices({ indices }: Access): readonly ValueExpr[] {
  return indices.flatMap(loadedValues);
}

function isInvariant(context: LoweringContext, point: Point, stage: Stage, value: ValueExpr): boolean {
  if (value.kind === 'constant' || value.kind === 'element' || value.kind === 'accumulator') return false;
  if (value.kind === 'index' || value.kind === 'guarded') return false;
  for (const axis of axesOfValue(value)) if (!point.axes.has(axis)) return false;
  return !readsWhatIsWritten(context, stage, value);
}

function readsWhatIsWritten(context: LoweringContext, stage: Stage, value: ValueExpr): boolean {
  const written = new Set(stage.writes.map(({ buffer }) => bufferOf(context.kernel, buffer).aliasClass));
  let reads = false;
  walkValues([value], (below) => {
    if (below.kind === 'load') reads ||= written.has(bufferOf(context.kernel, below.access.buffer).aliasClass);
  });
  return reads;
}
