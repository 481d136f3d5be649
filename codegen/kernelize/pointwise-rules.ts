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
  elementOf,
  requireKernelDType,
  selectValue,
  unary,
  unsupportedKernel,
} from './expressions.ts';
import { bitsOfElement, convertElement, elementOfBits } from './narrow-elements.ts';
import { roundToPrecision } from './reduce-precision.ts';

export type PointwiseRule = (operands: readonly ValueExpr[], op: Operation) => ValueExpr;

function operandAt(operands: readonly ValueExpr[], index: number, op: Operation): ValueExpr {
  const operand = operands[index];
  if (operand === undefined) throw unsupportedKernel(op, `it has no operand ${index}`);
  return operand;
}

export function unaryRule(name: UnaryOp): PointwiseRule {
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

export function binaryRule(name: BinaryOp): PointwiseRule {
  return (operands, op) => arithmetic(name, operandAt(operands, 0, op), operandAt(operands, 1, op));
}

const directions: Readonly<Record<string, CompareOp>> = { EQ: 'eq', NE: 'ne', LT: 'lt', LE: 'le', GT: 'gt', GE: 'ge' };

/** An integer in the order of IEEE 754's totalOrder: negative floats have all but the sign bit flipped. */
export function totalOrderKey(operand: ValueExpr): ValueExpr {
  const integers: Readonly<Record<number, KernelDType>> = { 2: 'i16', 4: 'i32', 8: 'i64' };
  const dtype = integers[elementBytes(operand.dtype)] ?? 'i32';
  const width = elementBytes(dtype) * 8;
  const bits = bitcastValue(operand, dtype);
  const sign = binary('shift-right-arithmetic', bits, constantValue(dtype, width - 1));
  return binary('xor', bits, binary('shift-right-logical', sign, constantValue(dtype, 1)));
}

export const compareRule: PointwiseRule = (operands, op) => {
  const { comparison_direction: direction, compare_type: type } = attributesOf<typeof compare.attributes>(op);
  const [lhs, rhs] = [operandAt(operands, 0, op), operandAt(operands, 1, op)];
  const name = directions[direction] ?? 'eq';
  const isTotal = type === 'TOTALORDER' && isFloatKernelDType(lhs.dtype);
  return isTotal ? compareValues(name, totalOrderKey(lhs), totalOrderKey(rhs)) : compareValues(name, lhs, rhs);
};

export const clampRule: PointwiseRule = (operands, op) => {
  const [min, operand, max] = [operandAt(operands, 0, op), operandAt(operands, 1, op), operandAt(operands, 2, op)];
  return arithmetic('minimum', arithmetic('maximum', operand, min), max);
};

export const selectRule: PointwiseRule = (operands, op) =>
  selectValue(operandAt(operands, 0, op), operandAt(operands, 1, op), operandAt(operands, 2, op));

export const convertRule: PointwiseRule = (operands, op) => {
  const [from, to] = [elementOf(op.operand(0), op), elementOf(op.result(), op)];
  return convertElement(operandAt(operands, 0, op), from, to, requireKernelDType(op.result(), op));
};

/** `bitcast_convert` of a scalar; that of a tensor may move data. */
export const scalarBitcastRule: PointwiseRule = (operands, op) => {
  const [from, to] = [elementOf(op.operand(0), op), elementOf(op.result(), op)];
  const bits = bitsOfElement(operandAt(operands, 0, op), from);
  return elementOfBits(bits, to, requireKernelDType(op.result(), op));
};

/** Scalars through ops that only change shapes. */
export const sameScalarRule: PointwiseRule = (operands, op) => operandAt(operands, 0, op);

export const precisionRule: PointwiseRule = (operands, op) => {
  const { exponent_bits: exponent, mantissa_bits: mantissa } = attributesOf<typeof reducePrecision.attributes>(op);
  const rounded = roundToPrecision(operandAt(operands, 0, op), exponent, mantissa);
  if (rounded === undefined) throw unsupportedKernel(op, `it reduces ${op.operand(0).type.text}`);
  return rounded;
};
