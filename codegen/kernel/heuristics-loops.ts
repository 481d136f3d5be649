/** The schedule of a stage that runs as plain loops: order, vector axis, unrolling. Read from strides and extents alone. */
import { isHalfDType } from './half-floats.ts';
import { axesOfAccess, rowMajorStride, walkOperands, walkValues } from './lower-affine.ts';
import { axisOf, bufferOf } from './lower-context.ts';
import { droppedDimensions, readsOfStage } from './lower-fusion.ts';
import { rootsOfStage } from './lower-invariants.ts';
import { mayRegroup, shortReduction } from './lower-reduction.ts';
import type { LoopSchedule } from './schedule.ts';
import { maxSize, productOfSizes } from './size.ts';
import type { AxisId, Stage, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';
import { elementBytes, type KernelDType } from './value-type.ts';

type Vector = LoopSchedule['vector'];

/** Of stages that share the loops over some axes: lanes run along one of those in all stages, or along none in any. */
export function chooseLoopSchedules(
  kernel: StructuredKernel,
  stages: readonly Stage[],
  shared: readonly AxisId[],
  target: TargetInfo,
): readonly LoopSchedule[] {
  const inner = stages.map((stage) => bestVector(kernel, stage, shared, target, (axis) => !shared.includes(axis)));
  const innerGain = inner.reduce((sum, choice) => sum + (choice?.gain ?? 0), 0);
  const along = bestShared(kernel, stages, shared, target);
  const isShared = along !== undefined && along.gain > innerGain;
  return stages.map((stage, position) => {
    const vector = isShared ? along.vector : inner[position]?.vector;
    const order = chooseOrder(kernel, stage, vector?.axis);
    return { kind: 'loops', order, vector, unroll: chooseUnroll(kernel, stage, order, vector) };
  });
}

/** Reduction axes inside; the vector axis innermost among those of its kind. */
function chooseOrder(kernel: StructuredKernel, stage: Stage, innermost: AxisId | undefined): readonly AxisId[] {
  const isReduced = (axis: AxisId): boolean => axisOf(kernel, axis).kind === 'reduction';
  const vectorLast = (axes: readonly AxisId[]): readonly AxisId[] => [
    ...axes.filter((axis) => axis !== innermost),
    ...axes.filter((axis) => axis === innermost),
  ];
  const outer = stage.axes.filter((axis) => !isReduced(axis));
  const inner = stage.axes.filter(isReduced);
  // A sequential axis may not be moved past another.
  const isFree = outer.every((axis) => axisOf(kernel, axis).kind === 'parallel');
  return [...(isFree ? vectorLast(outer) : outer), ...(mayReorder(stage) ? vectorLast(inner) : inner)];
}

function mayReorder({ combiner }: Stage): boolean {
  return combiner !== undefined && mayRegroup(combiner);
}

interface VectorChoice {
  readonly vector: Vector;
  readonly gain: number;
}

function lanesOf(kernel: StructuredKernel, stage: Stage, { vectorBits }: TargetInfo): number {
  return vectorBits / 8 / widestBytes(kernel, stage);
}

function bestVector(
  kernel: StructuredKernel,
  stage: Stage,
  shared: readonly AxisId[],
  target: TargetInfo,
  isAllowed: (axis: AxisId) => boolean,
): VectorChoice | undefined {
  const lanes = lanesOf(kernel, stage, target);
  if (lanes < 2) return undefined;
  let best: VectorChoice | undefined;
  for (const axis of stage.axes) {
    if (!isAllowed(axis) || !mayRunAlongLanes(kernel, stage, axis, lanes)) continue;
    const gain = vectorGain(kernel, stage, axis, shared);
    if (gain > 0 && (best === undefined || gain >= best.gain)) best = { vector: { axis, lanes }, gain };
  }
  return best;
}

/** The shared axis that is best for all stages together; each must be able to run along it, with as many lanes. */
function bestShared(
  kernel: StructuredKernel,
  stages: readonly Stage[],
  shared: readonly AxisId[],
  target: TargetInfo,
): VectorChoice | undefined {
  const [lanes = 1, ...others] = new Set(stages.map((stage) => lanesOf(kernel, stage, target)));
  if (lanes < 2 || others.length > 0) return undefined;
  let best: VectorChoice | undefined;
  for (const axis of shared) {
    if (!stages.every((stage) => mayRunAlongLanes(kernel, stage, axis, lanes))) continue;
    const gain = stages.reduce((sum, stage) => sum + vectorGain(kernel, stage, axis, shared), 0);
    if (gain > 0 && (best === undefined || gain >= best.gain)) best = { vector: { axis, lanes }, gain };
  }
  return best;
}

function mayRunAlongLanes(kernel: StructuredKernel, stage: Stage, id: AxisId, lanes: number): boolean {
  const { kind, extent } = axisOf(kernel, id);
  if (kind === 'reduction') return hasLongReduction(kernel, stage);
  return kind === 'parallel' && (typeof extent !== 'number' || extent >= lanes);
}

/** May be regrouped, and has enough elements to be worth it. */
function hasLongReduction(kernel: StructuredKernel, { combiner, axes }: Stage): boolean {
  if (combiner === undefined || !mayRegroup(combiner)) return false;
  const extents = axes.map((axis) => axisOf(kernel, axis)).filter(({ kind }) => kind === 'reduction');
  const elements = maxSize(productOfSizes(extents.map(({ extent }) => extent)));
  return elements === undefined || elements >= shortReduction;
}

/** Accesses that become one vector, less those that fall apart into lanes. Scratch that has one place a point of the axis does not count. */
function vectorGain(kernel: StructuredKernel, stage: Stage, axis: AxisId, shared: readonly AxisId[]): number {
  let gain = 0;
  for (const access of [...readsOfStage(stage), ...stage.writes]) {
    if (!axesOfAccess(access).has(axis)) continue;
    const { id, role, shape } = bufferOf(kernel, access.buffer);
    const isHere = role === 'scratch' && [...droppedDimensions(kernel, id, shared).values()].includes(axis);
    const stride = isHere ? 0 : rowMajorStride(shape, access, axis);
    gain += stride === 1 ? 2 : stride === 0 ? 0 : -1;
  }
  return gain;
}

/** Bytes of the widest number in the stage: a vector of it fills a register, narrower ones part of one. */
function widestBytes(kernel: StructuredKernel, stage: Stage): number {
  let widest = 1;
  const note = (dtype: KernelDType): void => {
    // Half floats are computed in f32.
    if (dtype !== 'i1') widest = Math.max(widest, isHalfDType(dtype) ? 4 : elementBytes(dtype));
  };
  // What indices load is computed lane by lane, whatever its type.
  const roots = [...stage.values, ...(stage.finish ?? []), ...(stage.combiner?.results ?? [])];
  walkOperands(roots, ({ dtype }) => note(dtype));
  for (const { buffer } of stage.writes) note(bufferOf(kernel, buffer).dtype);
  return widest;
}

/** Four independent accumulators hide the latency of an add; short bodies are repeated to hide the loop. */
function chooseUnroll(kernel: StructuredKernel, stage: Stage, order: readonly AxisId[], vector: Vector): number {
  const innermost = order.at(-1);
  if (innermost === undefined) return 1;
  const lanes = vector?.axis === innermost ? vector.lanes : 1;
  const extent = maxSize(axisOf(kernel, innermost).extent) ?? Infinity;
  let nodes = 0;
  walkValues(rootsOfStage(stage), () => (nodes += 1));
  const wanted = nodes <= 6 ? 4 : nodes <= 16 ? 2 : 1;
  // A sum is taken in the same order whether its extents are known or bound late.
  if (stage.combiner !== undefined) return hasLongReduction(kernel, stage) ? wanted : 1;
  return extent >= wanted * lanes * 2 ? wanted : 1;
}
