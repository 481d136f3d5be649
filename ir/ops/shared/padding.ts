/** Edge and interior padding, for `pad`, `dynamic_pad` and `reduce_window`. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { copyBox, fillTensor } from './strided-copy.ts';

export interface Padding {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

/** `size + low + max(size - 1, 0) * interior + high`; negative when edges take away more than there is. */
export function paddedSize(size: number, low: number, high: number, interior: number): number {
  return size + low + Math.max(size - 1, 0) * interior + high;
}

export function paddedShape(shape: readonly number[], { low, high, interior }: Padding): number[] {
  return shape.map((size, axis) => paddedSize(size, low[axis] ?? 0, high[axis] ?? 0, interior[axis] ?? 0));
}

/** The operand spread out and framed by element 0 of `value`. The padded shape has no negative size. */
export function padTensor(operand: Tensor, value: Tensor, padding: Padding, context: EvaluationContext): Tensor {
  const shape = paddedShape(operand.shape, padding);
  const result = context.allocate(operand.dtype, shape);
  fillTensor(result, value);
  const from = rowMajorStrides(operand.shape);
  const to = rowMajorStrides(shape);
  let source = 0;
  let target = 0;
  const box: number[] = [];
  for (const [axis, size] of shape.entries()) {
    const { first, count } = visiblePart(operand.shape[axis] ?? 0, size, padding, axis);
    const step = (padding.interior[axis] ?? 0) + 1;
    box.push(count);
    source += first * (from[axis] ?? 0);
    target += ((padding.low[axis] ?? 0) + first * step) * (to[axis] ?? 0);
    to[axis] = (to[axis] ?? 0) * step;
  }
  if (!box.includes(0))
    copyBox(box, operand, { offset: source, strides: from }, result, { offset: target, strides: to });
  return result;
}

/** Operand indices whose place `low + index * (interior + 1)` is in `0..resultSize`: negative edges cut some off. */
function visiblePart(
  size: number,
  resultSize: number,
  { low, interior }: Padding,
  axis: number,
): { readonly first: number; readonly count: number } {
  const step = (interior[axis] ?? 0) + 1;
  const edge = low[axis] ?? 0;
  const first = edge >= 0 ? 0 : Math.ceil(-edge / step);
  const end = Math.min(size, Math.ceil((resultSize - edge) / step));
  return { first, count: Math.max(0, end - first) };
}
