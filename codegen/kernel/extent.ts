/** How far the axes of a kernel go. */
import { maxSize, productOfSizes, type Size } from './size.ts';
import type { AxisId, StructuredKernel } from './structured-kernel.ts';

/** Of no axis the kernel knows: one point. */
export function extentOf({ axes }: Pick<StructuredKernel, 'axes'>, id: AxisId): Size {
  return axes.find((axis) => axis.id === id)?.extent ?? 1;
}

/** Points of all these axes together, at most; infinity where a size has no bound. */
export function mostPoints(kernel: Pick<StructuredKernel, 'axes'>, ids: readonly AxisId[]): number {
  return maxSize(productOfSizes(ids.map((id) => extentOf(kernel, id)))) ?? Infinity;
}

/** The same, of which an estimate can be made: a size without a bound is a million points. */
export function likelyPoints(kernel: Pick<StructuredKernel, 'axes'>, ids: readonly AxisId[]): number {
  const points = mostPoints(kernel, ids);
  return points === Infinity ? 1 << 20 : points;
}
