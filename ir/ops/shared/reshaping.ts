/** What `reshape` and `dynamic_reshape` share: their constraints C1 to C3. */
import { compatibleDims } from '../../dimension.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { TensorType } from '../../types.ts';
import { equalUpToAxis, isPerAxis } from './quantization.ts';
import { describeShape, dimAt, type Shape, staticSize } from './shapes.ts';

export const reshapeConstraints = {
  C1: 'element_type(result) = element_type(operand), up to the axis of per-axis quantisation',
  C2: 'size(operand) = size(result)',
  C3: 'the quantised axis has the same size, and as many elements before and after it',
} as const;

export function checkReshape(operand: TensorType, result: TensorType, check: ConstraintCheck): void {
  check.require(
    equalUpToAxis(operand.element, result.element),
    'C1',
    () => `the operand is ${operand.text}, the result ${result.text}`,
  );
  const shapes = (): string =>
    `the operand has shape ${describeShape(operand.shape)}, the result ${describeShape(result.shape)}`;
  check.require(mayHaveSameSize(operand.shape, result.shape), 'C2', shapes);
  const { element: from } = operand;
  const { element: to } = result;
  if (!isPerAxis(from) || !isPerAxis(to)) return;
  const isKept =
    mayHaveSameSize(operand.shape.slice(0, from.dimension), result.shape.slice(0, to.dimension)) &&
    compatibleDims(dimAt(operand.shape, from.dimension), dimAt(result.shape, to.dimension)) &&
    mayHaveSameSize(operand.shape.slice(from.dimension + 1), result.shape.slice(to.dimension + 1));
  check.require(isKept, 'C3', shapes);
}

/** False only when both sizes are known and differ. */
function mayHaveSameSize(a: Shape, b: Shape): boolean {
  const left = staticSize(a);
  const right = staticSize(b);
  return left === undefined || right === undefined || left === right;
}
