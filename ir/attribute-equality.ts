/**
 * Structural equality and hash of attributes. Floats are compared by bits up to NaN payloads (which a number does not keep), dense
 * payloads by bits. Hashes are cheap: of a dense payload only a sample counts, so that a table of constants costs nothing.
 */
import type { AttributeCodec, AttributeSchema } from './attribute-schema.ts';
import type { Attribute, AttributeMap, DenseResourceAttr } from './attributes.ts';
import { elementsBytes, type ElementsData, equalElements } from './elements.ts';
import { equalLocations } from './location.ts';
import type { Type } from './types.ts';

const emptySchema: AttributeSchema = {};

export function equalAttributes(a: Attribute, b: Attribute): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'integer':
      return b.kind === 'integer' && a.value === b.value && a.type === b.type;
    case 'float':
      return b.kind === 'float' && Object.is(a.value, b.value) && a.type === b.type;
    case 'bool':
      return b.kind === 'bool' && a.value === b.value;
    case 'string':
      return b.kind === 'string' && a.value === b.value;
    case 'unit':
      return b.kind === 'unit';
    case 'type':
      return b.kind === 'type' && a.type === b.type;
    case 'array':
      return b.kind === 'array' && equalLists(a.elements, b.elements, equalAttributes);
    case 'dictionary':
      return b.kind === 'dictionary' && equalAttributeMaps(a.entries, b.entries);
    case 'symbol-ref':
      return b.kind === 'symbol-ref' && a.root === b.root && equalLists(a.nested, b.nested, Object.is);
    case 'dense':
      return b.kind === 'dense' && a.type === b.type && equalElements(a.data, b.data);
    case 'dense-resource':
      return b.kind === 'dense-resource' && equalResources(a, b);
    case 'dense-array':
      return b.kind === 'dense-array' && a.type === b.type && equalLists(a.values, b.values, Object.is);
    case 'enum':
      return b.kind === 'enum' && a.dialect === b.dialect && a.name === b.name && a.value === b.value;
    case 'struct':
      return (
        b.kind === 'struct' && a.dialect === b.dialect && a.name === b.name && equalAttributeMaps(a.fields, b.fields)
      );
    case 'location':
      return b.kind === 'location' && equalLocations(a.location, b.location, equalAttributes);
    case 'opaque':
      return b.kind === 'opaque' && a.text === b.text;
    default:
      return a satisfies never;
  }
}

function equalLists<T>(a: readonly T[], b: readonly T[], equal: (left: T, right: T) => boolean): boolean {
  return a.length === b.length && a.every((left, index) => index in b && equal(left, b[index] as T));
}

/** The key names the payload within one module; two modules may hold the same bytes in different objects. */
function equalResources(a: DenseResourceAttr, b: DenseResourceAttr): boolean {
  if (a.type !== b.type || a.key !== b.key) return false;
  if (a.blob === b.blob) return true;
  if (a.blob === undefined || b.blob === undefined || a.blob.alignment !== b.blob.alignment) return false;
  return equalElements({ splat: false, values: a.blob.bytes }, { splat: false, values: b.blob.bytes });
}

/**
 * Order does not matter. With a schema, an attribute that is written out equals one that is left out and has that value by default.
 */
export function equalAttributeMaps(a: AttributeMap, b: AttributeMap, schema: AttributeSchema = emptySchema): boolean {
  if (a === b) return true;
  let shared = 0;
  for (const [name, attribute] of a) {
    const other = b.get(name);
    if (other !== undefined) shared++;
    if (!(other === undefined ? isDefault(schema[name], attribute) : equalAttributes(attribute, other))) return false;
  }
  if (shared === b.size) return true;
  for (const [name, attribute] of b) if (!a.has(name) && !isDefault(schema[name], attribute)) return false;
  return true;
}

const defaults = new WeakMap<AttributeCodec<unknown>, Attribute | 'none'>();

/** True when leaving the attribute out means the same. */
export function isDefault(codec: AttributeCodec<unknown> | undefined, attribute: Attribute): boolean {
  if (codec?.absent === undefined) return false;
  let known = defaults.get(codec);
  if (known === undefined) {
    const { value } = codec.absent;
    // A unit attribute's absence is no attribute at all, though its codec would encode it as one.
    known = value === undefined || codec.inline === 'unit' ? 'none' : codec.encode(value);
    defaults.set(codec, known);
  }
  if (known === 'none') return false;
  if (known.kind !== 'struct' || attribute.kind !== 'struct') return equalAttributes(known, attribute);
  return known.name === attribute.name && equalAttributeMaps(known.fields, attribute.fields, codec.fields);
}

/** Mixes one 32-bit word into a hash. */
export function mixHash(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) | 0;
}

export function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

const typeHashes = new WeakMap<Type, number>();

export function hashType(type: Type): number {
  let hash = typeHashes.get(type);
  if (hash === undefined) {
    hash = hashString(type.text);
    typeHashes.set(type, hash);
  }
  return hash;
}

const floatWords = new Float64Array(1);
const floatBits = new Int32Array(floatWords.buffer);

function hashNumber(value: number): number {
  floatWords[0] = value;
  return mixHash(floatBits[0] ?? 0, floatBits[1] ?? 0);
}

function hashInteger(value: number | bigint): number {
  return Number(BigInt.asIntN(32, BigInt(value)));
}

/** Equal attributes have equal hashes. */
export function hashAttribute(attribute: Attribute): number {
  switch (attribute.kind) {
    case 'integer':
      return mixHash(hashInteger(attribute.value), hashType(attribute.type));
    case 'float':
      return mixHash(hashNumber(attribute.value), hashType(attribute.type));
    case 'bool':
      return attribute.value ? 1 : 2;
    case 'string':
      return hashString(attribute.value);
    case 'unit':
      return 3;
    case 'type':
      return hashType(attribute.type);
    case 'array':
      return attribute.elements.reduce((hash, element) => mixHash(hash, hashAttribute(element)), 4);
    case 'dictionary':
      return hashAttributeMap(attribute.entries);
    case 'symbol-ref':
      return attribute.nested.reduce((hash, name) => mixHash(hash, hashString(name)), hashString(attribute.root));
    case 'dense':
      return mixHash(hashType(attribute.type), hashElements(attribute.data));
    case 'dense-resource':
      return mixHash(hashType(attribute.type), hashString(attribute.key));
    case 'dense-array':
      return attribute.values.reduce<number>((hash, value) => mixHash(hash, hashInteger(value)), 5);
    case 'enum':
      return hashString(attribute.value);
    case 'struct':
      return mixHash(hashString(attribute.name), hashAttributeMap(attribute.fields));
    case 'location':
      return hashString(attribute.location.kind);
    case 'opaque':
      return hashString(attribute.text);
    default:
      return attribute satisfies never;
  }
}

/** Order does not matter; attributes that equal their default do not count. */
export function hashAttributeMap(attributes: AttributeMap, schema: AttributeSchema = emptySchema): number {
  let sum = 0;
  if (attributes.size === 0) return sum;
  for (const [name, attribute] of attributes) {
    if (isDefault(schema[name], attribute)) continue;
    sum = (sum + mixHash(hashString(name), hashAttribute(attribute))) | 0;
  }
  return sum;
}

/** Bytes of a payload that enter its hash. */
const SAMPLE_BYTES = 64;

function hashElements(data: ElementsData): number {
  const bytes = elementsBytes(data.values);
  // An odd step, so that the sample does not always meet the same byte of an element.
  const step = bytes.length <= SAMPLE_BYTES ? 1 : Math.floor(bytes.length / SAMPLE_BYTES) | 1;
  let hash = data.splat ? ~bytes.length : bytes.length;
  for (let at = 0; at < bytes.length; at += step) hash = mixHash(hash, bytes[at] ?? 0);
  return hash;
}
