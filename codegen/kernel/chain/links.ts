/**
 * A chain is several kernels run as one, block by block of axes that all of them have: what one leaves for the next is scratch of one block,
 * which stays in a cache. docs/kernel-ir.md has the rules.
 */
import { droppedDimensions, elementsInside, independentAxes, readsOfStage } from '../lower-fusion.ts';
import { maxSize } from '../size.ts';
import type { AxisId, BufferId, KernelBuffer, Stage, StructuredKernel } from '../structured-kernel.ts';
import { elementBytes } from '../value-type.ts';

/** The kernels that a chain is made of: what they leave for each other is theirs to read and to write. */
export function linksOf(kernel: StructuredKernel): readonly StructuredKernel[] {
  const links = (kernel.links ?? []).map((ids) => kernel.stages.filter(({ id }) => ids.includes(id)));
  const between = new Set(buffersBetween(kernel).map(({ id }) => id));
  return links.map((stages): StructuredKernel => {
    const touched = buffersOf(stages);
    const written = new Set(stages.flatMap(({ writes }) => writes.map(({ buffer }) => buffer)));
    const buffers = kernel.buffers
      .filter(({ id }) => touched.has(id))
      .map((buffer): KernelBuffer => {
        if (!between.has(buffer.id)) return buffer;
        return { ...buffer, role: written.has(buffer.id) ? 'out' : 'in' };
      });
    return { ...kernel, links: undefined, buffers, stages };
  });
}

/** Scratch that one link writes and another reads. */
export function buffersBetween({ buffers, stages, links = [] }: StructuredKernel): readonly KernelBuffer[] {
  const touched = links.map((ids) => buffersOf(stages.filter(({ id }) => ids.includes(id))));
  return buffers.filter(({ id, role }) => role === 'scratch' && touched.filter((each) => each.has(id)).length > 1);
}

function buffersOf(stages: readonly Stage[]): ReadonlySet<BufferId> {
  return new Set(stages.flatMap((stage) => [...readsOfStage(stage), ...stage.writes].map(({ buffer }) => buffer)));
}

/** The axes that blocks are taken of, outermost first: no link needs of another what is at another index of one of them. */
export function chainAxes(kernel: StructuredKernel): readonly AxisId[] {
  return independentAxes(kernel).filter((id) => kernel.axes.some((axis) => axis.id === id && axis.extent !== 1));
}

/** Bytes of a scratch between links at one point of these axes, at most. */
export function bytesAtPoint(kernel: StructuredKernel, buffer: KernelBuffer, axes: readonly AxisId[]): number {
  const elements = maxSize(elementsInside(buffer, droppedDimensions(kernel, buffer.id, axes)));
  return (elements ?? Infinity) * elementBytes(buffer.dtype);
}
