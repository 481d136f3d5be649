/** Rules of compare. The comparison type, where one is given, is that of the elements, or TOTALORDER. */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import type { Value } from '../../ir/operation.ts';
import { compare } from '../../ir/ops/stablehlo/compare.ts';
import { not } from '../../ir/ops/stablehlo/not.ts';
import { isSplatOf } from '../constants.ts';
import { elementKind, isExact, match } from '../match.ts';
import { rule } from '../rewrite-rule.ts';
import { isSplatOfLimit } from './constant-operand.ts';

export type Direction = AttributesOf<typeof compare.attributes>['comparison_direction'];

/** `a < b` is `b > a`. */
export const swappedDirection: Readonly<Record<Direction, Direction>> = {
  EQ: 'EQ',
  NE: 'NE',
  LT: 'GT',
  GT: 'LT',
  LE: 'GE',
  GE: 'LE',
};

/** `!(a < b)` is `a >= b`, where no NaN is among them. */
const oppositeDirection: Readonly<Record<Direction, Direction>> = {
  EQ: 'NE',
  NE: 'EQ',
  LT: 'GE',
  GE: 'LT',
  GT: 'LE',
  LE: 'GT',
};

function holdsForEqual(direction: Direction): boolean {
  return direction === 'EQ' || direction === 'LE' || direction === 'GE';
}

/** `x < least`, `x >= least`, `x > greatest`, `x <= greatest`: what they are whatever x is. */
function outcomeAtLimit(direction: Direction, limit: Value): boolean | undefined {
  if (direction === 'LT' || direction === 'GE') return isSplatOfLimit(limit, 'least') ? direction === 'GE' : undefined;
  if (direction === 'GT' || direction === 'LE')
    return isSplatOfLimit(limit, 'greatest') ? direction === 'LE' : undefined;
  return undefined;
}

export const comparisonRules = [
  rule(compare, {
    name: 'compare-itself',
    equation: 'x == x, x <= x, x >= x = true; x != x, x < x, x > x = false',
    floatingPoint: 'integers, booleans and TOTALORDER all; else < and > only, since NaN is unequal to itself',
    rewrite({ op, attrs, splat }) {
      if (op.operand(0) !== op.operand(1)) return undefined;
      const { comparison_direction: direction, compare_type: type } = attrs;
      const isTotal = isExact(op.operand(0).type) || type === 'TOTALORDER';
      const isStrict = direction === 'LT' || direction === 'GT';
      return isTotal || isStrict ? splat(holdsForEqual(direction) ? 1 : 0) : undefined;
    },
  }),
  rule(compare, {
    name: 'compare-at-limit',
    equation: 'x < least = false, x >= least = true, x > greatest = false, x <= greatest = true',
    floatingPoint: 'integers and booleans; such as unsigned x < 0',
    rewrite({ op, attrs, splat }) {
      if (!isExact(op.operand(0).type)) return undefined;
      const outcome = outcomeAtLimit(attrs.comparison_direction, op.operand(1));
      return outcome === undefined ? undefined : splat(outcome ? 1 : 0);
    },
  }),
  rule(compare, {
    name: 'compare-boolean',
    equation: '(b == true) = b, (b != false) = b, (b == false) = !b, (b != true) = !b',
    floatingPoint: 'booleans only',
    rewrite({ op, attrs, makeAlike }) {
      const [lhs, rhs] = [op.operand(0), op.operand(1)];
      const { comparison_direction: direction } = attrs;
      if (elementKind(lhs.type) !== 'boolean' || (direction !== 'EQ' && direction !== 'NE')) return undefined;
      const isTrue = isSplatOf(rhs, 1);
      if (!isTrue && !isSplatOf(rhs, 0)) return undefined;
      return isTrue === (direction === 'EQ') ? lhs : makeAlike(not, [lhs]);
    },
  }),
  rule(not, {
    name: 'not-compare',
    equation: '!(x < y) = x >= y, and so on',
    floatingPoint: 'all of integers, booleans and TOTALORDER; of floats == and != only, since a NaN fails every other',
    rewrite({ op, makeAlike }) {
      const inner = match(op.operand(0), compare);
      if (inner === undefined) return undefined;
      const { comparison_direction: direction, compare_type } = inner.attrs;
      const isTotal = isExact(inner.op.operand(0).type) || compare_type === 'TOTALORDER';
      if (!isTotal && direction !== 'EQ' && direction !== 'NE') return undefined;
      if (!op.operand(0).hasOneUse) return undefined;
      return makeAlike(compare, inner.op.operands, {
        comparison_direction: oppositeDirection[direction],
        compare_type,
      });
    },
  }),
];
