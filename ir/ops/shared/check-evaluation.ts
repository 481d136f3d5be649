/** What the ops of the `check` dialect share, with the custom calls of the same names. */
import type { DenseElementsAttr, DenseResourceAttr } from '../../attributes.ts';
import { type ComparisonRule, compareTensors } from '../../evaluator/comparison.ts';
import { tensorOfConstant } from '../../evaluator/constant-value.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { OpSite } from '../../op-site.ts';
import { compatibleTypes } from '../../verifier.ts';

/** K1 of two operands. */
export function operandsMatch(site: Pick<OpSite, 'operandTypes'>, check: ConstraintCheck): void {
  const [lhs, rhs] = site.operandTypes;
  if (lhs !== undefined && rhs !== undefined)
    check.require(compatibleTypes(lhs, rhs), 'K1', () => `${lhs.text} and ${rhs.text}`);
}

/** K1 of an operand and a constant. */
export function constantMatches(
  site: Pick<OpSite, 'operandTypes'>,
  value: DenseElementsAttr | DenseResourceAttr,
  check: ConstraintCheck,
): void {
  const [lhs] = site.operandTypes;
  if (lhs !== undefined)
    check.require(compatibleTypes(lhs, value.type), 'K1', () => `${lhs.text} and ${value.type.text}`);
}

/** The tensor a constant stands for. */
export function constantExpectation(value: DenseElementsAttr | DenseResourceAttr, context: EvaluationContext): Tensor {
  const tensor = tensorOfConstant(value, (dtype, shape) => context.allocate(dtype, shape));
  if (tensor.kind === 'tensor') return tensor;
  throw context.failure('E4014', tensor.message);
}

/** Fails with E4010 when the tensors differ by more than the rule allows. */
export function expectTensors(
  actual: Tensor,
  expected: Tensor,
  rule: ComparisonRule,
  context: EvaluationContext,
): void {
  const problem = compareTensors(actual, expected, rule);
  if (problem !== undefined) throw context.failure('E4010', `the check fails: ${problem}`);
}
