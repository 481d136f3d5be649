/** Tensors joined, cut and reduced across processes. */
import type { DType } from '../../dtype.ts';
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import type { Region } from '../../operation.ts';
import { promoteTensor } from './promotion.ts';
import { ElementColumns, isBulkRegion, ScalarKernel } from './region-kernel.ts';
import { asTensor } from './runtime-tensors.ts';
import { describeShape } from './shapes.ts';
import { sliceTensor } from './slicing.ts';
import { copyBox, rowMajorWalk } from './strided-copy.ts';

/** `concatenate(parts, axis)`; all of one dtype, and of one shape but for the axis. */
export function joinTensors(parts: readonly Tensor[], axis: number, context: EvaluationContext): Tensor {
  const first = asTensor(parts[0]);
  const shape = [...first.shape];
  shape[axis] = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const result = context.allocate(first.dtype, shape);
  const strides = rowMajorStrides(shape);
  let at = 0;
  for (const part of parts) {
    copyBox(part.shape, part, rowMajorWalk(part.shape), result, { offset: at * (strides[axis] ?? 1), strides });
    at += part.shape[axis] ?? 0;
  }
  return result;
}

/** Part `index` of `split(tensor, count, axis)`; the size of the axis is a multiple of `count`. */
export function splitPart(
  tensor: Tensor,
  count: number,
  axis: number,
  index: number,
  context: EvaluationContext,
): Tensor {
  const sizes = [...tensor.shape];
  const size = (sizes[axis] ?? 0) / count;
  if (!Number.isInteger(size)) {
    throw context.failure('E4012', `a tensor of shape ${describeShape(sizes)} cannot be cut in ${count} along ${axis}`);
  }
  sizes[axis] = size;
  const starts = sizes.map((_, position) => (position === axis ? index * size : 0));
  return sliceTensor(tensor, starts, sizes, context);
}

/** One operand as every member of the group brought it; all must be of one type. */
export function operandAcross(
  arrived: readonly (readonly RuntimeValue[])[],
  operand: number,
  context: EvaluationContext,
): Tensor[] {
  const tensors = arrived.map((values) => asTensor(values[operand]));
  const [first] = tensors;
  const odd = tensors.find((tensor) => tensor.dtype !== first?.dtype || tensor.shape.join() !== first.shape.join());
  if (odd !== undefined && first !== undefined)
    throw context.failure('E4011', `the processes bring ${first.type.text} and ${odd.type.text}`);
  return tensors;
}

/** `computation` over the tensors, element by element, from the first to the last; in the type the computation works in. */
export function reduceTensors(
  tensors: readonly Tensor[],
  computation: Region,
  dtype: DType,
  context: EvaluationContext,
): Tensor {
  const [first, ...rest] = tensors.map((tensor) => promoteTensor(tensor, dtype, context));
  let sum = asTensor(first);
  const isBulk = isBulkRegion(computation);
  for (const next of rest) {
    if (isBulk) sum = asTensor(context.apply(computation, [sum, next])[0]);
    else sum = combineElements(sum, next, computation, context);
  }
  return sum;
}

function combineElements(left: Tensor, right: Tensor, computation: Region, context: EvaluationContext): Tensor {
  const result = context.allocate(left.dtype, left.shape);
  const kernel = new ScalarKernel(computation, [left.dtype, right.dtype], context);
  const [lefts, rights, results] = [left, right, result].map((tensor) => new ElementColumns([tensor]));
  if (lefts === undefined || rights === undefined || results === undefined) return result;
  for (let position = 0; position < left.size; position++) {
    kernel.load(lefts, position, 0);
    kernel.load(rights, position, 1);
    kernel.applyTo(results, position);
  }
  return result;
}
