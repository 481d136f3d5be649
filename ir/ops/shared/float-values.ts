/**
 * Real and complex tensors as f64 slots, for ops that compute in f64 and round once at the end. Complex elements take two
 * slots, real part first, as in storage.
 */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { type DType, dtypeInfo } from '../../dtype.ts';
import {
  decodeTable,
  encodeFloat,
  type FloatFormatName,
  floatFormats,
  isFloatFormatName,
} from '../../numerics/index.ts';

/** The slots of a tensor of any dtype as f64; 64-bit integers are rounded. The result may be the tensor's own storage. */
export function floatSlots(tensor: Tensor): Float64Array {
  const { dtype, values } = tensor;
  if (values instanceof Float64Array) return values;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
  if (isEncodedFloat(dtype)) {
    const table = decodeTable(floatFormats[dtype]);
    return Float64Array.from(values, (bits) => table[bits] ?? NaN);
  }
  return Float64Array.from(values);
}

/** A tensor of a float or complex dtype from f64 slots, each rounded once. */
export function tensorOfFloats(
  context: EvaluationContext,
  dtype: DType,
  shape: readonly number[],
  slots: Float64Array,
): Tensor {
  const result = context.allocate(dtype, shape);
  storeFloats(slots, result);
  return result;
}

/** Writes f64 slots into a tensor of a float or complex dtype. */
export function storeFloats(slots: Float64Array, target: Tensor): void {
  const { dtype, values } = target;
  if (isEncodedFloat(dtype)) {
    const format = floatFormats[dtype];
    for (let index = 0; index < slots.length; index++) values[index] = encodeFloat(slots[index] ?? 0, format);
  } else if (values instanceof Float32Array || values instanceof Float64Array) {
    values.set(slots);
  } else {
    throw new TypeError(`${dtype} is not a float`);
  }
}

/** Floats whose storage is a bit pattern. */
function isEncodedFloat(dtype: DType): dtype is DType & FloatFormatName {
  return isFloatFormatName(dtype) && floatFormats[dtype].width < 32;
}

/** True for all float and complex types. */
export function isFloatOrComplex(dtype: DType): boolean {
  const { kind } = dtypeInfo(dtype);
  return kind === 'float' || kind === 'complex';
}
