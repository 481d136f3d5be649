/**
 * Ops that compute each element from the elements at the same place: their meaning as value expressions. Used for tensors and for
 * the scalars in the regions of reducers alike.
 */
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation } from '../../ir/operation.ts';
import type { compare } from '../../ir/ops/stablehlo/compare.ts';
import type { reducePrecision } from '../../ir/ops/stablehlo/reduce-precision.ts';
import type { BinaryOp, CompareOp, UnaryOp } from '../kernel/scalar-ops.ts';
import type { ValueExpr } from '../kernel/structured-kernel.ts';
import { elementBytes, isFloatKernelDType, isUnsignedKernelDType, type KernelDType } from '../kernel/value-type.ts';
import {
  binary,
  bitcastValue,
  compareValues,
  constantValue,
  convertValue,
  requireKernelDType,
  selectValue,
  unary,
  unsupportedKernel,
} from './expressions.ts';
import { roundToPrecision } from './reduce-precision.ts';

type PointwiseRule = (operands: readonly ValueExpr[], op: Operation) => ValueExpr;

function operandAt(operands: readonly ValueExpr[], index: number, op: Operation): ValueExpr {
  const operand = operands[index];
  if (operand === undefined) throw unsupportedKernel(op, `it has no operand ${index}`);
  return operand;
}

function unaryRule(name: UnaryOp): PointwiseRule {
  return (operands, op) => {
    const operand = operandAt(operands, 0, op);
    if (isUnsignedKernelDType(operand.dtype) && name === 'abs') return operand;
    return unary(name, operand, name === 'is-finite' ? 'i1' : operand.dtype);
  };
}

/** Arithmetic on booleans is logic. */
const booleanOps: Readonly<Partial<Record<BinaryOp, BinaryOp>>> = {
  add: 'or',
  maximum: 'or',
  multiply: 'and',
  minimum: 'and',
};

function arithmetic(name: BinaryOp, lhs: ValueExpr, rhs: ValueExpr): ValueExpr {
  return binary(lhs.dtype === 'i1' ? (booleanOps[name] ?? name) : name, lhs, rhs);
}

function binaryRule(name: BinaryOp): PointwiseRule {
  return (operands, op) => arithmetic(name, operandAt(operands, 0, op), operandAt(operands, 1, op));
}

const directions: Readonly<Record<string, CompareOp>> = { EQ: 'eq', NE: 'ne', LT: 'lt', LE: 'le', GT: 'gt', GE: 'ge' };

/** An integer in the order of IEEE 754's totalOrder: negative floats have all but the sign bit flipped. */
function totalOrderKey(operand: ValueExpr): ValueExpr {
  const integers: Readonly<Record<number, KernelDType>> = { 2: 'i16', 4: 'i32', 8: 'i64' };
  const dtype = integers[elementBytes(operand.dtype)] ?? 'i32';
  const bits = bitcastValue(operand, dtype);
  const mask = (1n << BigInt(elementBytes(dtype) * 8 - 1)) - 1n;
  const isNegative = compareValues('lt', bits, constantValue(dtype, 0));
  return selectValue(isNegative, binary('xor', bits, constantValue(dtype, mask)), bits);
}

const compareRule: PointwiseRule = (operands, op) => {
  const { comparison_direction: direction, compare_type: type } = attributesOf<typeof compare.attributes>(op);
  const [lhs, rhs] = [operandAt(operands, 0, op), operandAt(operands, 1, op)];
  const name = directions[direction] ?? 'eq';
  const isTotal = type === 'TOTALORDER' && isFloatKernelDType(lhs.dtype);
  return isTotal ? compareValues(name, totalOrderKey(lhs), totalOrderKey(rhs)) : compareValues(name, lhs, rhs);
};

const clampRule: PointwiseRule = (operands, op) => {
  const [min, operand, max] = [operandAt(operands, 0, op), operandAt(operands, 1, op), operandAt(operands, 2, op)];
  return arithmetic('minimum', arithmetic('maximum', operand, min), max);
};

const resultConversion: PointwiseRule = (operands, op) =>
  convertValue(operandAt(operands, 0, op), requireKernelDType(op.result(), op));

const bitcastRule: PointwiseRule = (operands, op) =>
  bitcastValue(operandAt(operands, 0, op), requireKernelDType(op.result(), op));

const precisionRule: PointwiseRule = (operands, op) => {
  const { exponent_bits: exponent, mantissa_bits: mantissa } = attributesOf<typeof reducePrecision.attributes>(op);
  const rounded = roundToPrecision(operandAt(operands, 0, op), exponent, mantissa);
  if (rounded === undefined) throw unsupportedKernel(op, `it reduces ${op.operand(0).type.text}`);
  return rounded;
};

export const pointwiseRules: ReadonlyMap<string, PointwiseRule> = new Map<string, PointwiseRule>([
  ['stablehlo.abs', unaryRule('abs')],
  ['stablehlo.add', binaryRule('add')],
  ['stablehlo.and', binaryRule('and')],
  ['stablehlo.atan2', binaryRule('atan2')],
  ['stablehlo.cbrt', unaryRule('cbrt')],
  ['stablehlo.ceil', unaryRule('ceil')],
  ['stablehlo.clamp', clampRule],
  ['stablehlo.compare', compareRule],
  ['stablehlo.convert', resultConversion],
  ['stablehlo.cosine', unaryRule('cos')],
  ['stablehlo.count_leading_zeros', unaryRule('count-leading-zeros')],
  ['stablehlo.divide', binaryRule('divide')],
  ['stablehlo.exponential', unaryRule('exp')],
  ['stablehlo.exponential_minus_one', unaryRule('expm1')],
  ['stablehlo.floor', unaryRule('floor')],
  ['stablehlo.is_finite', unaryRule('is-finite')],
  ['stablehlo.log', unaryRule('log')],
  ['stablehlo.log_plus_one', unaryRule('log1p')],
  ['stablehlo.logistic', unaryRule('logistic')],
  ['stablehlo.maximum', binaryRule('maximum')],
  ['stablehlo.minimum', binaryRule('minimum')],
  ['stablehlo.multiply', binaryRule('multiply')],
  ['stablehlo.negate', unaryRule('negate')],
  ['stablehlo.not', unaryRule('not')],
  ['stablehlo.or', binaryRule('or')],
  ['stablehlo.popcnt', unaryRule('popcount')],
  ['stablehlo.power', binaryRule('power')],
  ['stablehlo.reduce_precision', precisionRule],
  ['stablehlo.remainder', binaryRule('remainder')],
  ['stablehlo.round_nearest_afz', unaryRule('round-away')],
  ['stablehlo.round_nearest_even', unaryRule('round-even')],
  ['stablehlo.rsqrt', unaryRule('rsqrt')],
  [
    'stablehlo.select',
    (operands, op) => selectValue(operandAt(operands, 0, op), operandAt(operands, 1, op), operandAt(operands, 2, op)),
  ],
  ['stablehlo.shift_left', binaryRule('shift-left')],
  ['stablehlo.shift_right_arithmetic', binaryRule('shift-right-arithmetic')],
  ['stablehlo.shift_right_logical', binaryRule('shift-right-logical')],
  ['stablehlo.sign', unaryRule('sign')],
  ['stablehlo.sine', unaryRule('sin')],
  ['stablehlo.sqrt', unaryRule('sqrt')],
  ['stablehlo.subtract', binaryRule('subtract')],
  ['stablehlo.tan', unaryRule('tan')],
  ['stablehlo.tanh', unaryRule('tanh')],
  ['stablehlo.xor', binaryRule('xor')],
  ['chlo.erf', unaryRule('erf')],
]);

/** `bitcast_convert` between types of one width is pointwise; others move data (movement-rules.ts). */
export function pointwiseRule(op: Operation): PointwiseRule | undefined {
  if (op.name !== 'stablehlo.bitcast_convert') return pointwiseRules.get(op.name);
  const from = requireKernelDType(op.operand(0), op);
  const to = requireKernelDType(op.result(), op);
  return elementBytes(from) === elementBytes(to) ? bitcastRule : undefined;
}
