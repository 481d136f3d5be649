/** Which operands a window slides over so that they are better read where they lie, or from an image, and how much of one that holds. */
import { mostPoints } from '../extent.ts';
import { rowMajorStride } from '../lower-affine.ts';
import type { ContractionSchedule } from '../schedule.ts';
import type { StructuredKernel, ValueExpr } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes } from '../value-type.ts';
import { imageElements } from './image.ts';
import { mainLoad } from './product.ts';

type Walk = Pick<ContractionSchedule, 'm' | 'k' | 'rowAxes'>;

/** Fewer rows are strips that wait for their sums. */
const leastRows = 3;

/** Along the innermost axis of k the operand is contiguous, there are rows enough for a tile, and an image of one row fits. */
export function isWindow(kernel: StructuredKernel, factor: ValueExpr, walk: Walk, target: TargetInfo): boolean {
  const inner = walk.k.at(-1);
  const row = walk.m.at(-1);
  const access = mainLoad(factor)?.access;
  const buffer = kernel.buffers.find(({ id }) => id === access?.buffer);
  if (inner === undefined || row === undefined || access === undefined || buffer === undefined) return false;
  if (rowMajorStride(buffer.shape, access, inner) !== 1 || mostPoints(kernel, [row]) < leastRows) return false;
  return fitsImage(kernel, factor, walk, target);
}

/**
 * Whether an image, which holds what the factor is computed in, is not too large: of one point of what is around the rows of a tile, or of
 * all of these where tiles run across axes.
 */
export function fitsImage(
  kernel: StructuredKernel,
  factor: ValueExpr,
  { m, k, rowAxes = 1 }: Walk,
  target: TargetInfo,
): boolean {
  const main = mainLoad(factor);
  const elements = main && imageElements(kernel, main.access, { m, k, rowAxes });
  const points = rowAxes > 1 && m.length === rowAxes ? mostPoints(kernel, m.slice(0, 1)) : 1;
  return elements !== undefined && elements.besides + points * elements.perRow <= mostElements(factor, target);
}

/** Of an image: half of the second cache. The other half is the columns', and of windows what is read and written. */
export function mostElements({ dtype }: ValueExpr, { caches }: TargetInfo): number {
  return caches.l2 / 2 / elementBytes(dtype);
}

/** Rows of the output that have an image together. */
export function imageRows(
  kernel: StructuredKernel,
  schedule: ContractionSchedule,
  factor: ValueExpr,
  target: TargetInfo,
): number {
  const { m, mc, rowAxes = 1 } = schedule;
  const main = mainLoad(factor);
  const elements = main && imageElements(kernel, main.access, schedule);
  if (elements === undefined) return mc;
  const most = mostElements(factor, target);
  const points = Math.max(1, Math.floor((most - elements.besides) / elements.perRow));
  return m.length > rowAxes ? points * mostPoints(kernel, m.slice(-rowAxes)) : points;
}
