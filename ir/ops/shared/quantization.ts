/** What data movement asks of quantised element types. */
import { dtypeInfo } from '../../dtype.ts';
import {
  anyElement,
  type ElementKind,
  elementKind,
  numbers,
  tensorOf,
  type TypeConstraint,
} from '../../type-constraints.ts';
import { type ElementType, isTensor, type QuantizedType, type TensorType, type Type } from '../../types.ts';

export function isQuantized(element: ElementType): element is QuantizedType {
  return typeof element !== 'string';
}

/** One scale for each index of `dimension`. */
export interface PerAxisType extends QuantizedType {
  readonly dimension: number;
}

export function isPerAxis(element: ElementType): element is PerAxisType {
  return isQuantized(element) && element.dimension !== undefined;
}

/** "tensor or per-tensor quantized tensor". */
export const perTensor: TypeConstraint = notPerAxis('tensor or per-tensor quantized tensor', anyElement);

/** "tensor of integer, floating-point, or complex type or per-tensor quantized tensor". */
export const numericPerTensor: TypeConstraint = notPerAxis(
  'tensor of integer, float or complex, or per-tensor quantized tensor',
  [...numbers, 'quantized'],
);

/** `tensor of float or per-tensor quantized`: these kinds of elements, but no scale per axis or block. */
export function perTensorOf(kinds: readonly ElementKind[]): TypeConstraint {
  return notPerAxis(tensorOf(kinds).describe.replace('quantized', 'per-tensor quantized'), kinds);
}

function notPerAxis(describe: string, kinds: readonly ElementKind[]): TypeConstraint {
  return Object.freeze({
    describe,
    accepts: (type: Type) =>
      isTensor(type) && kinds.includes(elementKind(type.element)) && !isPerAxis(type.element) && !isBlockwise(type),
  });
}

function isBlockwise(type: TensorType): boolean {
  return isQuantized(type.element) && type.element.blockSizes !== undefined;
}

/** A 0-dimensional tensor or per-tensor quantized tensor. */
export const scalarPerTensor: TypeConstraint = Object.freeze({
  describe: '0-dimensional tensor or per-tensor quantized tensor',
  accepts: (type: Type) => perTensor.accepts(type) && isTensor(type) && type.shape.length === 0,
});

/** Equal, or both quantised per axis with the same storage and expressed type. */
export function equalUpToAxisParameters(a: ElementType, b: ElementType): boolean {
  if (a === b) return true;
  return (
    isPerAxis(a) &&
    isPerAxis(b) &&
    a.storage === b.storage &&
    a.expressed === b.expressed &&
    a.storageMin === b.storageMin &&
    a.storageMax === b.storageMax
  );
}

/** Equal, or both quantised per axis and different in the axis only. */
export function equalUpToAxis(a: ElementType, b: ElementType): boolean {
  if (a === b) return true;
  return (
    isPerAxis(a) &&
    isPerAxis(b) &&
    equalUpToAxisParameters(a, b) &&
    equalLists(a.scales, b.scales) &&
    equalLists(a.zeroPoints, b.zeroPoints)
  );
}

function equalLists<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** `is_promotable(x, y)` of the specification, booleans included. */
export function isPromotable(from: ElementType, to: ElementType): boolean {
  if (isQuantized(from) || isQuantized(to)) {
    if (!isQuantized(from) || !isQuantized(to)) return false;
    return from.expressed === to.expressed && dtypeInfo(from.storage).bits <= dtypeInfo(to.storage).bits;
  }
  const source = dtypeInfo(from);
  const target = dtypeInfo(to);
  return source.kind === target.kind && source.bits <= target.bits;
}
