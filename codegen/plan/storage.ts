/** Storages: pieces of memory, before they have a place; and how much memory a tensor takes. */
import { DiagnosticError, InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, storageBytes } from '../../ir/dtype.ts';
import type { Value } from '../../ir/operation.ts';
import { hasDType, isTensor, type TensorType } from '../../ir/types.ts';
import { maxSize, multiplySizes, productOfSizes, type Size, symbolSize } from '../kernel/size.ts';

export type StorageKind = 'arena' | 'constant' | 'input' | 'output';

export interface Storage {
  readonly id: number;
  readonly kind: StorageKind;
  /** Of the constant, input or output. */
  readonly index: number;
  /** The arena is planned with every symbol at its bound. */
  readonly maxBytes: number;
}

/** Part of a storage, seen as a tensor. */
export interface StorageView {
  readonly storage: Storage;
  readonly byteOffset: number;
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

/** Bytes a value takes at most. Throws a DiagnosticError (E3101) where a size has no bound. */
export function maxBytesOf(value: Value): number {
  const type = tensorTypeOf(value);
  const bytes = maxSize(multiplySizes(elementCount(type), storageBytes(type.element)));
  if (bytes !== undefined) return bytes;
  throw new DiagnosticError({
    code: 'E3101',
    message: `a tensor of type ${type.text} has no bound on its size, so no memory can be planned for it`,
    span: value.definingOp?.span,
    location: value.definingOp?.location,
    hint: 'give the dimension a size or a bound with --dim',
  });
}
