/** Storages: pieces of memory that values live in, before they have a place. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, storageBytes } from '../../ir/dtype.ts';
import type { Value } from '../../ir/operation.ts';
import { hasDType, isTensor, type TensorType } from '../../ir/types.ts';
import { maxSize, multiplySizes, productOfSizes, type Size, symbolSize } from '../kernel/size.ts';

export type StorageKind = 'arena' | 'constant' | 'input' | 'output';

export class Storage {
  readonly id: number;
  kind: StorageKind;
  /** Index of the constant, input or output. */
  index: number;
  /** Bytes at most; the arena is planned with every symbol at its bound. */
  readonly maxBytes: number;
  /** All values that live here at one time or another: the value it was made for, views of it, what was computed in place. */
  readonly values: Value[] = [];
  /** The loop it carries a value through: it lives from before to after the loop. */
  loop: object | undefined = undefined;

  constructor(id: number, kind: StorageKind, index: number, maxBytes: number) {
    this.id = id;
    this.kind = kind;
    this.index = index;
    this.maxBytes = maxBytes;
  }
}

/** Part of a storage, seen as a tensor. */
export interface StorageView {
  readonly storage: Storage;
  readonly byteOffset: Size;
  readonly dtype: DType;
  /** Elements. */
  readonly size: Size;
}

export function sizesOf(type: TensorType): readonly Size[] {
  return type.shape.map((dim) => (typeof dim === 'number' ? dim : symbolSize(dim)));
}

export function tensorTypeOf(value: Value): TensorType & { readonly element: DType } {
  if (!isTensor(value.type) || !hasDType(value.type))
    throw new InvariantError(`a plan holds tensors, not ${value.type.text}`);
  return value.type;
}

export function elementCount(type: TensorType): Size {
  return productOfSizes(sizesOf(type));
}

/** Bytes the tensor takes at most; undefined without a bound. */
export function maxBytesOf(type: TensorType & { readonly element: DType }): number | undefined {
  return maxSize(multiplySizes(elementCount(type), storageBytes(type.element)));
}
