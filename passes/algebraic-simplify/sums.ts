/** Rules of add, subtract, negate and abs. */
import { abs } from '../../ir/ops/stablehlo/abs.ts';
import { add } from '../../ir/ops/stablehlo/add.ts';
import { negate } from '../../ir/ops/stablehlo/negate.ts';
import { subtract } from '../../ir/ops/stablehlo/subtract.ts';
import { isSplatOf } from '../constants.ts';
import { definedBy, elementKind, isExact, isInteger } from '../match.ts';
import { integersOnly, rule } from '../rewrite-rule.ts';
import { operandBeside } from './constant-operand.ts';

const flipsSign = 'exact: negation flips the sign bit, and rounding is symmetric; NaN payloads aside';

export const sumRules = [
  rule(add, {
    name: 'add-zero',
    equation: 'x + 0 = x',
    floatingPoint: 'integers and booleans; in floats the zero must be -0, since -0 + 0 = 0',
    rewrite: ({ op }) => operandBeside(op, isExact(op.result().type) ? 0 : -0),
  }),
  rule(add, {
    name: 'add-negate',
    equation: 'x + (-y) = x - y, (-x) + y = y - x',
    floatingPoint: flipsSign,
    rewrite({ op, makeAlike }) {
      if (elementKind(op.result().type) === 'complex') return undefined;
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      const right = definedBy(rhs, negate);
      if (right !== undefined) return makeAlike(subtract, [lhs, right.operand(0)]);
      const left = definedBy(lhs, negate);
      return left === undefined ? undefined : makeAlike(subtract, [rhs, left.operand(0)]);
    },
  }),
  rule(add, {
    name: 'add-cancel',
    equation: '(x - y) + y = x, y + (x - y) = x',
    floatingPoint: integersOnly,
    rewrite({ op }) {
      if (!isInteger(op.result().type)) return undefined;
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      const left = definedBy(lhs, subtract);
      if (left?.operand(1) === rhs) return left.operand(0);
      const right = definedBy(rhs, subtract);
      return right?.operand(1) === lhs ? right.operand(0) : undefined;
    },
  }),
  rule(subtract, {
    name: 'subtract-zero',
    equation: 'x - 0 = x',
    floatingPoint: 'exact for 0; not for -0, since -0 - -0 = 0',
    rewrite: ({ op }) => (isSplatOf(op.operand(1), 0) ? op.operand(0) : undefined),
  }),
  rule(subtract, {
    name: 'zero-subtract',
    equation: '0 - x = -x',
    floatingPoint: 'integers; in floats the zero must be -0, since 0 - 0 = 0',
    rewrite({ op, makeAlike }) {
      const kind = elementKind(op.result().type);
      if (kind !== 'integer' && kind !== 'float') return undefined;
      return isSplatOf(op.operand(0), kind === 'integer' ? 0 : -0) ? makeAlike(negate, [op.operand(1)]) : undefined;
    },
  }),
  rule(subtract, {
    name: 'subtract-itself',
    equation: 'x - x = 0',
    floatingPoint: 'integers only: inf - inf is NaN',
    rewrite: ({ op, splat }) => (isInteger(op.result().type) && op.operand(0) === op.operand(1) ? splat(0) : undefined),
  }),
  rule(subtract, {
    name: 'subtract-negate',
    equation: 'x - (-y) = x + y',
    floatingPoint: flipsSign,
    rewrite({ op, makeAlike }) {
      if (elementKind(op.result().type) === 'complex') return undefined;
      const inner = definedBy(op.operand(1), negate);
      return inner === undefined ? undefined : makeAlike(add, [op.operand(0), inner.operand(0)]);
    },
  }),
  rule(subtract, {
    name: 'subtract-cancel',
    equation: '(x + y) - y = x, (x + y) - x = y, x - (x - y) = y',
    floatingPoint: integersOnly,
    rewrite({ op }) {
      if (!isInteger(op.result().type)) return undefined;
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      const sum = definedBy(lhs, add);
      if (sum?.operand(1) === rhs) return sum.operand(0);
      if (sum?.operand(0) === rhs) return sum.operand(1);
      const difference = definedBy(rhs, subtract);
      return difference?.operand(0) === lhs ? difference.operand(1) : undefined;
    },
  }),
  rule(negate, {
    name: 'negate-negate',
    equation: '-(-x) = x',
    floatingPoint: 'exact: the sign bit is flipped twice',
    rewrite: ({ op }) => definedBy(op.operand(0), negate)?.operand(0),
  }),
  rule(negate, {
    name: 'negate-subtract',
    equation: '-(x - y) = y - x',
    floatingPoint: 'integers only: of equal floats, one gives -0 and the other 0',
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), subtract);
      if (inner === undefined || !isInteger(op.result().type)) return undefined;
      return makeAlike(subtract, [inner.operand(1), inner.operand(0)]);
    },
  }),
  rule(abs, {
    name: 'abs-abs',
    equation: '||x|| = |x|',
    floatingPoint: 'exact',
    rewrite: ({ op }) => (definedBy(op.operand(0), abs) === undefined ? undefined : op.operand(0)),
  }),
  rule(abs, {
    name: 'abs-negate',
    equation: '|-x| = |x|',
    floatingPoint: 'exact: only the sign bit differs',
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), negate);
      if (inner === undefined || elementKind(op.operand(0).type) === 'complex') return undefined;
      return makeAlike(abs, [inner.operand(0)]);
    },
  }),
];
