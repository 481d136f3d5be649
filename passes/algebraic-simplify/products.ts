/** Rules of multiply, divide, remainder and power. */
import { divide } from '../../ir/ops/stablehlo/divide.ts';
import { multiply } from '../../ir/ops/stablehlo/multiply.ts';
import { negate } from '../../ir/ops/stablehlo/negate.ts';
import { power } from '../../ir/ops/stablehlo/power.ts';
import { remainder } from '../../ir/ops/stablehlo/remainder.ts';
import { isSplatOf, splatNumber } from '../constants.ts';
import { definedBy, elementKind, isExact, isInteger } from '../match.ts';
import { integersOnly, rule, ruleFor } from '../rewrite-rule.ts';
import { elementBits, operandBeside } from './constant-operand.ts';

const roundsAlike = 'exact: both round the same number, and the factor is a normal number; NaN payloads aside';

/** Exponents of normal numbers reach from `1 - bias` to `bias`. */
const exponentBias: Readonly<Record<string, number>> = { f16: 15, bf16: 127, f32: 127, f64: 1023 };

/** The exponent e with |x| = 2^e; undefined when x is no power of two. */
function exponentOfPowerOfTwo(x: number): number | undefined {
  const magnitude = Math.abs(x);
  if (!(magnitude > 0) || magnitude === Infinity) return undefined;
  let exponent = 0;
  let rest = magnitude;
  for (; rest > 1; exponent++) rest /= 2;
  for (; rest < 1; exponent--) rest *= 2;
  return rest === 1 ? exponent : undefined;
}

export const productRules = [
  rule(multiply, {
    name: 'multiply-one',
    equation: 'x * 1 = x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite: ({ op }) => operandBeside(op, 1),
  }),
  rule(multiply, {
    name: 'multiply-zero',
    equation: 'x * 0 = 0',
    floatingPoint: 'integers and booleans only: inf * 0 is NaN, -1 * 0 is -0',
    rewrite: ({ op, splat }) =>
      isExact(op.result().type) && operandBeside(op, 0) !== undefined ? splat(0) : undefined,
  }),
  rule(multiply, {
    name: 'multiply-minus-one',
    equation: 'x * -1 = -x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite({ op, makeAlike }) {
      const kind = elementKind(op.result().type);
      const factor = kind === 'integer' || kind === 'float' ? operandBeside(op, -1) : undefined;
      return factor === undefined ? undefined : makeAlike(negate, [factor]);
    },
  }),
  ruleFor([multiply, divide], {
    name: 'product-of-negated',
    equation: '(-x) * (-y) = x * y, (-x) / (-y) = x / y',
    floatingPoint: 'floats and products of integers; exact: the signs cancel; NaN payloads aside',
    rewrite({ op, makeAlike }) {
      const isRight =
        elementKind(op.result().type) === 'float' || (op.name === multiply.name && isInteger(op.result().type));
      const [left, right] = [definedBy(op.operand(0), negate), definedBy(op.operand(1), negate)];
      if (!isRight || left === undefined || right === undefined) return undefined;
      const operands = [left.operand(0), right.operand(0)];
      return op.name === multiply.name ? makeAlike(multiply, operands) : makeAlike(divide, operands);
    },
  }),
  rule(divide, {
    name: 'divide-one',
    equation: 'x / 1 = x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite: ({ op }) => (isSplatOf(op.operand(1), 1) ? op.operand(0) : undefined),
  }),
  rule(divide, {
    name: 'divide-minus-one',
    equation: 'x / -1 = -x',
    floatingPoint: 'floats; exact, NaN payloads aside',
    rewrite({ op, makeAlike }) {
      const isFloat = elementKind(op.result().type) === 'float';
      return isFloat && isSplatOf(op.operand(1), -1) ? makeAlike(negate, [op.operand(0)]) : undefined;
    },
  }),
  rule(divide, {
    name: 'divide-power-of-two',
    equation: 'x / c = x * (1 / c)',
    floatingPoint: `c a power of two and 1 / c a normal number; ${roundsAlike}`,
    rewrite({ op, makeAlike, splat }) {
      const { type } = op.result();
      const divisor = splatNumber(op.operand(1));
      if (elementKind(type) !== 'float' || typeof divisor !== 'number' || Math.abs(divisor) === 1) return undefined;
      const exponent = exponentOfPowerOfTwo(divisor);
      const bias = type.kind === 'tensor' && typeof type.element === 'string' ? exponentBias[type.element] : undefined;
      if (exponent === undefined || bias === undefined || -exponent < 1 - bias || -exponent > bias) return undefined;
      const factor = splat(1 / divisor);
      return factor === undefined ? undefined : makeAlike(multiply, [op.operand(0), factor]);
    },
  }),
  rule(remainder, {
    name: 'remainder-one',
    equation: 'x % 1 = 0, x % -1 = 0',
    floatingPoint: integersOnly,
    rewrite({ op, splat }) {
      const divisor = op.operand(1);
      const kind = elementKind(op.result().type);
      const isUnit = isSplatOf(divisor, 1) || (kind === 'integer' && isSplatOf(divisor, -1));
      return isInteger(op.result().type) && isUnit ? splat(0) : undefined;
    },
  }),
  rule(power, {
    name: 'power-zero',
    equation: 'x ^ 0 = 1',
    floatingPoint: 'exact: also of NaN, as IEEE 754 has it for pow',
    rewrite({ op, splat }) {
      const exponent = splatNumber(op.operand(1));
      const isReal = elementKind(op.result().type) !== 'complex';
      return isReal && exponent !== undefined && Number(exponent) === 0 ? splat(1) : undefined;
    },
  }),
  rule(power, {
    name: 'power-one',
    equation: 'x ^ 1 = x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite: ({ op }) => (isSplatOf(op.operand(1), 1) ? op.operand(0) : undefined),
  }),
  rule(power, {
    name: 'power-two',
    equation: 'x ^ 2 = x * x',
    floatingPoint:
      'integers, f16, bf16, f32: the square is exact in f64, where pow is computed, so both round the same number. Not f64, where pow may be one unit off',
    rewrite({ op, makeAlike }) {
      const { type } = op.result();
      const kind = elementKind(type);
      const isRight = isInteger(type) || (kind === 'float' && (elementBits(type) ?? 64) <= 32);
      if (!isRight || !isSplatOf(op.operand(1), 2)) return undefined;
      return makeAlike(multiply, [op.operand(0), op.operand(0)]);
    },
  }),
];
