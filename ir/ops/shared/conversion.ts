/**
 * `convert` between any two dtypes. Integers keep their low bits; floats become integers towards zero, saturating, and NaN becomes 0;
 * everything becomes a float rounded once; a boolean is "not zero"; a complex number loses its imaginary part, or gets a zero one.
 */
import { type DType, dtypeInfo } from '../../dtype.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { floatToBigint, floatToInt } from '../../numerics/index.ts';
import { bigintsOf } from './elementwise-loops.ts';
import { isBigIntArray, type NumberArray, numbersFor, numbersOf, storeNumbers } from './number-arrays.ts';
import { elementClass, integerFormatOf } from './scalar-formats.ts';

/** The same shape; the tensor itself when it has the dtype already. */
export function convertTensor(x: Tensor, dtype: DType, context: EvaluationContext): Tensor {
  if (x.dtype === dtype) return x;
  if (dtypeInfo(x.dtype).kind === 'complex') return convertComplex(x, dtype, context);
  if (dtypeInfo(dtype).kind === 'complex') return toComplex(x, dtype, context);
  const result = context.allocate(dtype, x.shape);
  convertReal(x, result);
  return result;
}

function convertReal(x: Tensor, result: Tensor): void {
  const to = elementClass(result.dtype);
  if (isBigIntArray(x.values)) return convertBigints(x, result);
  const numbers = numbersOf(x);
  const isFloat = elementClass(x.dtype) === 'float';
  if (to === 'boolean') return mapInto(numbers, result, (value) => (value === 0 ? 0 : 1));
  if (to === 'bigint') return numbersToBigints(numbers, isFloat, result);
  if (to === 'float' || !isFloat) return mapInto(numbers, result, (value) => value);
  const format = integerFormatOf(result.dtype);
  mapInto(numbers, result, (value) => floatToInt(value, format));
}

function mapInto(numbers: NumberArray, result: Tensor, map: (value: number) => number): void {
  const target = numbersFor(result);
  for (let index = 0; index < target.length; index++) target[index] = map(numbers[index] ?? 0);
  storeNumbers(target, result);
}

function numbersToBigints(numbers: NumberArray, isFloat: boolean, result: Tensor): void {
  const target = bigintsOf(result);
  const format = integerFormatOf(result.dtype);
  for (let index = 0; index < target.length; index++) {
    const value = numbers[index] ?? 0;
    target[index] = isFloat ? floatToBigint(value, format) : BigInt(value);
  }
}

function convertBigints(x: Tensor, result: Tensor): void {
  const from = bigintsOf(x);
  const kind = elementClass(result.dtype);
  if (kind === 'bigint') {
    const target = bigintsOf(result);
    for (let index = 0; index < target.length; index++) target[index] = from[index] ?? 0n;
    return;
  }
  const target = numbersFor(result);
  const toNumber = kind === 'boolean' ? bigintToBoolean : kind === 'float' ? floatFrom(result.dtype) : lowBits;
  for (let index = 0; index < target.length; index++) target[index] = toNumber(from[index] ?? 0n);
  storeNumbers(target, result);
}

function bigintToBoolean(value: bigint): number {
  return value === 0n ? 0 : 1;
}

function lowBits(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function floatFrom(dtype: DType): (value: bigint) => number {
  return dtype === 'f64' ? Number : roundToOdd;
}

/**
 * A 64-bit integer as an f64 that rounds to any narrower format as the integer itself would: when bits are lost, the last one
 * kept is set, so that no value lands on a tie that was none.
 */
function roundToOdd(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Number(value);
  const kept = (magnitude >> 11n) | (magnitude & 2047n ? 1n : 0n);
  const rounded = Number(kept) * 2048;
  return value < 0n ? -rounded : rounded;
}

function convertComplex(x: Tensor, dtype: DType, context: EvaluationContext): Tensor {
  const { kind, part } = dtypeInfo(dtype);
  if (kind === 'complex') {
    const result = context.allocate(dtype, x.shape);
    for (let slot = 0; slot < result.values.length; slot++) result.values[slot] = x.values[slot] ?? 0;
    return result;
  }
  const real = context.allocate(dtypeInfo(x.dtype).part, x.shape);
  for (let index = 0; index < real.values.length; index++) real.values[index] = x.values[2 * index] ?? 0;
  return convertTensor(real, part, context);
}

function toComplex(x: Tensor, dtype: DType, context: EvaluationContext): Tensor {
  const real = convertTensor(x, dtypeInfo(dtype).part, context);
  const result = context.allocate(dtype, x.shape);
  for (let index = 0; index < real.values.length; index++) result.values[2 * index] = real.values[index] ?? 0;
  return result;
}
