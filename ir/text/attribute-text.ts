/** Attributes as text, in the one form that the reader and MLIR tools read back to the same attribute. */
import type {
  Attribute,
  AttributeMap,
  DenseArrayAttr,
  EnumAttr,
  FloatAttr,
  IntegerAttr,
  StructAttr,
} from '../attributes.ts';
import { dtypeInfo } from '../dtype.ts';
import { convolutionDimensionsText } from './convolution-dimensions-text.ts';
import { writeDense } from './dense-text.ts';
import { floatText } from './float-text.ts';
import { writeLocation } from './location-text.ts';
import { keyText, stringText, symbolText } from './name-text.ts';
import type { TextSink } from './text-sink.ts';

export function writeAttribute(sink: TextSink, attribute: Attribute): void {
  writeAttributeWithoutType(sink, attribute);
  const isTyped =
    attribute.kind === 'integer' ||
    attribute.kind === 'float' ||
    attribute.kind === 'dense' ||
    attribute.kind === 'dense-resource';
  if (isTyped) sink.write(` : ${attribute.type.text}`);
}

/** As where the type is told otherwise: `3` for `3 : i64`, `dense<1>` for `dense<1> : tensor<2xi32>`. */
export function writeAttributeWithoutType(sink: TextSink, attribute: Attribute): void {
  switch (attribute.kind) {
    case 'integer':
      sink.write(integerText(attribute));
      return;
    case 'float':
      sink.write(floatAttributeText(attribute));
      return;
    case 'bool':
      sink.write(attribute.value ? 'true' : 'false');
      return;
    case 'string':
      sink.write(stringText(attribute.value));
      return;
    case 'unit':
      sink.write('unit');
      return;
    case 'type':
      sink.write(attribute.type.text);
      return;
    case 'array':
      writeList(sink, attribute.elements);
      return;
    case 'dictionary':
      writeDictionary(sink, attribute.entries);
      return;
    case 'symbol-ref':
      sink.write([attribute.root, ...attribute.nested].map(symbolText).join('::'));
      return;
    case 'dense':
      writeDense(sink, attribute.type, attribute.data);
      return;
    case 'dense-resource':
      sink.write(`dense_resource<${keyText(sink.resourceKey(attribute.key, attribute.blob))}>`);
      return;
    case 'dense-array':
      sink.write(denseArrayText(attribute));
      return;
    case 'enum':
      sink.write(enumText(attribute));
      return;
    case 'struct':
      sink.write(`#${attribute.dialect}.${attribute.name}<`);
      writeStructBody(sink, attribute);
      sink.write('>');
      return;
    case 'location':
      writeLocation(sink, attribute.location, writeAttribute);
      return;
    case 'opaque':
      sink.write(attribute.text);
      return;
    default:
      attribute satisfies never;
  }
}

function integerText({ value }: IntegerAttr): string {
  return value.toString();
}

function floatAttributeText({ value, type }: FloatAttr): string {
  return floatText(value, type.dtype);
}

function writeList(sink: TextSink, elements: readonly Attribute[]): void {
  sink.write('[');
  for (const [index, element] of elements.entries()) {
    if (index > 0) sink.write(', ');
    if (hasDefaultType(element)) writeAttributeWithoutType(sink, element);
    else writeAttribute(sink, element);
  }
  sink.write(']');
}

/** A number of i64 or f64 needs no type in a list. */
function hasDefaultType(attribute: Attribute): boolean {
  if (attribute.kind === 'integer') return attribute.type.dtype === 'i64';
  return attribute.kind === 'float' && attribute.type.dtype === 'f64';
}

/** The elements of `array<i64: 1, 2>`. */
export function denseArrayElements({ type, values }: DenseArrayAttr): string {
  const { kind } = dtypeInfo(type.dtype);
  if (kind === 'boolean') return values.map((value) => (Number(value) === 0 ? 'false' : 'true')).join(', ');
  if (kind === 'float') return values.map((value) => floatText(Number(value), type.dtype)).join(', ');
  return values.join(', ');
}

function denseArrayText(attribute: DenseArrayAttr): string {
  const { type, values } = attribute;
  return values.length === 0 ? `array<${type.text}>` : `array<${type.text}: ${denseArrayElements(attribute)}>`;
}

/** Enumerations that are attributes of their own name rather than `#dialect<name VALUE>`. */
const dottedEnums: ReadonlySet<string> = new Set(['result_accuracy_mode']);

function enumText({ dialect, name, value }: EnumAttr): string {
  return dottedEnums.has(name) ? `#${dialect}.${name}<${value}>` : `#${dialect}<${name} ${value}>`;
}

/** What stands between the angle brackets. Integers, floats and lists are bare: the struct knows their types. */
export function writeStructBody(sink: TextSink, { name, fields }: StructAttr): void {
  if (name === 'conv') {
    sink.write(convolutionDimensionsText(fields));
    return;
  }
  let separator = '';
  for (const [field, value] of fields) {
    sink.write(`${separator}${keyText(field)} = `);
    if (value.kind === 'dense-array') sink.write(`[${denseArrayElements(value)}]`);
    else if (value.kind === 'integer' || value.kind === 'float') writeAttributeWithoutType(sink, value);
    else writeAttribute(sink, value);
    separator = ', ';
  }
}

/** `{a = 1 : i64, b}`, sorted by name as MLIR keeps dictionaries. */
function writeDictionary(sink: TextSink, entries: AttributeMap): void {
  writeEntries(sink, sortedEntries(entries));
}

export type AttributeEntry = readonly [name: string, attribute: Attribute];

export function sortedEntries(entries: Iterable<AttributeEntry>): AttributeEntry[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

export function writeEntries(sink: TextSink, entries: readonly AttributeEntry[]): void {
  sink.write('{');
  for (const [index, [name, attribute]] of entries.entries()) {
    if (index > 0) sink.write(', ');
    sink.write(keyText(name));
    if (attribute.kind === 'unit') continue;
    sink.write(' = ');
    writeAttribute(sink, attribute);
  }
  sink.write('}');
}
