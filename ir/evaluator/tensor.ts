/** Tensors at run time: a dtype, a static shape and a row-major typed array in the dtype's storage form (see elements.ts). */
import { InvariantError } from '../diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../dtype.ts';
import { allocateElements, type ElementsArray } from '../elements.ts';
import { tensorType, type TensorType } from '../types.ts';

export class Tensor {
  readonly kind = 'tensor';
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** `size * slots` entries; treated as immutable once the tensor is handed on. */
  readonly values: ElementsArray;

  constructor(dtype: DType, shape: readonly number[], values: ElementsArray) {
    this.dtype = dtype;
    this.shape = shape;
    this.values = values;
  }

  /** All zero. The caller has checked the size against the evaluation's budget. */
  static zeros(dtype: DType, shape: readonly number[]): Tensor {
    return new Tensor(dtype, shape, allocateElements(dtype, shapeSize(shape)));
  }

  get rank(): number {
    return this.shape.length;
  }

  get size(): number {
    return shapeSize(this.shape);
  }

  get type(): TensorType {
    return tensorType(this.shape, this.dtype);
  }

  /** An integer or boolean element as a number; 64-bit ones must be in the exact range (indices, sizes). */
  integer(index: number): number {
    return Number(this.values[index]);
  }

  /** The elements of a one-dimensional or scalar integer tensor. */
  integers(): number[] {
    return Array.from(this.values as ArrayLike<number | bigint>, Number);
  }

  /** Same elements under another shape of the same size; memory is shared. */
  reshaped(shape: readonly number[]): Tensor {
    if (shapeSize(shape) !== this.size)
      throw new InvariantError(`reshape of [${this.shape.join()}] to [${shape.join()}]`);
    return new Tensor(this.dtype, shape, this.values);
  }
}

/** Number of elements; 1 for a scalar. */
export function shapeSize(shape: readonly number[]): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/** Row-major strides in elements. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Copies element `from` of `source` to element `to` of `target`; same dtype. */
export function copyElement(source: Tensor, from: number, target: Tensor, to: number): void {
  const { slots } = dtypeInfo(source.dtype);
  for (let slot = 0; slot < slots; slot++) {
    const value = source.values[from * slots + slot];
    if (value !== undefined) target.values[to * slots + slot] = value;
  }
}
