/**
 * Which axes the stages of a kernel share one loop over, and where scratch is then. Stages may share the loop over an axis when what one
 * writes and another touches has that axis, and nothing else, as one of its indices: then no iteration needs another's.
 */
import { affineIndex, isAxis, walkValues } from './lower-affine.ts';
import { rootsOfStage } from './lower-invariants.ts';
import { axisOf, bufferOf } from './lower-context.ts';
import type { Schedule } from './schedule.ts';
import { maxSize, productOfSizes, type Size } from './size.ts';
import type {
  Access,
  AxisId,
  BufferId,
  IndexExpr,
  KernelBuffer,
  Stage,
  StructuredKernel,
} from './structured-kernel.ts';

export function readsOfStage(stage: Stage): readonly Access[] {
  const reads: Access[] = [];
  walkValues(rootsOfStage(stage), (value) => {
    if (value.kind === 'load') reads.push(value.access);
  });
  return reads;
}

/**
 * The parallel axes, outermost first, that one loop around all stages runs over; none for a kernel of one stage, nor for stages that have
 * nothing to find in the cache: each then loops in the order that is best for itself.
 */
export function sharedAxes(kernel: StructuredKernel): readonly AxisId[] {
  return meetInMemory(kernel) ? independentAxes(kernel) : [];
}

/** Whether a stage reads a buffer that another touches. */
function meetInMemory({ stages }: StructuredKernel): boolean {
  const touched = new Set<BufferId>();
  const read = new Set<BufferId>();
  for (const stage of stages) {
    const reads = new Set(readsOfStage(stage).map(({ buffer }) => buffer));
    const writes = new Set(stage.writes.map(({ buffer }) => buffer));
    if ([...reads].some((buffer) => touched.has(buffer)) || [...writes].some((buffer) => read.has(buffer))) return true;
    for (const buffer of [...reads, ...writes]) touched.add(buffer);
    for (const buffer of reads) read.add(buffer);
  }
  return false;
}

/** The parallel axes of all stages, outermost first, no index of which needs what another index of it writes. */
export function independentAxes(kernel: StructuredKernel): readonly AxisId[] {
  const [first] = kernel.stages;
  if (first === undefined || kernel.stages.length === 1) return [];
  const parallel = new Set(kernel.axes.filter(({ kind }) => kind === 'parallel').map(({ id }) => id));
  return first.axes.filter(
    (axis) =>
      parallel.has(axis) && kernel.stages.every(({ axes }) => axes.includes(axis)) && isIndependent(kernel, axis),
  );
}

/** For each class of buffers that a stage writes and another touches: all accesses have the axis, or a part of its own for each point, at one dimension. */
function isIndependent(kernel: StructuredKernel, axis: AxisId): boolean {
  const classes = new Map<number, { accesses: Access[]; stages: Set<Stage>; isWritten: boolean }>();
  for (const stage of kernel.stages) {
    const note = (access: Access, isWrite: boolean): void => {
      const { aliasClass } = bufferOf(kernel, access.buffer);
      const entry = classes.get(aliasClass) ?? { accesses: [], stages: new Set(), isWritten: false };
      entry.accesses.push(access);
      entry.stages.add(stage);
      entry.isWritten ||= isWrite;
      classes.set(aliasClass, entry);
    };
    for (const access of readsOfStage(stage)) note(access, false);
    for (const access of stage.writes) note(access, true);
  }
  for (const { accesses, stages, isWritten } of classes.values())
    if (isWritten && stages.size > 1 && !haveCommonDimension(kernel, accesses, axis)) return false;
  return true;
}

function haveCommonDimension(kernel: StructuredKernel, accesses: readonly Access[], axis: AxisId): boolean {
  const [first] = accesses;
  return (
    first?.indices.some((_, dimension) => {
      const blocks = accesses.map(({ indices }) => blockAlong(kernel, indices[dimension], axis));
      return blocks[0] !== undefined && blocks.every((block) => block === blocks[0]);
    }) ?? false
  );
}

/**
 * n where the indices of each point of the axis are its own, `n * axis + r` with 0 <= r < n, or so many whole extents of the axis further:
 * pieces of a concatenation.
 */
function blockAlong(kernel: StructuredKernel, index: IndexExpr | undefined, axis: AxisId): number | undefined {
  if (isAxis(index, axis)) return 1;
  const affine = index && affineIndex(index);
  const block = affine?.coefficients.get(axis);
  const { extent } = axisOf(kernel, axis);
  if (affine === undefined || typeof block !== 'number' || block < 1) return undefined;
  if (typeof affine.offset !== 'number' || affine.offset < 0 || typeof extent !== 'number') return undefined;
  const period = block * extent;
  let most = affine.offset % period;
  for (const [id, factor] of affine.coefficients) {
    const others = maxSize(axisOf(kernel, id).extent);
    if (id === axis || factor === 0) continue;
    if (typeof factor !== 'number' || factor < 0 || others === undefined) return undefined;
    if (factor % period !== 0) most += factor * Math.max(0, others - 1);
  }
  return most < block ? block : undefined;
}

/** The dimensions of a buffer that are indexed by a shared axis, the same in all accesses: not needed inside the loop over it. */
export function droppedDimensions(
  kernel: StructuredKernel,
  buffer: BufferId,
  shared: readonly AxisId[],
): ReadonlyMap<number, AxisId> {
  const accesses = kernel.stages
    .flatMap((stage) => [...readsOfStage(stage), ...stage.writes])
    .filter((access) => access.buffer === buffer);
  const dropped = new Map<number, AxisId>();
  for (const axis of shared) {
    const rank = accesses[0]?.indices.length ?? 0;
    for (let dimension = 0; dimension < rank; dimension += 1)
      if (accesses.every(({ indices }) => isAxis(indices[dimension], axis))) dropped.set(dimension, axis);
  }
  return dropped;
}

/** Elements of the buffer that one iteration of the shared loops needs. */
export function elementsInside(buffer: KernelBuffer, dropped: ReadonlyMap<number, AxisId>): Size {
  return productOfSizes(buffer.shape.filter((_, dimension) => !dropped.has(dimension)));
}

/** A scratch of one element that its one writer gives at a point of the shared axes: a variable is enough. */
export function fitsRegister(kernel: StructuredKernel, buffer: KernelBuffer, shared: readonly AxisId[]): boolean {
  const writers = kernel.stages.filter((stage) => stage.writes.some((access) => access.buffer === buffer.id));
  const [writer] = writers;
  if (writer === undefined || writers.length !== 1) return false;
  const access = writer.writes.find((each) => each.buffer === buffer.id);
  const isAtPoint = writer.axes.every(
    (axis) => shared.includes(axis) || kernel.axes.some(({ id, kind }) => id === axis && kind === 'reduction'),
  );
  const hasLoops = writer.combiner === undefined && writer.axes.some((axis) => !shared.includes(axis));
  const isOne = elementsInside(buffer, droppedDimensions(kernel, buffer.id, shared)) === 1;
  return isOne && isAtPoint && !hasLoops && access?.guards.length === 0;
}

/** All stages run as plain loops, so that they can share them. */
export function isAllLoops(stages: Schedule['stages']): boolean {
  return [...stages.values()].every(({ kind }) => kind === 'loops');
}
