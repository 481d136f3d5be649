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

/** Points above this are as good as unlimited. */
export const unlimited = 1 << 20;

/** Points at most, for what more of them would not change. */
export function countedPoints(kernel: Pick<StructuredKernel, 'axes'>, ids: readonly AxisId[]): number {
  return Math.min(unlimited, mostPoints(kernel, ids));
}

/** Points at most, of which an estimate can be made: those of a size without a bound are as many. */
export function likelyPoints(kernel: Pick<StructuredKernel, 'axes'>, ids: readonly AxisId[]): number {
  const points = mostPoints(kernel, ids);
  return points === Infinity ? unlimited : points;
}
