/** Boxes cut out of a tensor. */
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { dotIndex } from './index-space.ts';
import { asTensor } from './runtime-tensors.ts';
import { copyBox, rowMajorWalk, type Walk } from './strided-copy.ts';

/** The walk over the box of a tensor of `shape` that starts at `starts` and steps by `steps`. */
export function boxWalk(shape: readonly number[], starts: readonly number[], steps?: readonly number[]): Walk {
  const strides = rowMajorStrides(shape);
  const offset = dotIndex(starts, strides);
  return {
    offset,
    strides: steps === undefined ? strides : strides.map((stride, axis) => stride * (steps[axis] ?? 1)),
  };
}

/** `result[index] = operand[starts + index * steps]`, of shape `sizes`; all of it in bounds. */
export function sliceTensor(
  operand: Tensor,
  starts: readonly number[],
  sizes: readonly number[],
  context: EvaluationContext,
  steps?: readonly number[],
): Tensor {
  const result = context.allocate(operand.dtype, sizes);
  copyBox(sizes, operand, boxWalk(operand.shape, starts, steps), result, rowMajorWalk(sizes));
  return result;
}

/** `clamp(0, start_indices, shape - sizes)`; the start indices are scalars. */
export function clampedStarts(
  indices: readonly RuntimeValue[],
  shape: readonly number[],
  sizes: readonly number[],
): number[] {
  return shape.map((size, axis) => clampStart(asTensor(indices[axis]).integer(0), size - (sizes[axis] ?? 0)));
}

/** Indices beyond 2^53 lose their low bits here, which clamping hides. */
export function clampStart(start: number, last: number): number {
  return Math.max(0, Math.min(start, last));
}

/** `ceil((limit - start) / stride)`, at least 0. */
export function slicedSize(start: number, limit: number, stride: number): number {
  return Math.max(0, Math.ceil((limit - start) / stride));
}
