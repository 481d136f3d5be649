/** `compare` on whole tensors. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { Tensor } from '../../evaluator/tensor.ts';
import { dtypeInfo } from '../../dtype.ts';
import { isComplexEqual, isComplexLess } from './complex-order.ts';
import { bigintsOf, complexAt } from './elementwise-loops.ts';
import { numbersOf } from './number-arrays.ts';
import { elementClass, floatFormatOf } from './scalar-formats.ts';

export const comparisonDirections = ['EQ', 'NE', 'GE', 'GT', 'LE', 'LT'] as const;
export type ComparisonDirection = (typeof comparisonDirections)[number];

export const comparisonTypes = ['NOTYPE', 'FLOAT', 'TOTALORDER', 'SIGNED', 'UNSIGNED'] as const;
export type ComparisonType = (typeof comparisonTypes)[number];

type Comparison = <T extends number | bigint>(x: T, y: T) => boolean;

const comparisons: Readonly<Record<ComparisonDirection, Comparison>> = {
  EQ: (x, y) => x === y,
  NE: (x, y) => x !== y,
  GE: (x, y) => x >= y,
  GT: (x, y) => x > y,
  LE: (x, y) => x <= y,
  LT: (x, y) => x < y,
};

/** A boolean tensor; both inputs have one dtype and one shape. */
export function compareTensors(
  direction: ComparisonDirection,
  type: ComparisonType,
  x: Tensor,
  y: Tensor,
  context: EvaluationContext,
): Tensor {
  const result = context.allocate('i1', x.shape);
  const target = result.values;
  const kind = elementClass(x.dtype);
  if (kind === 'complex') compareComplex(direction, x, y, result);
  else if (kind === 'bigint') compareBigints(comparisons[direction], x, y, result);
  else if (kind === 'float' && type === 'TOTALORDER') {
    const [left, right] = [totalOrderKeys(x), totalOrderKeys(y)];
    if (elementClass(left.dtype) === 'bigint') compareBigints(comparisons[direction], left, right, result);
    else compareNumbers(comparisons[direction], left, right, target as Uint8Array);
  } else compareNumbers(comparisons[direction], x, y, target as Uint8Array);
  return result;
}

function compareNumbers(compare: Comparison, x: Tensor, y: Tensor, target: Uint8Array): void {
  const left = numbersOf(x);
  const right = numbersOf(y);
  for (let index = 0; index < target.length; index++)
    target[index] = compare(left[index] ?? 0, right[index] ?? 0) ? 1 : 0;
}

function compareBigints(compare: Comparison, x: Tensor, y: Tensor, result: Tensor): void {
  const left = bigintsOf(x);
  const right = bigintsOf(y);
  for (let index = 0; index < left.length; index++)
    result.values[index] = compare(left[index] ?? 0n, right[index] ?? 0n) ? 1 : 0;
}

function compareComplex(direction: ComparisonDirection, x: Tensor, y: Tensor, result: Tensor): void {
  for (let index = 0; index < result.values.length; index++) {
    const left = complexAt(x.values, index);
    const right = complexAt(y.values, index);
    const isEqual = isComplexEqual(left, right);
    const holds = {
      EQ: isEqual,
      NE: !isEqual,
      GE: isEqual || isComplexLess(right, left),
      GT: isComplexLess(right, left),
      LE: isEqual || isComplexLess(left, right),
      LT: isComplexLess(left, right),
    };
    result.values[index] = holds[direction] ? 1 : 0;
  }
}

/** Numbers or bigints in the order of the elements; floats in their total order. Not for complex elements. */
export function orderKeys(x: Tensor): ArrayLike<number | bigint> {
  return elementClass(x.dtype) === 'float' ? totalOrderKeys(x).values : x.values;
}

/**
 * Signed integers in IEEE-754 `totalOrder`: negative NaN, -infinity, ..., -0, 0, ..., infinity, NaN. The bits of a negative float
 * grow with its magnitude, so all but the sign are flipped.
 */
function totalOrderKeys(x: Tensor): Tensor {
  const { buffer, byteOffset, length } = x.values;
  const { bits } = dtypeInfo(x.dtype);
  if (bits === 64)
    return new Tensor('i64', x.shape, new BigInt64Array(buffer, byteOffset, length).map(flipNegativeBigint));
  if (bits === 32) return new Tensor('i32', x.shape, new Int32Array(buffer, byteOffset, length).map(flipNegative));
  // A narrow format stands in the low bits; one without a sign (f8E8M0FNU) is in order as it is.
  const unused = floatFormatOf(x.dtype).specials === 'power-of-two' ? 0 : 32 - bits;
  const keyOf = (pattern: number | bigint): number => flipNegative(Number(pattern) << unused);
  return new Tensor('i32', x.shape, Int32Array.from(x.values, keyOf));
}

function flipNegative(bits: number): number {
  return bits < 0 ? bits ^ 0x7fffffff : bits;
}

function flipNegativeBigint(bits: bigint): bigint {
  return bits < 0n ? bits ^ 0x7fffffffffffffffn : bits;
}
