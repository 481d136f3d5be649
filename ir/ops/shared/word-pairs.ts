/** Words of two 16-bit integers, the first in the low half, and sums of products of them. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { OpSite } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';

const words = tensorOf(['integer']);

/** What every op on words takes, gives and checks. */
export const wordOperands = [
  { name: 'lhs', type: words },
  { name: 'rhs', type: words },
] as const;

export const wordResults = [{ name: 'result', type: words }] as const;

export const wordConstraints = { P1: 'element_type(lhs) = element_type(rhs) = element_type(result) = i32' } as const;

export function verifyWords(
  { operandTypes, resultTypes }: Pick<OpSite, 'operandTypes' | 'resultTypes'>,
  check: ConstraintCheck,
): void {
  const types = [...operandTypes, ...resultTypes];
  check.require(
    types.every((type) => 'element' in type && type.element === 'i32'),
    'P1',
    () => types.map(({ text }) => text).join(', '),
  );
}

/** What `contract` makes of the low halves, plus what it makes of the high ones; wraps. */
export function sumOverHalves(
  lhs: Tensor,
  rhs: Tensor,
  context: EvaluationContext,
  contract: (lhs: Tensor, rhs: Tensor) => Tensor,
): Tensor {
  const low = (word: number): number => (word << 16) >> 16;
  const high = (word: number): number => word >> 16;
  const ofLow = contract(mapWords(lhs, context, low), mapWords(rhs, context, low));
  const ofHigh = contract(mapWords(lhs, context, high), mapWords(rhs, context, high));
  const result = context.allocate('i32', ofLow.shape);
  for (let at = 0; at < result.values.length; at += 1)
    result.values[at] = (Number(ofLow.values[at]) + Number(ofHigh.values[at])) | 0;
  return result;
}

function mapWords(words: Tensor, context: EvaluationContext, map: (word: number) => number): Tensor {
  const result = context.allocate('i32', words.shape);
  for (let at = 0; at < result.values.length; at += 1) result.values[at] = map(Number(words.values[at]));
  return result;
}
