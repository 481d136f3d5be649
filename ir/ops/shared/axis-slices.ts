/** Slices of thickness one along an axis, without that axis. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { copyBox, rowMajorWalk, type Walk } from './strided-copy.ts';

function walkOfSlice(tensor: Tensor, axis: number, at: number): Walk {
  const strides = rowMajorStrides(tensor.shape);
  return { offset: at * (strides[axis] ?? 0), strides: strides.toSpliced(axis, 1) };
}

/** `tensor[..., at, ...]` as a tensor of its own. */
export function sliceAt(tensor: Tensor, axis: number, at: number, context: EvaluationContext): Tensor {
  const shape = tensor.shape.toSpliced(axis, 1);
  const slice = context.allocate(tensor.dtype, shape);
  copyBox(shape, tensor, walkOfSlice(tensor, axis, at), slice, rowMajorWalk(shape));
  return slice;
}

/** `target[..., at, ...] = slice`. */
export function storeAt(slice: Tensor, target: Tensor, axis: number, at: number): void {
  copyBox(slice.shape, slice, rowMajorWalk(slice.shape), target, walkOfSlice(target, axis, at));
}
