/**
 * The raw form `dense<"0x...">`: little-endian elements as they lie in memory, a whole byte for sub-byte ones. i1 takes a byte an
 * element as well; the packed form of older files, eight to a byte, is read too. One element stands for all.
 */
import { type DType, dtypeInfo, storageBytes } from '../dtype.ts';
import { type ElementsArray, type ElementsData, viewElements } from '../elements.ts';
import type { SourceFile } from '../source.ts';
import { collapseSplat } from './dense-splat.ts';
import { hexBytes } from './hex-data.ts';

/** The payload of the string token at `[start, end)`; the number of bytes given when it is not what the type takes. */
export function denseFromHex(
  source: SourceFile,
  start: number,
  end: number,
  dtype: DType,
  count: number,
): ElementsData | 'malformed' | number {
  const data = hexBytes(source, start, end);
  if (data === undefined) return 'malformed';
  const size = storageBytes(dtype);
  const { slots } = dtypeInfo(dtype);
  if (data.length === count * size) return collapseSplat(toElements(data, dtype), slots);
  if (data.length === size) return { splat: true, values: toElements(data, dtype) };
  if (dtype === 'i1' && data.length === Math.ceil(count / 8)) return collapseSplat(unpackBits(data, count), 1);
  return data.length;
}

/** The bytes as the dtype's storage array, in the same memory; sub-byte elements are cut to their bits. */
export function toElements(data: Uint8Array<ArrayBuffer>, dtype: DType): ElementsArray {
  const { bits, kind, slots } = dtypeInfo(dtype);
  const values = viewElements(data, dtype);
  if (bits >= 8 || slots === 2) return values;
  const small = values as Int8Array | Uint8Array;
  const shift = 32 - bits;
  for (let index = 0; index < small.length; index++) {
    const value = small[index] ?? 0;
    if (kind === 'boolean') small[index] = value === 0 ? 0 : 1;
    else small[index] = kind === 'integer' ? (value << shift) >> shift : (value << shift) >>> shift;
  }
  return values;
}

function unpackBits(data: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => ((data[index >> 3] ?? 0) >> (index & 7)) & 1);
}
