/** What `broadcast_in_dim` and `dynamic_broadcast_in_dim` share. Their constraints C1 to C6 are the same. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { compatibleDims } from '../../dimension.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { TensorType } from '../../types.ts';
import { allWithin, describeList, isUnique } from './axis-lists.ts';
import { equalUpToAxisParameters, isPerAxis } from './quantization.ts';
import { describeShape, dimAt } from './shapes.ts';
import { copyBox, rowMajorWalk } from './strided-copy.ts';

export const broadcastConstraints = {
  C1: 'element_type(result) = element_type(operand), up to the parameters of per-axis quantisation',
  C2: 'size(broadcast_dimensions) = rank(operand)',
  C3: '0 <= broadcast_dimensions < rank(result)',
  C4: 'is_unique(broadcast_dimensions)',
  C5: 'dim(operand, d) = 1 or dim(operand, d) = dim(result, broadcast_dimensions[d])',
  C6: 'quantization_dimension(result) = broadcast_dimensions[quantization_dimension(operand)], and a stretched axis repeats its scale',
} as const;

/** C1 to C6. */
export function checkBroadcast(
  operand: TensorType,
  result: TensorType,
  dims: readonly number[],
  check: ConstraintCheck,
): void {
  check.require(
    equalUpToAxisParameters(operand.element, result.element),
    'C1',
    () => `the operand is ${operand.text}, the result ${result.text}`,
  );
  const rank = operand.shape.length;
  const isSized = check.require(dims.length === rank, 'C2', () => `${dims.length} dimensions for rank ${rank}`);
  const isInRange = check.require(
    allWithin(dims, 0, result.shape.length),
    'C3',
    () => `broadcast_dimensions are ${describeList(dims)}, the rank of the result is ${result.shape.length}`,
  );
  check.require(isUnique(dims), 'C4', () => `broadcast_dimensions are ${describeList(dims)}`);
  if (!isSized || !isInRange) return;
  for (const [axis, target] of dims.entries()) {
    const size = dimAt(operand.shape, axis);
    const fits = typeof size !== 'number' || size === 1 || compatibleDims(size, dimAt(result.shape, target));
    check.require(
      fits,
      'C5',
      () =>
        `dimension ${axis} of ${describeShape(operand.shape)} cannot become dimension ${target} of ${describeShape(result.shape)}`,
    );
  }
  checkQuantizedAxis(operand, result, dims, check);
}

function checkQuantizedAxis(
  operand: TensorType,
  result: TensorType,
  dims: readonly number[],
  check: ConstraintCheck,
): void {
  const { element: from } = operand;
  const { element: to } = result;
  if (!isPerAxis(to) || !isPerAxis(from)) return;
  const expected = dims[from.dimension];
  check.require(
    to.dimension === expected,
    'C6',
    () => `the result is quantised along ${to.dimension}, the operand's axis goes to ${String(expected)}`,
  );
  if (operand.shape[from.dimension] !== 1) return;
  const repeats =
    to.scales.every((scale) => scale === from.scales[0]) &&
    to.zeroPoints.every((point) => point === from.zeroPoints[0]);
  check.require(repeats, 'C6', () => 'the stretched axis has scales or zero points other than its only one');
}

/** Elements of `operand` repeated to `shape`, which has been checked against it. */
export function broadcastTensor(
  operand: Tensor,
  shape: readonly number[],
  dims: readonly number[],
  context: EvaluationContext,
): Tensor {
  const result = context.allocate(operand.dtype, shape);
  const operandStrides = rowMajorStrides(operand.shape);
  const strides = new Array<number>(shape.length).fill(0);
  for (const [axis, target] of dims.entries()) {
    const size = operand.shape[axis];
    if (size === 1) continue;
    if (size !== shape[target])
      throw context.failure('E4012', `a dimension of size ${size} is broadcast to size ${shape[target]} at run time`);
    strides[target] = operandStrides[axis] ?? 0;
  }
  copyBox(shape, operand, { offset: 0, strides }, result, rowMajorWalk(shape));
  return result;
}
