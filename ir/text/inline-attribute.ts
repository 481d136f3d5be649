/** `$name` of an attribute in the pretty form: written by its codec, without what the codec already tells. */
import type { AttributeCodec } from '../attribute-schema.ts';
import {
  arrayAttr,
  type Attribute,
  boolAttr,
  denseArrayAttr,
  floatAttr,
  integerAttr,
  stringAttr,
  symbolRef,
  unitAttr,
} from '../attributes.ts';
import { InvariantError } from '../diagnostics/diagnostic.ts';
import { type DType, integerRange } from '../dtype.ts';
import { scalarType } from '../types.ts';
import { denseArrayElements } from './attribute-text.ts';
import { symbolText } from './name-text.ts';
import type { OpParser } from './op-parser.ts';
import type { OpPrinter } from './op-printer.ts';

type Codec = AttributeCodec<unknown>;

export function parseInlineAttribute(parser: OpParser, codec: Codec): Attribute {
  switch (codec.inline) {
    case undefined:
    case 'elements':
      return parser.parseAttribute();
    case 'i64':
    case 'i32':
    case 'ui32':
    case 'ui64':
      return parseIntegerOf(parser, codec.inline);
    case 'f64':
      return floatAttr(parser.parseFloat('f64'), scalarType('f64'));
    case 'i64-list':
      return denseArrayAttr(scalarType('i64'), parser.parseIndexList());
    case 'bool-list':
      return denseArrayAttr(
        scalarType('i1'),
        parseList(parser, () => Number(parseBoolean(parser))),
      );
    case 'bool':
      return boolAttr(parseBoolean(parser));
    case 'unit':
      return unitAttr;
    case 'string':
      return stringAttr(parser.parseString());
    case 'symbol':
      return symbolRef(parser.parseSymbolName());
    case 'type':
      return { kind: 'type', type: parser.parseType() };
    case 'keyword':
      return parseEnumKeyword(parser, codec);
    case 'keyword-list':
      return arrayAttr(parseList(parser, () => parseEnumKeyword(parser, codec)));
    case 'struct':
      return parseStruct(parser, codec);
    default:
      return codec.inline satisfies never;
  }
}

/** A whole number in the range of its type, which is not written. */
function parseIntegerOf(parser: OpParser, dtype: DType): Attribute {
  const { position: start } = parser;
  const value = parser.parseInteger();
  const [min, max] = integerRange(dtype);
  if (value < min || value > max) {
    const at = { start, end: parser.lastEnd };
    throw parser.fail({ code: 'E1504', message: `the number is out of range for ${dtype}` }, at);
  }
  return integerAttr(value, scalarType(dtype));
}

/** `[item, item]`. */
export function parseList<T>(parser: OpParser, parseItem: () => T): T[] {
  const items: T[] = [];
  parser.expect('[');
  parser.parseCommaSeparated(']', () => items.push(parseItem()));
  return items;
}

export function parseBoolean(parser: OpParser): boolean {
  if (parser.consumeIf('true')) return true;
  if (parser.consumeIf('false')) return false;
  throw parser.expected("'true' or 'false'");
}

/** A bare keyword for a value of an enumeration. */
function parseEnumKeyword(parser: OpParser, codec: Codec): Attribute {
  const keyword = parser.peekKeyword();
  const { keywords, fromKeyword } = codec;
  if (keywords === undefined || fromKeyword === undefined) throw new InvariantError('the codec has no keywords');
  if (keyword === undefined || !keywords.includes(keyword)) throw parser.expected(`one of ${keywords.join(', ')}`);
  parser.parseKeyword('an enumeration value');
  return fromKeyword(keyword);
}

function parseStruct(parser: OpParser, codec: Codec): Attribute {
  if (codec.structName === undefined) throw new InvariantError('the codec has no struct name');
  const [dialect, name] = codec.structName;
  parser.expect('<');
  const attribute = parser.parseStructBody(dialect, name);
  parser.expect('>');
  return attribute;
}

/** True when the attribute reads back to itself from its inline form. */
export function hasInlineForm(attribute: Attribute, codec: Codec): boolean {
  switch (codec.inline) {
    case undefined:
      return attribute.kind !== 'unit';
    case 'elements':
      return attribute.kind === 'dense' || attribute.kind === 'dense-resource';
    case 'f64':
      return attribute.kind === 'float' && attribute.type.dtype === 'f64';
    case 'i64':
    case 'i32':
    case 'ui32':
    case 'ui64':
      return attribute.kind === 'integer' && attribute.type.dtype === codec.inline;
    case 'i64-list':
      return isIndexList(attribute);
    case 'bool-list':
      return attribute.kind === 'dense-array' && attribute.type.dtype === 'i1';
    case 'bool':
    case 'unit':
    case 'string':
    case 'type':
      return attribute.kind === codec.inline;
    case 'symbol':
      return attribute.kind === 'symbol-ref' && attribute.nested.length === 0;
    case 'keyword':
      return isKeyword(attribute, codec);
    case 'keyword-list':
      return attribute.kind === 'array' && attribute.elements.every((element) => isKeyword(element, codec));
    case 'struct':
      return attribute.kind === 'struct' && attribute.name === codec.structName?.[1];
    default:
      return codec.inline satisfies never;
  }
}

/** A list of numbers that JavaScript holds exactly. */
export function isIndexList(attribute: Attribute): boolean {
  return (
    attribute.kind === 'dense-array' &&
    attribute.type.dtype === 'i64' &&
    attribute.values.every((value) => Number.isSafeInteger(Number(value)))
  );
}

function isKeyword(attribute: Attribute, codec: Codec): boolean {
  if (attribute.kind !== 'enum' || codec.keywords?.includes(attribute.value) !== true) return false;
  const meant = codec.fromKeyword?.(attribute.value);
  return meant?.kind === 'enum' && meant.dialect === attribute.dialect && meant.name === attribute.name;
}

/** The attribute must have an inline form. */
export function printInlineAttribute(printer: OpPrinter, attribute: Attribute, codec: Codec): void {
  switch (codec.inline) {
    case undefined:
    case 'elements':
      printer.attribute(attribute);
      return;
    case 'unit':
      return;
    case 'symbol':
      if (attribute.kind === 'symbol-ref') printer.write(symbolText(attribute.root));
      return;
    case 'i64-list':
    case 'bool-list':
      if (attribute.kind === 'dense-array') printer.write(`[${denseArrayElements(attribute)}]`);
      return;
    case 'keyword':
      printer.write(keywordOf(attribute));
      return;
    case 'keyword-list':
      if (attribute.kind === 'array') printer.write(`[${attribute.elements.map(keywordOf).join(', ')}]`);
      return;
    case 'struct':
      if (attribute.kind === 'struct') printer.structBody(attribute);
      return;
    case 'i64':
    case 'i32':
    case 'ui32':
    case 'ui64':
    case 'f64':
    case 'bool':
    case 'string':
    case 'type':
      printer.attributeWithoutType(attribute);
      return;
    default:
      codec.inline satisfies never;
  }
}

function keywordOf(attribute: Attribute): string {
  return attribute.kind === 'enum' ? attribute.value : '';
}
