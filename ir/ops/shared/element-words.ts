/**
 * Elements as machine words. Ops that only move data copy words, never numbers: the bits of a NaN stay as they are, and 64-bit
 * integers cost no bigint. An element is one word of 8, 16 or 32 bits, or several of 32 bits: 2 for i64, f64 and complex<f32>,
 * 4 for complex<f64>.
 */
import { type DType, dtypeInfo, storageBytes } from '../../dtype.ts';
import type { Tensor } from '../../evaluator/tensor.ts';

export type WordArray = Uint8Array | Uint16Array | Uint32Array;

/** The tensor's memory as words, shared. */
export function wordsOf(tensor: Tensor): WordArray {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: bytes } = tensor.values;
  if (bytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (bytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

export function wordsPerElement(dtype: DType): number {
  const bytes = storageBytes(dtype);
  if (bytes >= 4) return bytes / 4;
  return dtypeInfo(dtype).slots;
}
