/**
 * Payloads of dense constants and of evaluator tensors: a typed array in the dtype's storage form (design section 2).
 *
 * - i1: one byte, 0 or 1. i2, i4, i8 and ui2, ui4, ui8: one byte each, sign- or zero-extended.
 * - f16, bf16: their bit pattern in 16 bits. f8, f6, f4: their bit pattern in one byte.
 * - complex: interleaved real and imaginary parts, two slots an element.
 * - quantised: the storage type's form.
 */
import { type DType, dtypeInfo, type StorageKind } from './dtype.ts';
import type { ElementType } from './types.ts';

export type ElementsArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export interface ElementsData {
  /** One element stands for all of them. */
  readonly splat: boolean;
  /** One element when splat, else as many as the type has; complex takes two slots an element. */
  readonly values: ElementsArray;
}

/** The dtype whose storage form holds this element type. */
export function storageDType(element: ElementType): DType {
  return typeof element === 'string' ? element : element.storage;
}

/** A zeroed storage array for `count` elements. Throws RangeError when the engine cannot hold it. */
export function allocateElements(dtype: DType, count: number): ElementsArray {
  const { storage, slots } = dtypeInfo(dtype);
  return allocateStorage(storage, count * slots);
}

function allocateStorage(storage: StorageKind, length: number): ElementsArray {
  switch (storage) {
    case 'i8':
      return new Int8Array(length);
    case 'u8':
      return new Uint8Array(length);
    case 'i16':
      return new Int16Array(length);
    case 'u16':
      return new Uint16Array(length);
    case 'i32':
      return new Int32Array(length);
    case 'u32':
      return new Uint32Array(length);
    case 'i64':
      return new BigInt64Array(length);
    case 'u64':
      return new BigUint64Array(length);
    case 'f32':
      return new Float32Array(length);
    case 'f64':
      return new Float64Array(length);
    default:
      return storage satisfies never;
  }
}

/** Bytes as a payload; it shares their memory where they lie at a multiple of what a number takes, else it is a copy. */
export function viewElements(bytes: Uint8Array, dtype: DType): ElementsArray {
  const { BYTES_PER_ELEMENT: width, constructor } = allocateElements(dtype, 0);
  const source = bytes.byteOffset % width === 0 ? bytes : Uint8Array.from(bytes);
  const view = constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => ElementsArray;
  return new view(source.buffer, source.byteOffset, Math.floor(source.length / width));
}

/** The raw bytes of a payload, sharing memory. */
export function elementsBytes(values: ElementsArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Bit equality, so that NaN equals NaN of the same payload and 0 differs from -0. A splat equals its own expansion only if both are splats. */
export function equalElements(a: ElementsData, b: ElementsData): boolean {
  if (a === b) return true;
  if (a.splat !== b.splat || a.values.length !== b.values.length) return false;
  if (a.values === b.values) return true;
  const left = elementsBytes(a.values);
  const right = elementsBytes(b.values);
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
