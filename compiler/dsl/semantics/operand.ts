/** Operands of operators, and the report of those that an operator is not for. */
import type { Span } from '../../../ir/source.ts';
import type { BinaryOperator } from '../syntax/ast.ts';
import type { CallSite } from './call-site.ts';
import { isLiteral } from './literals.ts';
import { describeKind } from './type-text.ts';
import type { Value } from './values.ts';

/** An operand with its place. */
export interface Operand {
  readonly value: Value;
  readonly span: Span;
}

/** All but `|>`, which is a call. */
export type ValueOperator = Exclude<BinaryOperator, '|>'>;

/** Reports operands that the operator is not for. */
export function refuse(operator: string, operands: readonly Operand[], site: CallSite): never {
  const texts = operands.map(({ value }) => describeKind(value)).join(' and ');
  const bad = operands.find(({ value }) => value.kind !== 'tensor' && !isLiteral(value)) ?? operands[0];
  return site.fail('E6304', `\`${operator}\` does not take ${texts}`, {
    span: operands.length === 1 ? (bad?.span ?? site.span) : site.span,
    hint: operatorHint(operator),
  });
}

function operatorHint(operator: string): string | undefined {
  if (operator === 'and' || operator === 'or' || operator === 'not')
    return 'it is for booleans: compare first, `x > 0`';
  if (operator === '@') return 'it is for tensors of rank 1 or more; `*` multiplies element by element';
  return undefined;
}
