/**
 * Tensors of booleans, floats and integers of at most 32 bits as arrays of numbers: what elementwise loops run over. The common
 * storage forms are used as they are; the others pass through f64, which holds all of their values exactly. Four array classes keep
 * the loops fast.
 */
import { dtypeInfo, type DType } from '../../dtype.ts';
import type { ElementsArray } from '../../elements.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { decodeTable, encodeFloat, floatFormats, isFloatFormatName, wrapInt } from '../../numerics/index.ts';
import { floatFormatOf, integerFormatOf } from './scalar-formats.ts';

export type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array;

export type BigIntArray = BigInt64Array | BigUint64Array;

/** Floats whose storage is a bit pattern. */
function isEncoded(dtype: DType): boolean {
  return isFloatFormatName(dtype) && dtype !== 'f32' && dtype !== 'f64';
}

function isNumberArray(values: ElementsArray): values is NumberArray {
  return (
    values instanceof Float32Array ||
    values instanceof Int32Array ||
    values instanceof Uint8Array ||
    values instanceof Float64Array
  );
}

export function isBigIntArray(values: ElementsArray): values is BigIntArray {
  return values instanceof BigInt64Array || values instanceof BigUint64Array;
}

/** The elements as numbers; may be the tensor's own memory. 64-bit integers are rounded to f64. */
export function numbersOf(tensor: Tensor): NumberArray {
  const { dtype, values } = tensor;
  if (isEncoded(dtype)) return decodedNumbers(tensor);
  if (isNumberArray(values)) return values;
  return isBigIntArray(values) ? Float64Array.from(values, Number) : new Float64Array(values);
}

function decodedNumbers({ dtype, values }: Tensor): Float64Array {
  const table = decodeTable(floatFormatOf(dtype));
  const numbers = new Float64Array(values.length);
  for (let index = 0; index < numbers.length; index++) numbers[index] = table[Number(values[index])] ?? NaN;
  return numbers;
}

/** Where a loop writes the numbers that `storeNumbers` then puts into `result`: its own memory if that will do. */
export function numbersFor(result: Tensor): NumberArray {
  return isNumberArray(result.values) && !isEncoded(result.dtype)
    ? result.values
    : new Float64Array(result.values.length);
}

/**
 * Puts numbers into the tensor: floats rounded once to its format, integers modulo 2^width. Integers must be exact, below 2^53.
 */
export function storeNumbers(numbers: NumberArray, result: Tensor): void {
  const { dtype, values } = result;
  if (isEncoded(dtype)) return encodeNumbers(numbers, result);
  if (values !== numbers) {
    if (isBigIntArray(values)) for (let at = 0; at < values.length; at++) values[at] = BigInt(numbers[at] ?? 0);
    else values.set(numbers);
  }
  if (isNarrow(dtype)) wrapNarrow(result);
}

function encodeNumbers(numbers: NumberArray, { dtype, values }: Tensor): void {
  const format = isFloatFormatName(dtype) ? floatFormats[dtype] : floatFormats.f32;
  for (let index = 0; index < numbers.length; index++) values[index] = encodeFloat(numbers[index] ?? 0, format);
}

/** Integers of 2 and 4 bits: their storage has room for values out of range. */
function isNarrow(dtype: DType): boolean {
  const { bits, kind } = dtypeInfo(dtype);
  return bits < 8 && (kind === 'integer' || kind === 'unsigned');
}

function wrapNarrow({ dtype, values }: Tensor): void {
  const format = integerFormatOf(dtype);
  for (let index = 0; index < values.length; index++) values[index] = wrapInt(Number(values[index]), format);
}
