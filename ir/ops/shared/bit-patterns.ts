/** Elements as bit patterns, for `bitcast_convert`: little-endian, the lowest bits first. */
import { type DType, dtypeInfo } from '../../dtype.ts';
import { elementsBytes } from '../../elements.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { wrapInt } from '../../numerics/index.ts';
import { integerFormatOf } from './scalar-formats.ts';

/** `[..., n]` of narrower elements for each wider one, or the reverse; equal widths keep the shape. */
export function reinterpretBits(operand: Tensor, dtype: DType, context: EvaluationContext): Tensor {
  const from = dtypeInfo(operand.dtype).bits;
  const to = dtypeInfo(dtype).bits;
  const result = context.allocate(dtype, resultShape(operand.shape, from, to));
  if (from >= 8 && to >= 8) elementsBytes(result.values).set(elementsBytes(operand.values));
  else repackBits(operand, from, result, to);
  return result;
}

function resultShape(shape: readonly number[], from: number, to: number): readonly number[] {
  if (from === to) return shape;
  return to < from ? [...shape, from / to] : shape.slice(0, -1);
}

/** Elements of fewer than 8 bits take a byte each in storage; here they stand close together. */
function repackBits(operand: Tensor, from: number, result: Tensor, to: number): void {
  const source = elementsBytes(operand.values);
  const target = elementsBytes(result.values);
  const fromBits = Math.min(from, 8);
  const toBits = Math.min(to, 8);
  const total = source.length * fromBits;
  for (let bit = 0; bit < total; bit++) {
    const value = ((source[Math.floor(bit / fromBits)] ?? 0) >> (bit % fromBits)) & 1;
    const at = Math.floor(bit / toBits);
    target[at] = (target[at] ?? 0) | (value << (bit % toBits));
  }
  const { kind } = dtypeInfo(result.dtype);
  if (to >= 8 || kind !== 'integer') return;
  const format = integerFormatOf(result.dtype);
  for (let index = 0; index < target.length; index++) result.values[index] = wrapInt(target[index] ?? 0, format);
}
