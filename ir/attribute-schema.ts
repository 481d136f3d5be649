/**
 * Attribute schemas: what attributes an op has, and how each is decoded once from the generic `Attribute` to a plain typed value. A
 * codec is a small frozen object; a new kind of attribute is one more function here or next to its op.
 */
import {
  type Attribute,
  type AttributeMap,
  arrayAttr,
  boolAttr,
  denseArrayAttr,
  type DenseElementsAttr,
  type DenseResourceAttr,
  enumAttr,
  floatAttr,
  integerAttr,
  stringAttr,
  structAttr,
  symbolRef,
  type SymbolRefAttr,
} from './attributes.ts';
import { dtypeInfo } from './dtype.ts';
import type { ElementsData } from './elements.ts';
import { scalarType, tensorType, type Type } from './types.ts';

/** How `$name` stands in an op's pretty form (text/assembly.ts). */
export type InlineForm =
  | 'i64'
  | 'i32'
  | 'ui32'
  | 'ui64'
  | 'f64'
  | 'i64-list'
  | 'bool-list'
  | 'bool'
  | 'unit'
  | 'string'
  | 'symbol'
  | 'type'
  | 'keyword'
  | 'keyword-list'
  | 'struct'
  | 'elements';

export interface AttributeCodec<T> {
  /** For messages: `a 64-bit integer`. */
  readonly describe: string;
  /** Undefined when the attribute is of another kind or out of range. */
  decode(attribute: Attribute): T | undefined;
  encode(value: T): Attribute;
  /** Present when the attribute may be left out; the value it then has. */
  readonly absent?: { readonly value: T };
  /** Names of enum values, for the parser's bare keywords and for hints. */
  readonly keywords?: readonly string[];
  /** What a bare keyword stands for, when `keywords` is there. */
  fromKeyword?(keyword: string): Attribute;
  /** Fields, when this decodes a struct attribute. */
  readonly fields?: AttributeSchema;
  /** `stablehlo`, `gather` of `#stablehlo.gather<...>`, when this decodes a struct attribute. */
  readonly structName?: readonly [dialect: string, name: string];
  /** Without one, the pretty form writes the attribute as anywhere else, with its type. */
  readonly inline?: InlineForm;
}

export type AttributeSchema = Readonly<Record<string, AttributeCodec<unknown>>>;

export type AttributesOf<S extends AttributeSchema> = {
  readonly [K in keyof S]: S[K] extends AttributeCodec<infer T> ? T : never;
};

export interface AttributeError {
  readonly kind: 'missing' | 'mismatch';
  readonly name: string;
  readonly message: string;
}

export interface DecodedAttributes {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly AttributeError[];
}

const emptyDecoded: DecodedAttributes = Object.freeze({ values: Object.freeze({}), errors: [] });

/** Decodes the attributes a schema names; others (discardable ones) are left alone. */
export function decodeAttributes(schema: AttributeSchema, attributes: AttributeMap): DecodedAttributes {
  const names = Object.keys(schema);
  if (names.length === 0) return emptyDecoded;
  const values: Record<string, unknown> = {};
  const errors: AttributeError[] = [];
  for (const name of names) {
    const codec = schema[name];
    if (codec === undefined) continue;
    const attribute = attributes.get(name);
    if (attribute === undefined) {
      if (codec.absent !== undefined) values[name] = codec.absent.value;
      else errors.push({ kind: 'missing', name, message: `the attribute '${name}' (${codec.describe}) is missing` });
      continue;
    }
    const value = codec.decode(attribute);
    if (value === undefined) {
      errors.push({ kind: 'mismatch', name, message: `the attribute '${name}' must be ${codec.describe}` });
    } else values[name] = value;
  }
  return { values, errors };
}

/** The attributes for typed values; those that are undefined or equal to what absence means are left out. */
export function encodeAttributes<S extends AttributeSchema>(
  schema: S,
  values: Partial<AttributesOf<S>>,
): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  for (const name of Object.keys(schema)) {
    const codec = schema[name];
    const value: unknown = values[name];
    if (codec === undefined || value === undefined) continue;
    if (codec.absent !== undefined && isSameDefault(codec.absent.value, value)) continue;
    attributes.set(name, codec.encode(value));
  }
  return attributes;
}

/** The same value, or both empty lists. */
function isSameDefault(absent: unknown, value: unknown): boolean {
  if (absent === value) return true;
  return Array.isArray(absent) && Array.isArray(value) && absent.length === 0 && value.length === 0;
}

/** May be left out; decodes to undefined then. */
export function optional<T>(codec: AttributeCodec<T>): AttributeCodec<T | undefined> {
  return Object.freeze({ ...codec, absent: { value: undefined } });
}

/** May be left out; decodes to `value` then. */
export function withDefault<T>(codec: AttributeCodec<T>, value: NoInfer<T>): AttributeCodec<T> {
  return Object.freeze({ ...codec, absent: { value } });
}

/** A whole number of type i64 or `index`, within the exact range of a JavaScript number. */
export function i64(): AttributeCodec<number> {
  return integerOf('i64', 'a 64-bit integer');
}

export function i32(): AttributeCodec<number> {
  return integerOf('i32', 'a 32-bit integer');
}

/** An unsigned 32-bit integer. */
export function ui32(): AttributeCodec<number> {
  return Object.freeze({
    describe: 'an unsigned 32-bit integer',
    inline: 'ui32',
    decode: (attribute: Attribute) =>
      attribute.kind === 'integer' && attribute.type.dtype === 'ui32' ? toSafeNumber(attribute.value) : undefined,
    encode: (value: number) => integerAttr(value, scalarType('ui32')),
  });
}

/** An unsigned 64-bit integer, exact. */
export function ui64(): AttributeCodec<bigint> {
  return Object.freeze({
    describe: 'an unsigned 64-bit integer',
    inline: 'ui64',
    decode: (attribute: Attribute) =>
      attribute.kind === 'integer' && attribute.type.dtype === 'ui64' ? attribute.value : undefined,
    encode: (value: bigint) => integerAttr(value, scalarType('ui64')),
  });
}

function integerOf(dtype: 'i32' | 'i64', describe: string): AttributeCodec<number> {
  return Object.freeze({
    describe,
    inline: dtype,
    decode: (attribute: Attribute) =>
      attribute.kind === 'integer' && attribute.type.dtype === dtype ? toSafeNumber(attribute.value) : undefined,
    encode: (value: number) => integerAttr(value, scalarType(dtype)),
  });
}

function toSafeNumber(value: bigint | number): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** `array<i64: 1, 2>`, or the older `dense<[1, 2]> : tensor<2xi64>`. */
export function i64List(): AttributeCodec<readonly number[]> {
  return Object.freeze({
    describe: 'a list of 64-bit integers',
    inline: 'i64-list',
    decode: decodeIntegerList,
    encode: (values: readonly number[]) => denseArrayAttr(scalarType('i64'), values),
  });
}

function decodeIntegerList(attribute: Attribute): readonly number[] | undefined {
  if (attribute.kind === 'dense-array' && attribute.type.dtype === 'i64') return allSafe(attribute.values);
  if (attribute.kind === 'dense' && attribute.type.element === 'i64' && attribute.type.shape.length === 1) {
    const [count] = attribute.type.shape;
    if (typeof count !== 'number' || count > 1 << 20) return undefined;
    return allSafe(expandElements(attribute.data, count));
  }
  return undefined;
}

/** The slots of a small payload as a plain list, a splat repeated `count` times. */
function expandElements(data: ElementsData, count: number): (number | bigint)[] {
  if (data.splat) return new Array<number | bigint>(count).fill(data.values[0] ?? 0);
  const slots: (number | bigint)[] = [];
  for (const value of data.values) slots.push(value);
  return slots;
}

function allSafe(values: readonly (number | bigint)[]): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const value of values) {
    const number = toSafeNumber(value);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}

/** `array<i1: true, false>`, or the older `dense<[true, false]> : tensor<2xi1>`. */
export function boolList(): AttributeCodec<readonly boolean[]> {
  return Object.freeze({
    describe: 'a list of booleans',
    inline: 'bool-list',
    decode(attribute: Attribute): readonly boolean[] | undefined {
      if (attribute.kind === 'dense-array' && attribute.type.dtype === 'i1') return attribute.values.map(Boolean);
      if (attribute.kind === 'dense' && attribute.type.element === 'i1' && attribute.type.shape.length === 1) {
        const [count] = attribute.type.shape;
        if (typeof count !== 'number' || count > 1 << 20) return undefined;
        return expandElements(attribute.data, count).map(Boolean);
      }
      return undefined;
    },
    encode: (values: readonly boolean[]) => denseArrayAttr(scalarType('i1'), values.map(Number)),
  });
}

/** `dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>`: rows of equal length. */
export function i64Matrix(): AttributeCodec<readonly (readonly number[])[]> {
  return Object.freeze({
    describe: 'a two-dimensional tensor of 64-bit integers',
    decode(attribute: Attribute): readonly (readonly number[])[] | undefined {
      if (attribute.kind !== 'dense' || attribute.type.element !== 'i64') return undefined;
      const [rows, columns] = attribute.type.shape;
      if (attribute.type.shape.length !== 2 || typeof rows !== 'number' || typeof columns !== 'number')
        return undefined;
      if (rows * columns > 1 << 20 || rows > 1 << 20) return undefined;
      const cells = allSafe(expandElements(attribute.data, rows * columns));
      if (cells === undefined) return undefined;
      return Array.from({ length: rows }, (_, row) => cells.slice(row * columns, (row + 1) * columns));
    },
    encode(rows: readonly (readonly number[])[]): Attribute {
      const columns = rows[0]?.length ?? 0;
      const cells = BigInt64Array.from(rows.flat().map(BigInt));
      return {
        kind: 'dense',
        type: tensorType([rows.length, columns], 'i64'),
        data: { splat: false, values: cells },
      };
    },
  });
}

export function bool(): AttributeCodec<boolean> {
  return Object.freeze({
    describe: 'true or false',
    inline: 'bool',
    decode: (attribute: Attribute) => (attribute.kind === 'bool' ? attribute.value : undefined),
    encode: boolAttr,
  });
}

/** Present or not: decodes to true when there. */
export function unit(): AttributeCodec<boolean> {
  return Object.freeze({
    describe: 'a unit attribute',
    inline: 'unit',
    decode: (attribute: Attribute) =>
      attribute.kind === 'unit' || (attribute.kind === 'bool' && attribute.value) ? true : undefined,
    encode: (): Attribute => ({ kind: 'unit' }),
    absent: { value: false },
  });
}

export function text(): AttributeCodec<string> {
  return Object.freeze({
    describe: 'a string',
    inline: 'string',
    decode: (attribute: Attribute) => (attribute.kind === 'string' ? attribute.value : undefined),
    encode: stringAttr,
  });
}

/** A float of any float type; encoded as f32 unless another type is named. */
export function float(dtype: 'f32' | 'f64' = 'f32'): AttributeCodec<number> {
  return Object.freeze({
    describe: 'a floating-point number',
    ...(dtype === 'f64' ? { inline: 'f64' as const } : {}),
    decode: (attribute: Attribute) =>
      attribute.kind === 'float' && dtypeInfo(attribute.type.dtype).kind === 'float' ? attribute.value : undefined,
    encode: (value: number) => floatAttr(value, scalarType(dtype)),
  });
}

/** `@name`, without nesting. */
export function symbol(): AttributeCodec<string> {
  return Object.freeze({
    describe: 'a symbol reference',
    inline: 'symbol',
    decode: (attribute: Attribute) =>
      attribute.kind === 'symbol-ref' && attribute.nested.length === 0 ? attribute.root : undefined,
    encode: (name: string): SymbolRefAttr => symbolRef(name),
  });
}

export function type(): AttributeCodec<Type> {
  return Object.freeze({
    describe: 'a type',
    inline: 'type',
    decode: (attribute: Attribute) => (attribute.kind === 'type' ? attribute.type : undefined),
    encode: (value: Type): Attribute => ({ kind: 'type', type: value }),
  });
}

/** A constant tensor, inline or out of line. */
export function elements(): AttributeCodec<DenseElementsAttr | DenseResourceAttr> {
  return Object.freeze({
    describe: 'a constant tensor',
    inline: 'elements',
    decode: (attribute: Attribute) =>
      attribute.kind === 'dense' || attribute.kind === 'dense-resource' ? attribute : undefined,
    encode: (value: DenseElementsAttr | DenseResourceAttr): Attribute => value,
  });
}

export function dictionary(): AttributeCodec<AttributeMap> {
  return Object.freeze({
    describe: 'a dictionary',
    decode: (attribute: Attribute) => (attribute.kind === 'dictionary' ? attribute.entries : undefined),
    encode: (entries: AttributeMap): Attribute => ({ kind: 'dictionary', entries }),
  });
}

/** Any attribute, as it is. */
export function anyAttribute(): AttributeCodec<Attribute> {
  return Object.freeze({
    describe: 'an attribute',
    decode: (attribute: Attribute) => attribute,
    encode: (attribute: Attribute) => attribute,
  });
}

export function arrayOf<T>(codec: AttributeCodec<T>): AttributeCodec<readonly T[]> {
  return Object.freeze({
    describe: `an array, each element ${codec.describe}`,
    decode(attribute: Attribute): readonly T[] | undefined {
      if (attribute.kind !== 'array') return undefined;
      const values: T[] = [];
      for (const element of attribute.elements) {
        const value = codec.decode(element);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
    encode: (values: readonly T[]) => arrayAttr(values.map((value) => codec.encode(value))),
    ...(codec.keywords === undefined ? {} : { keywords: codec.keywords, inline: 'keyword-list' as const }),
    ...(codec.fromKeyword === undefined ? {} : { fromKeyword: codec.fromKeyword }),
  });
}

/** `#stablehlo<comparison_direction LT>`; in the pretty form the bare keyword `LT`. */
export function enumeration<const V extends string>(
  dialect: string,
  name: string,
  values: readonly V[],
): AttributeCodec<V> {
  const isValue = (value: string): value is V => values.some((known) => known === value);
  return Object.freeze({
    describe: `one of ${values.join(', ')}`,
    inline: 'keyword',
    decode(attribute: Attribute): V | undefined {
      if (attribute.kind === 'enum' && attribute.name === name && isValue(attribute.value)) return attribute.value;
      return undefined;
    },
    encode: (value: V) => enumAttr(dialect, name, value),
    keywords: values,
    fromKeyword: (keyword: string) => enumAttr(dialect, name, keyword),
  });
}

/** `#stablehlo.gather<offset_dims = [0], ...>`; fields left out take their codec's absent value. */
export function struct<S extends AttributeSchema>(
  dialect: string,
  name: string,
  fields: S,
): AttributeCodec<AttributesOf<S>> {
  return Object.freeze({
    describe: `#${dialect}.${name}<...>`,
    inline: 'struct',
    structName: [dialect, name] as const,
    decode(attribute: Attribute): AttributesOf<S> | undefined {
      if (attribute.kind !== 'struct' || attribute.dialect !== dialect || attribute.name !== name) return undefined;
      const { values, errors } = decodeAttributes(fields, attribute.fields);
      return errors.length === 0 ? (values as AttributesOf<S>) : undefined;
    },
    encode: (values: AttributesOf<S>) => structAttr(dialect, name, encodeAttributes(fields, values)),
    fields,
  });
}
