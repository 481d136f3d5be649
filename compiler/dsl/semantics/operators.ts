/** Operators: on compile-time values they compute, on tensors they make ops. */
import { type DType, dtypeInfo } from '../../../ir/dtype.ts';
import type { OpDefinition } from '../../../ir/op-definition.ts';
import { add } from '../../../ir/ops/stablehlo/add.ts';
import { and } from '../../../ir/ops/stablehlo/and.ts';
import { divide } from '../../../ir/ops/stablehlo/divide.ts';
import { multiply } from '../../../ir/ops/stablehlo/multiply.ts';
import { negate } from '../../../ir/ops/stablehlo/negate.ts';
import { not } from '../../../ir/ops/stablehlo/not.ts';
import { or } from '../../../ir/ops/stablehlo/or.ts';
import { power } from '../../../ir/ops/stablehlo/power.ts';
import { remainder } from '../../../ir/ops/stablehlo/remainder.ts';
import { subtract } from '../../../ir/ops/stablehlo/subtract.ts';
import type { UnaryOperator } from '../syntax/ast.ts';
import { broadcastTogether } from './broadcasting.ts';
import type { CallSite } from './call-site.ts';
import { compileTimeBinary } from './compile-time-arithmetic.ts';
import { constantDimension, constantOf } from './dimension.ts';
import { UnknownOperand } from './language-error.ts';
import { type Operand, refuse, type ValueOperator } from './operand.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { matrixProduct } from './matrix-product.ts';
import type { Comparison } from './tensor-ops.ts';
import { dtypeText, typeOf, typeText } from './type-text.ts';
import type { TensorValue, Value } from './values.ts';

const arithmetic: Readonly<Record<'+' | '-' | '*' | '/', OpDefinition>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
};

const comparisons: Readonly<Record<'==' | '!=' | '<' | '<=' | '>' | '>=', Comparison>> = {
  '==': 'EQ',
  '!=': 'NE',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
};

/** `lhs op rhs`. Tensors broadcast; a compile-time number takes the dtype of the tensor it meets. */
export function binaryOperator(operator: ValueOperator, lhs: Operand, rhs: Operand, site: CallSite): Value {
  if (lhs.value.kind === 'unknown' || rhs.value.kind === 'unknown') throw new UnknownOperand();
  if (lhs.value.kind !== 'tensor' && rhs.value.kind !== 'tensor') return compileTimeBinary(operator, lhs, rhs, site);
  switch (operator) {
    case '@':
      return matrixProduct(tensorOperand(operator, lhs, site), tensorOperand(operator, rhs, site), site);
    case '**':
      return powerOf(lhs, rhs, site);
    case 'and':
    case 'or': {
      const [a, b] = booleans(operator, lhs, rhs, site);
      return site.ops.elementwise(operator === 'and' ? and : or, [a, b]);
    }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [a, b] = alike(operator, lhs, rhs, site);
      return site.ops.compare(comparisons[operator], a, b);
    }
    case '+':
    case '-':
    case '*':
    case '/': {
      const [a, b] = numbers(operator, lhs, rhs, site);
      return site.ops.elementwise(arithmetic[operator], [a, b]);
    }
    case '%': {
      const [a, b] = numbers(operator, lhs, rhs, site);
      return restOf(a, b, site);
    }
  }
}

/** `a - b * floor(a / b)`, with the sign of `b`, as at compile time; the IR's remainder has the sign of `a`. */
function restOf(a: TensorValue, b: TensorValue, site: CallSite): TensorValue {
  const { ops } = site;
  const rest = ops.elementwise(remainder, [a, b]);
  if (dtypeInfo(a.dtype).kind === 'unsigned') return rest;
  const zero = ops.constant(0, a.dtype, a.dims);
  const signsDiffer = ops.compare('NE', ops.compare('LT', rest, zero), ops.compare('LT', b, zero));
  const isBetween = ops.elementwise(and, [signsDiffer, ops.compare('NE', rest, zero)]);
  return ops.select(isBetween, ops.elementwise(add, [rest, b]), rest);
}

export function unaryOperator(operator: UnaryOperator, operand: Operand, site: CallSite): Value {
  const { value } = operand;
  if (value.kind === 'unknown') throw new UnknownOperand();
  if (value.kind !== 'tensor') return compileTimeUnary(operator, operand, site);
  const isBoolean = value.dtype === 'i1';
  if ((operator === 'not') !== isBoolean) return refuse(operator, [operand], site);
  return site.ops.elementwise(operator === 'not' ? not : negate, [value]);
}

function compileTimeUnary(operator: UnaryOperator, operand: Operand, site: CallSite): Value {
  const { value } = operand;
  if (operator === 'not') {
    if (value.kind !== 'bool') return refuse(operator, [operand], site);
    return { kind: 'bool', value: value.value === undefined ? undefined : !value.value };
  }
  if (value.kind === 'float') {
    const text =
      value.text === undefined ? undefined : value.text.startsWith('-') ? value.text.slice(1) : `-${value.text}`;
    return { kind: 'float', value: value.value === undefined ? undefined : -value.value, text };
  }
  if (value.kind !== 'int') return refuse(operator, [operand], site);
  return compileTimeBinary('*', { ...operand, value: minusOne }, operand, site);
}

const minusOne: Value = { kind: 'int', value: constantDimension(-1) };

/** Both as tensors of one dtype and shape. */
export function alike(name: string, lhs: Operand, rhs: Operand, site: CallSite): readonly [TensorValue, TensorValue] {
  const hint = lhs.value.kind === 'tensor' ? lhs.value.dtype : rhs.value.kind === 'tensor' ? rhs.value.dtype : 'f32';
  const a = asOperand(name, lhs, hint, site);
  const b = asOperand(name, rhs, hint, site);
  if (a.dtype !== b.dtype) return reportDTypes(name, a, b, site);
  return broadcastTogether(a, b, site);
}

function numbers(name: string, lhs: Operand, rhs: Operand, site: CallSite): readonly [TensorValue, TensorValue] {
  const pair = alike(name, lhs, rhs, site);
  return pair[0].dtype === 'i1' ? refuse(name, [lhs, rhs], site) : pair;
}

function booleans(name: string, lhs: Operand, rhs: Operand, site: CallSite): readonly [TensorValue, TensorValue] {
  const isBoolean = ({ value }: Operand): boolean =>
    value.kind === 'bool' || (value.kind === 'tensor' && value.dtype === 'i1');
  return isBoolean(lhs) && isBoolean(rhs) ? alike(name, lhs, rhs, site) : refuse(name, [lhs, rhs], site);
}

/** Small whole powers are products: `x ** 2` is `x * x`; `x ** 0.5` is left to the algebraic rules. */
function powerOf(lhs: Operand, rhs: Operand, site: CallSite): Value {
  const exponent = rhs.value.kind === 'int' ? constantOf(rhs.value.value) : undefined;
  if (lhs.value.kind === 'tensor' && exponent !== undefined && exponent > 0 && exponent <= 4) {
    if (lhs.value.dtype === 'i1') return refuse('**', [lhs, rhs], site);
    return wholePower(lhs.value, exponent, site);
  }
  const [a, b] = numbers('**', lhs, rhs, site);
  return site.ops.elementwise(power, [a, b]);
}

function wholePower(x: TensorValue, exponent: number, site: CallSite): TensorValue {
  if (exponent === 1) return x;
  const half = wholePower(x, exponent >> 1, site);
  const square = site.ops.elementwise(multiply, [half, half]);
  return exponent % 2 === 0 ? square : site.ops.elementwise(multiply, [square, x]);
}

function tensorOperand(name: string, operand: Operand, site: CallSite): TensorValue {
  return operand.value.kind === 'tensor' ? operand.value : refuse(name, [operand], site);
}

function asOperand(name: string, { value, span }: Operand, dtype: DType, site: CallSite): TensorValue {
  if (value.kind === 'tensor') return value;
  return isLiteral(value) ? literalTensor(value, dtype, span, site) : refuse(name, [{ value, span }], site);
}

function reportDTypes(name: string, a: TensorValue, b: TensorValue, site: CallSite): never {
  // The cast that loses least: to the float, or to the wider one.
  const widths = [a, b].map((x) => [dtypeInfo(x.dtype).kind === 'float' ? 1 : 0, dtypeInfo(x.dtype).bits] as const);
  const [x, y] = widths;
  const first = x !== undefined && y !== undefined && (x[0] > y[0] || (x[0] === y[0] && x[1] >= y[1]));
  const target = dtypeText(first ? a.dtype : b.dtype);
  return site.fail('E6302', `\`${name}\` between ${dtypeText(a.dtype)} and ${dtypeText(b.dtype)}`, {
    notes: [a, b].map((operand) => ({ message: `this is \`${typeText(typeOf(operand))}\``, span: operand.origin })),
    hint: `nothing casts by itself; convert ${first ? 'the right' : 'the left'} one with \`${target}(...)\``,
  });
}
