/** Rules of and, or, xor, not and the shifts. Their elements are integers and booleans. */
import type { Operation, Value } from '../../ir/operation.ts';
import { and } from '../../ir/ops/stablehlo/and.ts';
import { not } from '../../ir/ops/stablehlo/not.ts';
import { or } from '../../ir/ops/stablehlo/or.ts';
import { shiftLeft } from '../../ir/ops/stablehlo/shift-left.ts';
import { shiftRightArithmetic } from '../../ir/ops/stablehlo/shift-right-arithmetic.ts';
import { shiftRightLogical } from '../../ir/ops/stablehlo/shift-right-logical.ts';
import { xor } from '../../ir/ops/stablehlo/xor.ts';
import type { OpDefinition } from '../../ir/op-definition.ts';
import { isSplatOf, splatNumber } from '../constants.ts';
import { definedBy, elementKind } from '../match.ts';
import { integersOnly, rule, ruleFor } from '../rewrite-rule.ts';
import { constantOperand, elementBits, isAllOnes, operandBeside } from './constant-operand.ts';

/** The operand beside one with all bits set. */
function besideAllOnes(op: Operation): Value | undefined {
  const found = constantOperand(op);
  return found !== undefined && isAllOnes(found.constant) ? found.value : undefined;
}

/** True when one operand is `not` of the other. */
function areOpposite(a: Value, b: Value): boolean {
  return definedBy(a, not)?.operand(0) === b || definedBy(b, not)?.operand(0) === a;
}

/** `x op (x inner y)` in any order: gives x. */
function absorbed(op: Operation, inner: OpDefinition): Value | undefined {
  const [lhs, rhs] = [op.operand(0), op.operand(1)];
  if (definedBy(rhs, inner)?.operands.includes(lhs) === true) return lhs;
  return definedBy(lhs, inner)?.operands.includes(rhs) === true ? rhs : undefined;
}

/** A splat with all bits set of the op's type. */
function allOnes(op: Operation): number {
  const kind = elementKind(op.result().type);
  if (kind === 'boolean') return 1;
  return -1;
}

export const logicRules = [
  rule(not, {
    name: 'not-not',
    equation: '~~x = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => definedBy(op.operand(0), not)?.operand(0),
  }),
  ruleFor([and, or], {
    name: 'and-or-itself',
    equation: 'x & x = x, x | x = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => (op.operand(0) === op.operand(1) ? op.operand(0) : undefined),
  }),
  rule(and, {
    name: 'and-zero',
    equation: 'x & 0 = 0',
    floatingPoint: integersOnly,
    rewrite: ({ op, splat }) => (operandBeside(op, 0) === undefined ? undefined : splat(0)),
  }),
  rule(and, {
    name: 'and-all-ones',
    equation: 'x & ~0 = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => besideAllOnes(op),
  }),
  rule(and, {
    name: 'and-opposite',
    equation: 'x & ~x = 0',
    floatingPoint: integersOnly,
    rewrite: ({ op, splat }) => (areOpposite(op.operand(0), op.operand(1)) ? splat(0) : undefined),
  }),
  rule(and, {
    name: 'and-absorbs-or',
    equation: 'x & (x | y) = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => absorbed(op, or),
  }),
  rule(or, {
    name: 'or-zero',
    equation: 'x | 0 = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => operandBeside(op, 0),
  }),
  rule(or, {
    name: 'or-all-ones',
    equation: 'x | ~0 = ~0',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => (besideAllOnes(op) === undefined ? undefined : constantOperand(op)?.constant),
  }),
  rule(or, {
    name: 'or-opposite',
    equation: 'x | ~x = ~0',
    floatingPoint: 'signed integers and booleans',
    rewrite({ op, splat }) {
      const isSigned = elementKind(op.result().type) !== 'unsigned';
      return isSigned && areOpposite(op.operand(0), op.operand(1)) ? splat(allOnes(op)) : undefined;
    },
  }),
  rule(or, {
    name: 'or-absorbs-and',
    equation: 'x | (x & y) = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => absorbed(op, and),
  }),
  rule(xor, {
    name: 'xor-zero',
    equation: 'x ^ 0 = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => operandBeside(op, 0),
  }),
  rule(xor, {
    name: 'xor-itself',
    equation: 'x ^ x = 0',
    floatingPoint: integersOnly,
    rewrite: ({ op, splat }) => (op.operand(0) === op.operand(1) ? splat(0) : undefined),
  }),
  rule(xor, {
    name: 'xor-all-ones',
    equation: 'x ^ ~0 = ~x',
    floatingPoint: integersOnly,
    rewrite({ op, makeAlike }) {
      const other = besideAllOnes(op);
      return other === undefined ? undefined : makeAlike(not, [other]);
    },
  }),
  rule(xor, {
    name: 'xor-cancel',
    equation: '(x ^ y) ^ y = x',
    floatingPoint: integersOnly,
    rewrite({ op }) {
      for (const [inner, outer] of [[op.operand(0), op.operand(1)] as const, [op.operand(1), op.operand(0)] as const]) {
        const parts = definedBy(inner, xor);
        if (parts?.operand(1) === outer) return parts.operand(0);
        if (parts?.operand(0) === outer) return parts.operand(1);
      }
      return undefined;
    },
  }),
  ruleFor([shiftLeft, shiftRightArithmetic, shiftRightLogical], {
    name: 'shift-zero',
    equation: 'x << 0 = x, x >> 0 = x',
    floatingPoint: integersOnly,
    rewrite: ({ op }) => (isSplatOf(op.operand(1), 0) ? op.operand(0) : undefined),
  }),
  ruleFor([shiftLeft, shiftRightLogical], {
    name: 'shift-past-width',
    equation: 'x << n = 0, x >>> n = 0 for n >= bits(x)',
    floatingPoint: integersOnly,
    rewrite({ op, splat }) {
      const amount = splatNumber(op.operand(1));
      const bits = elementBits(op.result().type);
      return amount !== undefined && bits !== undefined && (amount < 0 || amount >= bits) ? splat(0) : undefined;
    },
  }),
];
