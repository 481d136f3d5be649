/**
 * Quantised elements and the floats they stand for (spec.md, "Quantized types"): `float = (storage - zero_point) * scale`. Every
 * step is rounded to the expressed type, as the specification's `quantize` and `dequantize` are written.
 */
import { isBigIntDType } from '../dtype.ts';
import { type FloatFormat, floatFormats, isFloatFormatName, roundHalfEven, roundToFormat } from '../numerics/index.ts';
import { floatSlots, storeFloats } from '../ops/shared/float-values.ts';
import type { QuantizedType } from '../types.ts';
import type { EvaluationContext } from './runtime-value.ts';
import { rowMajorStrides, type Tensor } from './tensor.ts';

/** Which scale and zero point an element has, by its position in row-major order. */
function parameterIndex(type: QuantizedType, shape: readonly number[]): (position: number) => number {
  if (type.scales.length === 1) return () => 0;
  const strides = rowMajorStrides(shape);
  const blocks = type.blockSizes ?? [[type.dimension ?? 0, 1] as const];
  const factors = blocks.map(([axis, size]) => ({
    size,
    stride: strides[axis] ?? 1,
    dim: shape[axis] ?? 1,
    count: Math.ceil((shape[axis] ?? 1) / size),
  }));
  return (position) => {
    let index = 0;
    for (const { size, stride, dim, count } of factors)
      index = index * count + Math.floor((Math.floor(position / stride) % dim) / size);
    return index;
  };
}

function formatOf(type: QuantizedType): FloatFormat {
  return isFloatFormatName(type.expressed) ? floatFormats[type.expressed] : floatFormats.f32;
}

/** From integers of the storage type to floats of the expressed type. */
export function dequantize(tensor: Tensor, type: QuantizedType, context: EvaluationContext): Tensor {
  const result = context.allocate(type.expressed, tensor.shape);
  const format = formatOf(type);
  const parameterOf = parameterIndex(type, tensor.shape);
  const scales = type.scales.map((scale) => roundToFormat(scale, format));
  const zeroPoints = type.zeroPoints.map(Number);
  const floats = new Float64Array(tensor.size);
  for (let position = 0; position < floats.length; position++) {
    const parameter = parameterOf(position);
    const offset = roundToFormat(tensor.integer(position) - (zeroPoints[parameter] ?? 0), format);
    floats[position] = roundToFormat(offset * (scales[parameter] ?? 1), format);
  }
  storeFloats(floats, result);
  return result;
}

/** From floats to integers of the storage type, clamped to its range; ties go to even. */
export function quantize(tensor: Tensor, type: QuantizedType, context: EvaluationContext): Tensor {
  const result = context.allocate(type.storage, tensor.shape);
  const format = formatOf(type);
  const parameterOf = parameterIndex(type, tensor.shape);
  const scales = type.scales.map((scale) => roundToFormat(scale, format));
  const zeroPoints = type.zeroPoints.map((point) => roundToFormat(Number(point), format));
  const least = roundToFormat(Number(type.storageMin), format);
  const greatest = roundToFormat(Number(type.storageMax), format);
  const floats = floatSlots(tensor);
  const isBigInt = isBigIntDType(type.storage);
  for (let position = 0; position < floats.length; position++) {
    const parameter = parameterOf(position);
    const scaled = roundToFormat((floats[position] ?? 0) / (scales[parameter] ?? 1), format);
    const moved = roundToFormat(scaled + (zeroPoints[parameter] ?? 0), format);
    const rounded = roundHalfEven(Math.min(Math.max(moved, least), greatest));
    const stored = clampStored(rounded, type);
    result.values[position] = isBigInt ? BigInt(stored) : stored;
  }
  return result;
}

/** NaN becomes 0; the bounds themselves may have been rounded up past what the storage type holds. */
function clampStored(value: number, type: QuantizedType): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(Math.max(value, Number(type.storageMin)), Number(type.storageMax));
}
