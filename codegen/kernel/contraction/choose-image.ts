/** Which operands a window slides over so that they are better read where they lie, or from an image, and how much of one that holds. */
import { rowMajorStride } from '../lower-affine.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { maxSize } from '../size.ts';
import type { Access, AxisId, StructuredKernel, ValueExpr } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';
import { imageElements } from './image.ts';
import { mainLoad } from './product.ts';

type Walk = Pick<ContractionSchedule, 'm' | 'k'>;

/** Fewer rows are strips that wait for their sums. */
const leastRows = 3;

/** Along the innermost axis of k the operand is contiguous, there are rows enough for a tile, and an image of one row fits. */
export function isWindow(kernel: StructuredKernel, access: Access, walk: Walk, target: TargetInfo): boolean {
  const inner = walk.k.at(-1);
  const row = walk.m.at(-1);
  const buffer = kernel.buffers.find(({ id }) => id === access.buffer);
  if (inner === undefined || row === undefined || buffer === undefined) return false;
  if (rowMajorStride(buffer.shape, access, inner) !== 1 || mostOf(kernel, row) < leastRows) return false;
  const elements = imageElements(kernel, access, walk);
  return (
    elements !== undefined && elements.besides + elements.perRow <= mostElements(elementBytes(buffer.dtype), target)
  );
}

/** Of an image: half of the second cache. The other half is the columns', and of windows what is read and written. */
export function mostElements(bytes: number, { caches }: TargetInfo): number {
  return caches.l2 / 2 / bytes;
}

/** Rows of the output that have an image together. */
export function imageRows(
  kernel: StructuredKernel,
  { m, k, mc }: ContractionSchedule,
  factor: ValueExpr,
  target: TargetInfo,
): number {
  const main = mainLoad(factor);
  const elements = main && imageElements(kernel, main.access, { m, k });
  if (elements === undefined) return mc;
  const most = mostElements(elementBytes(factor.dtype), target);
  const points = Math.max(1, Math.floor((most - elements.besides) / elements.perRow));
  const [row] = m.length > 1 ? m.slice(-1) : [];
  return points * (row === undefined ? 1 : mostOf(kernel, row));
}

function mostOf({ axes }: StructuredKernel, id: AxisId): number {
  return maxSize(axes.find((axis) => axis.id === id)?.extent ?? 1) ?? Infinity;
}
