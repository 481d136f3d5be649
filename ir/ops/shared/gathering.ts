/** What `gather` and `dynamic_gather` share. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { otherAxes } from './axis-lists.ts';
import { wordsOf } from './element-words.ts';
import { dotIndex, forEachIndex } from './index-space.ts';
import { describeShape } from './shapes.ts';
import { clampStart } from './slicing.ts';
import { StridedCopy } from './strided-copy.ts';
import { pick } from './strided-offsets.ts';
import { combineSizes, windowAxes, type WindowDims } from './window-dimensions.ts';
import { WindowPlacement } from './window-placement.ts';

/** Windows of `sizes`, moved into bounds, copied out of the operand. */
export function gatherWindows(
  operand: Tensor,
  indices: Tensor,
  sizes: readonly number[],
  dims: WindowDims,
  context: EvaluationContext,
): Tensor {
  const axes = windowAxes(operand.rank, dims);
  const placement = new WindowPlacement(dims, indices);
  const window = pick(sizes, axes);
  const shape = combineSizes(placement.batchShape, window, dims.windowDims);
  const result = context.allocate(operand.dtype, shape);
  if (result.size === 0) return result;
  const limits = operand.shape.map((size, axis) => size - (sizes[axis] ?? 0));
  if (limits.some((limit) => limit < 0))
    throw context.failure(
      'E4015',
      `slices of ${describeShape(sizes)} do not fit an operand of ${describeShape(operand.shape)}`,
    );
  const operandStrides = rowMajorStrides(operand.shape);
  const resultStrides = rowMajorStrides(shape);
  const batchStrides = pick(resultStrides, otherAxes(shape.length, dims.windowDims));
  const copy = new StridedCopy(operand.dtype, window, pick(operandStrides, axes), pick(resultStrides, dims.windowDims));
  const source = wordsOf(operand);
  const target = wordsOf(result);
  const start = new Array<number>(operand.rank).fill(0);
  forEachIndex(placement.batchShape, (batch) => {
    placement.read(batch, start);
    for (let axis = 0; axis < start.length; axis++) start[axis] = clampStart(start[axis] ?? 0, limits[axis] ?? 0);
    copy.run(source, dotIndex(start, operandStrides), target, dotIndex(batch, batchStrides));
  });
  return result;
}
