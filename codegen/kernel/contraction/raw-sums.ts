/** Where the raw sums of a contraction wait between two blocks of k: in the output, when that can hold them. */
import { walkValues } from '../lower-affine.ts';
import type { Schedule } from '../schedule.ts';
import { maxSize, productOfSizes } from '../size.ts';
import type { BufferId, KernelBuffer, Stage, StructuredKernel } from '../structured-kernel.ts';

function bufferOf(kernel: StructuredKernel, id: BufferId): KernelBuffer | undefined {
  return kernel.buffers.find((each) => each.id === id);
}

/**
 * Whether later blocks of k may find the raw sums in the output: it has the accumulators' type, the write has no guard, and the
 * epilogue reads nothing that shares memory with it.
 */
export function canKeepRawSums(kernel: StructuredKernel, stage: Stage): boolean {
  const [write] = stage.writes;
  const [dtype] = stage.combiner?.dtypes ?? [];
  if (write === undefined || write.guards.length > 0) return false;
  const output = bufferOf(kernel, write.buffer);
  let isShared = false;
  walkValues([...stage.values, ...(stage.finish ?? [])], (value) => {
    if (value.kind === 'load' && bufferOf(kernel, value.access.buffer)?.aliasClass === output?.aliasClass)
      isShared = true;
  });
  const others = stage.writes
    .slice(1)
    .some(({ buffer }) => bufferOf(kernel, buffer)?.aliasClass === output?.aliasClass);
  return output?.dtype === dtype && !isShared && !others;
}

/** Outputs that the kernel reads again: those in which raw sums wait for the next block of k. */
export function reloadedBuffers(kernel: StructuredKernel, schedule: Schedule): ReadonlySet<BufferId> {
  const buffers = new Set<BufferId>();
  for (const stage of kernel.stages) {
    const each = schedule.stages.get(stage.id);
    const [write] = stage.writes;
    if (each?.kind !== 'contraction' || write === undefined || !canKeepRawSums(kernel, stage)) continue;
    const depth = maxSize(productOfSizes(each.k.map((axis) => kernel.axes.find(({ id }) => id === axis)?.extent ?? 1)));
    if (depth === undefined || depth > each.kc) buffers.add(write.buffer);
  }
  return buffers;
}
