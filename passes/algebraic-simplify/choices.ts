/** Rules of select, clamp, maximum and minimum. */
import { clamp } from '../../ir/ops/stablehlo/clamp.ts';
import { maximum } from '../../ir/ops/stablehlo/maximum.ts';
import { minimum } from '../../ir/ops/stablehlo/minimum.ts';
import { not } from '../../ir/ops/stablehlo/not.ts';
import { select } from '../../ir/ops/stablehlo/select.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { isSplatOf } from '../constants.ts';
import { definedBy, elementKind, isExact, sameShape } from '../match.ts';
import { movesData, rule, ruleFor } from '../rewrite-rule.ts';
import { constantOperand, isSplatOfLimit } from './constant-operand.ts';

/** The operand beside the least or greatest value there is. */
function besideLimit(op: Operation, limit: 'least' | 'greatest'): Value | undefined {
  const found = constantOperand(op);
  return found !== undefined && isSplatOfLimit(found.constant, limit) ? found.value : undefined;
}

export const choiceRules = [
  rule(select, {
    name: 'select-constant',
    equation: 'select(true, x, y) = x, select(false, x, y) = y',
    floatingPoint: movesData,
    rewrite({ op }) {
      if (isSplatOf(op.operand(0), 1)) return op.operand(1);
      return isSplatOf(op.operand(0), 0) ? op.operand(2) : undefined;
    },
  }),
  rule(select, {
    name: 'select-same',
    equation: 'select(p, x, x) = x',
    floatingPoint: movesData,
    rewrite: ({ op }) => (op.operand(1) === op.operand(2) ? op.operand(1) : undefined),
  }),
  rule(select, {
    name: 'select-not',
    equation: 'select(!p, x, y) = select(p, y, x)',
    floatingPoint: movesData,
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), not);
      return inner === undefined ? undefined : makeAlike(select, [inner.operand(0), op.operand(2), op.operand(1)]);
    },
  }),
  rule(select, {
    name: 'select-boolean',
    equation: 'select(p, true, false) = p, select(p, false, true) = !p',
    floatingPoint: 'booleans only; p of the shape of the result',
    rewrite({ op, makeAlike }) {
      const [pred, onTrue, onFalse] = [op.operand(0), op.operand(1), op.operand(2)];
      if (elementKind(onTrue.type) !== 'boolean' || !sameShape(pred.type, onTrue.type)) return undefined;
      if (isSplatOf(onTrue, 1) && isSplatOf(onFalse, 0)) return pred;
      return isSplatOf(onTrue, 0) && isSplatOf(onFalse, 1) ? makeAlike(not, [pred]) : undefined;
    },
  }),
  rule(select, {
    name: 'select-select',
    equation: 'select(p, select(p, x, y), z) = select(p, x, z), select(p, x, select(p, y, z)) = select(p, x, z)',
    floatingPoint: movesData,
    rewrite({ op, makeAlike }) {
      const [pred, onTrue, onFalse] = [op.operand(0), op.operand(1), op.operand(2)];
      const left = definedBy(onTrue, select);
      if (left?.operand(0) === pred) return makeAlike(select, [pred, left.operand(1), onFalse]);
      const right = definedBy(onFalse, select);
      return right?.operand(0) === pred ? makeAlike(select, [pred, onTrue, right.operand(2)]) : undefined;
    },
  }),
  ruleFor([maximum, minimum], {
    name: 'extreme-itself',
    equation: 'max(x, x) = x, min(x, x) = x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite: ({ op }) => (op.operand(0) === op.operand(1) ? op.operand(0) : undefined),
  }),
  ruleFor([maximum, minimum], {
    name: 'extreme-neutral',
    equation: 'max(x, least) = x, min(x, greatest) = x',
    floatingPoint: 'exact; the infinities in floats; NaN payloads aside',
    rewrite: ({ op }) => besideLimit(op, op.name === maximum.name ? 'least' : 'greatest'),
  }),
  ruleFor([maximum, minimum], {
    name: 'extreme-absorbing',
    equation: 'max(x, greatest) = greatest, min(x, least) = least',
    floatingPoint: 'integers and booleans only: a NaN would stay',
    rewrite({ op }) {
      if (!isExact(op.result().type)) return undefined;
      const isAbsorbed = besideLimit(op, op.name === maximum.name ? 'greatest' : 'least') !== undefined;
      return isAbsorbed ? constantOperand(op)?.constant : undefined;
    },
  }),
  ruleFor([maximum, minimum], {
    name: 'extreme-absorbs',
    equation: 'max(x, min(x, y)) = x, min(x, max(x, y)) = x',
    floatingPoint: 'integers and booleans only: y may be NaN',
    rewrite({ op }) {
      if (!isExact(op.result().type)) return undefined;
      const inner = op.name === maximum.name ? minimum : maximum;
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      if (definedBy(rhs, inner)?.operands.includes(lhs) === true) return lhs;
      return definedBy(lhs, inner)?.operands.includes(rhs) === true ? rhs : undefined;
    },
  }),
  ruleFor([maximum, minimum], {
    name: 'extreme-repeated',
    equation: 'max(x, max(x, y)) = max(x, y), min(x, min(x, y)) = min(x, y)',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite({ op }) {
      const definition = op.name === maximum.name ? maximum : minimum;
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      if (definedBy(rhs, definition)?.operands.includes(lhs) === true) return rhs;
      return definedBy(lhs, definition)?.operands.includes(rhs) === true ? lhs : undefined;
    },
  }),
  rule(clamp, {
    name: 'clamp-unbounded',
    equation: 'clamp(least, x, greatest) = x',
    floatingPoint: 'exact; the infinities in floats; NaN payloads aside',
    rewrite: ({ op }) =>
      isSplatOfLimit(op.operand(0), 'least') && isSplatOfLimit(op.operand(2), 'greatest') ? op.operand(1) : undefined,
  }),
  rule(clamp, {
    name: 'clamp-one-bound',
    equation: 'clamp(least, x, y) = min(x, y), clamp(y, x, greatest) = max(x, y)',
    floatingPoint: 'exact; the infinities in floats; the bound of the shape of x',
    rewrite({ op, makeAlike }) {
      const [low, x, high] = [op.operand(0), op.operand(1), op.operand(2)];
      if (isSplatOfLimit(low, 'least') && high.type === x.type) return makeAlike(minimum, [x, high]);
      if (isSplatOfLimit(high, 'greatest') && low.type === x.type) return makeAlike(maximum, [x, low]);
      return undefined;
    },
  }),
  rule(clamp, {
    name: 'clamp-clamp',
    equation: 'clamp(a, clamp(a, x, b), b) = clamp(a, x, b)',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite({ op }) {
      const inner = definedBy(op.operand(1), clamp);
      const isSame = inner?.operand(0) === op.operand(0) && inner.operand(2) === op.operand(2);
      return isSame ? op.operand(1) : undefined;
    },
  }),
];
