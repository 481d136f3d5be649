/** Values at run time against types at compile time. */
import { compatibleDims } from '../dimension.ts';
import { storageDType } from '../elements.ts';
import type { Type } from '../types.ts';
import type { RuntimeValue } from './runtime-value.ts';

/** True when the value may be of the type: same dtype (of storage, when it is quantised), every size compatible. */
export function fitsType(value: RuntimeValue, type: Type): boolean {
  if (value.kind === 'token' || type.kind === 'token') return value.kind === type.kind;
  if (value.kind === 'tensor') {
    if (
      type.kind !== 'tensor' ||
      storageDType(type.element) !== value.dtype ||
      type.shape.length !== value.shape.length
    )
      return false;
    return type.shape.every((dim, axis) => compatibleDims(dim, value.shape[axis] ?? 0));
  }
  return type.kind === value.kind && fitsTypes(value.elements, type.elements);
}

export function fitsTypes(values: readonly RuntimeValue[], types: readonly Type[]): boolean {
  return (
    values.length === types.length &&
    values.every((value, index) => {
      const type = types[index];
      return type !== undefined && fitsType(value, type);
    })
  );
}

/** For messages: `tensor<2xf32>`, `a token`. */
export function describeValue(value: RuntimeValue): string {
  return value.kind === 'tensor' ? value.type.text : `a ${value.kind}`;
}
