/** `has_dynamic_root`: the last operand says, for each other operand, which member of the group is its root. */
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import { elementKind } from '../../type-constraints.ts';
import { isTensor, type Type } from '../../types.ts';
import { asTensor } from './runtime-tensors.ts';

/** The root operand is a list of integers, one for each other operand. */
export function checkRoot(operands: readonly Type[], check: ConstraintCheck, id: string): void {
  const root = operands.at(-1);
  const isList =
    isTensor(root) && root.shape.length <= 1 && ['integer', 'unsigned'].includes(elementKind(root.element));
  const [size] = isList ? root.shape : [];
  const fits = isList && (typeof size !== 'number' || size === operands.length - 1);
  check.require(fits, id, () => `it is ${root?.text ?? 'missing'}, for ${operands.length - 1} operands`);
}

/** The root of operand `index`, a position in the group. */
export function rootOf(
  inputs: readonly RuntimeValue[],
  index: number,
  groupSize: number,
  context: EvaluationContext,
): number {
  const roots = asTensor(inputs.at(-1));
  const root = roots.integer(roots.rank === 0 ? 0 : index);
  if (root >= 0 && root < groupSize) return root;
  throw context.failure('E4013', `the root is ${root}, the group has ${groupSize} processes`);
}
