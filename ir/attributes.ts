/**
 * Attributes: immutable compile-time values on ops. Structural, compared with `equalAttributes`; big payloads live in typed
 * arrays that are shared by reference.
 */
import type { ElementsData } from './elements.ts';
import type { Location } from './location.ts';
import type { ScalarType, TensorType, Type } from './types.ts';

/** `4 : i64`, `true` is a BoolAttr instead. */
export interface IntegerAttr {
  readonly kind: 'integer';
  readonly value: bigint;
  readonly type: ScalarType;
}

/** `1.0 : f32`. */
export interface FloatAttr {
  readonly kind: 'float';
  readonly value: number;
  readonly type: ScalarType;
}

export interface BoolAttr {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface StringAttr {
  readonly kind: 'string';
  readonly value: string;
}

export interface UnitAttr {
  readonly kind: 'unit';
}

export interface TypeAttr {
  readonly kind: 'type';
  readonly type: Type;
}

export interface ArrayAttr {
  readonly kind: 'array';
  readonly elements: readonly Attribute[];
}

export interface DictionaryAttr {
  readonly kind: 'dictionary';
  readonly entries: AttributeMap;
}

/** `@root::@nested`. */
export interface SymbolRefAttr {
  readonly kind: 'symbol-ref';
  readonly root: string;
  readonly nested: readonly string[];
}

/** `dense<...> : tensor<...>`. The data is in row-major order of the type's shape. */
export interface DenseElementsAttr {
  readonly kind: 'dense';
  readonly type: TensorType;
  readonly data: ElementsData;
}

/** `dense_resource<key> : tensor<...>`: the payload is out of line, in `blob`, shared by reference and never printed inline. */
export interface DenseResourceAttr {
  readonly kind: 'dense-resource';
  readonly type: TensorType;
  readonly key: string;
  /** Undefined when the module declares no such resource. */
  readonly blob: ResourceBlob | undefined;
}

/** Little-endian elements as in the file, after the alignment word. */
export interface ResourceBlob {
  readonly key: string;
  readonly alignment: number;
  readonly bytes: Uint8Array;
}

/** `array<i64: 1, 2>`; i1 holds 0 and 1. */
export interface DenseArrayAttr {
  readonly kind: 'dense-array';
  readonly type: ScalarType;
  readonly values: readonly (number | bigint)[];
}

/** `#stablehlo<comparison_direction LT>`, and the bare keyword in the pretty form. */
export interface EnumAttr {
  readonly kind: 'enum';
  readonly dialect: string;
  readonly name: string;
  readonly value: string;
}

/** `#stablehlo.gather<offset_dims = [0], index_vector_dim = 1>`: fields by name, in the order of the definition. */
export interface StructAttr {
  readonly kind: 'struct';
  readonly dialect: string;
  readonly name: string;
  readonly fields: AttributeMap;
}

export interface LocationAttr {
  readonly kind: 'location';
  readonly location: Location;
}

/** Another dialect's attribute, as its text: `#sdy.sharding<...>`. */
export interface OpaqueAttr {
  readonly kind: 'opaque';
  readonly text: string;
}

export type Attribute =
  | IntegerAttr
  | FloatAttr
  | BoolAttr
  | StringAttr
  | UnitAttr
  | TypeAttr
  | ArrayAttr
  | DictionaryAttr
  | SymbolRefAttr
  | DenseElementsAttr
  | DenseResourceAttr
  | DenseArrayAttr
  | EnumAttr
  | StructAttr
  | LocationAttr
  | OpaqueAttr;

export type AttributeMap = ReadonlyMap<string, Attribute>;

export const noAttributes: AttributeMap = new Map();

export const unitAttr: UnitAttr = Object.freeze({ kind: 'unit' });
export const trueAttr: BoolAttr = Object.freeze({ kind: 'bool', value: true });
export const falseAttr: BoolAttr = Object.freeze({ kind: 'bool', value: false });

export function boolAttr(value: boolean): BoolAttr {
  return value ? trueAttr : falseAttr;
}

export function stringAttr(value: string): StringAttr {
  return { kind: 'string', value };
}

export function integerAttr(value: bigint | number, type: ScalarType): IntegerAttr {
  return { kind: 'integer', value: BigInt(value), type };
}

export function floatAttr(value: number, type: ScalarType): FloatAttr {
  return { kind: 'float', value, type };
}

export function arrayAttr(elements: readonly Attribute[]): ArrayAttr {
  return { kind: 'array', elements };
}

export function symbolRef(root: string, nested: readonly string[] = []): SymbolRefAttr {
  return { kind: 'symbol-ref', root, nested };
}

export function denseAttr(type: TensorType, data: ElementsData): DenseElementsAttr {
  return { kind: 'dense', type, data };
}

export function denseArrayAttr(type: ScalarType, values: readonly (number | bigint)[]): DenseArrayAttr {
  return { kind: 'dense-array', type, values };
}

export function enumAttr(dialect: string, name: string, value: string): EnumAttr {
  return { kind: 'enum', dialect, name, value };
}

export function structAttr(dialect: string, name: string, fields: AttributeMap): StructAttr {
  return { kind: 'struct', dialect, name, fields };
}
