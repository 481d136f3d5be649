/** Trees of tensors as lists of their leaves, each with its path: `kv.0.k`. */
import type { LanguageType } from './language-type.ts';
import { constantOf } from './dimension.ts';
import { type TensorValue, unknownValue, type Value } from './values.ts';

export interface Leaf {
  readonly path: string;
  readonly tensor: TensorValue;
}

export type TensorType = Extract<LanguageType, { readonly kind: 'tensor' }>;

export function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The tensors of a value in order; `other` is told what is neither a tensor nor a tuple or list. */
export function leavesOf(
  value: Value,
  path: string,
  other: (value: Value, path: string) => TensorValue,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (part: Value, at: string): void => {
    if (part.kind === 'tensor') leaves.push({ path: at, tensor: part });
    else if (part.kind === 'tuple') {
      part.fields.forEach((field, index) => visit(field.value, joinPath(at, field.name ?? String(index))));
    } else if (part.kind === 'list')
      part.elements.forEach((element, index) => visit(element, joinPath(at, String(index))));
    else leaves.push({ path: at, tensor: other(part, at) });
  };
  visit(value, path);
  return leaves;
}

/** A value of the type with each tensor made by `leaf`; unknown where the type says no tensors or no length. */
export function valueOfLeaves(
  type: LanguageType,
  path: string,
  leaf: (type: TensorType, path: string) => Value,
): Value {
  switch (type.kind) {
    case 'tensor':
      return leaf(type, path);
    case 'tuple':
      return {
        kind: 'tuple',
        fields: type.fields.map(({ name, type: field }, index) => ({
          name,
          value: valueOfLeaves(field, joinPath(path, name ?? String(index)), leaf),
        })),
      };
    case 'list': {
      const count = type.count === undefined ? undefined : constantOf(type.count);
      if (count === undefined) {
        if (type.count === undefined) return unknownValue;
        // One element stands for as many as there will be.
        return { kind: 'list', elements: [valueOfLeaves(type.element, joinPath(path, '0'), leaf)], count: type.count };
      }
      const elements = Array.from({ length: count }, (_, index) =>
        valueOfLeaves(type.element, joinPath(path, String(index)), leaf),
      );
      return { kind: 'list', elements };
    }
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'dtype':
    case 'type':
    case 'tree':
    case 'fn':
    case 'model':
    case 'unknown':
      return unknownValue;
  }
}

/** The tensors that a type holds, in order; lists of unknown length hold none. */
export function leafTypes(
  type: LanguageType,
  path: string,
): readonly { readonly path: string; readonly type: TensorType }[] {
  const leaves: { path: string; type: TensorType }[] = [];
  valueOfLeaves(type, path, (leaf, at) => {
    leaves.push({ path: at, type: leaf });
    return unknownValue;
  });
  return leaves;
}
