/** Types as messages, hovers and documents print them, in the language's own spelling. */
import type { DType } from '../../../ir/dtype.ts';
import { constantDimension, dimensionText } from './dimension.ts';
import type { LanguageType } from './language-type.ts';
import type { ListValue, TensorValue, Value } from './values.ts';

/** The language's names of dtypes; the IR's names are StableHLO's. */
export const dtypeNames = {
  f16: 'f16',
  bf16: 'bf16',
  f32: 'f32',
  f64: 'f64',
  i4: 'i4',
  i8: 'i8',
  i16: 'i16',
  i32: 'i32',
  i64: 'i64',
  u4: 'ui4',
  u8: 'ui8',
  u16: 'ui16',
  u32: 'ui32',
  u64: 'ui64',
  c64: 'complex<f32>',
  c128: 'complex<f64>',
} as const satisfies Readonly<Record<string, DType>>;

const byDType: ReadonlyMap<DType, string> = new Map([
  ...Object.entries(dtypeNames).map(([name, dtype]): [DType, string] => [dtype, name]),
  ['i1', 'bool'],
]);

export function dtypeText(dtype: DType): string {
  return byDType.get(dtype) ?? dtype;
}

/** `f32[n, 3]`, `(k: f32[n], v: f32[n])`, `[f32; depth]`. */
export function typeText(type: LanguageType): string {
  switch (type.kind) {
    case 'tensor': {
      const { dtype, dims } = type;
      if (dims.length > 0 || dtype === 'i1') return `${dtypeText(dtype)}[${dims.map(dimensionText).join(', ')}]`;
      return dtypeText(dtype);
    }
    case 'list':
      return `[${typeText(type.element)}${type.count === undefined ? '' : `; ${dimensionText(type.count)}`}]`;
    case 'tuple': {
      const fields = type.fields.map(
        ({ name, type: field }) => (name === undefined ? '' : `${name}: `) + typeText(field),
      );
      const [only] = type.fields;
      return fields.length === 1 && only?.name === undefined ? `(${fields.join('')},)` : `(${fields.join(', ')})`;
    }
    case 'fn':
      return `fn(${type.parameters.map(typeText).join(', ')}) -> ${typeText(type.result)}`;
    case 'model':
      return type.name;
    case 'unknown':
      return '?';
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'dtype':
    case 'type':
    case 'tree':
      return type.kind;
  }
}

/** The type of a tensor between backticks, for messages. */
export function tensorText(x: TensorValue): string {
  return `\`${typeText(typeOf(x))}\``;
}

/** The type of a value; functions and models have none that can be written. */
export function typeOf(value: Value): LanguageType {
  switch (value.kind) {
    case 'tensor':
      return { kind: 'tensor', dtype: value.dtype, dims: value.dims };
    case 'tuple':
      return {
        kind: 'tuple',
        fields: value.fields.map((field) => ({ name: field.name, type: typeOf(field.value) })),
      };
    case 'list':
      return listType(value);
    case 'dtype':
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'type':
      return { kind: value.kind };
    case 'instance':
      return { kind: 'model', name: value.instance.declaration.name.text };
    case 'fn':
    case 'builtin':
    case 'model':
    case 'alias':
    case 'module':
    case 'unknown':
      return { kind: 'unknown' };
  }
}

function listType({ elements, count: open }: ListValue): LanguageType {
  const count = open ?? constantDimension(elements.length);
  const types = elements.map(typeOf);
  const [first] = types;
  const isOne = first !== undefined && types.every((type) => typeText(type) === typeText(first));
  if (isOne) return { kind: 'list', element: first, count };
  return { kind: 'list', element: { kind: 'unknown' }, count };
}

/** "a tensor `f32[n]`", "the integer 3", "a function": for messages. */
export function describeKind(value: Value): string {
  switch (value.kind) {
    case 'tensor':
      return `a tensor \`${typeText(typeOf(value))}\``;
    case 'int':
      return `the integer ${dimensionText(value.value)}`;
    case 'float':
      return `the number ${value.text ?? String(value.value)}`;
    case 'bool':
      return value.value === undefined ? 'a compile-time bool' : `\`${value.value}\``;
    case 'str':
      return `the string ${JSON.stringify(value.value)}`;
    case 'list':
      return `a list of ${value.count === undefined ? value.elements.length : dimensionText(value.count)}`;
    case 'tuple':
      if (value.fields.length === 0) return 'nothing: the empty tuple `()`';
      return value.fields.some((field) => field.name !== undefined) ? 'a record' : `a tuple of ${value.fields.length}`;
    case 'fn':
    case 'builtin':
      return 'a function';
    case 'model':
      return `the model \`${value.declaration.name.text}\`, which needs its arguments`;
    case 'instance':
      return `a model of kind \`${value.instance.declaration.name.text}\``;
    case 'type':
      return `the type \`${typeText(value.type)}\``;
    case 'alias':
      return 'a type that needs its arguments';
    case 'dtype':
      return `the dtype \`${dtypeText(value.dtype)}\``;
    case 'module':
      return `the module \`${value.name}\``;
    case 'unknown':
      return 'what an earlier mistake left unknown';
  }
}
