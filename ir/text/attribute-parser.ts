/** Attributes: literals, collections, symbols, types as attributes, aliases; `dense` and other dialects' have their own files. */
import {
  type Attribute,
  arrayAttr,
  type AttributeMap,
  falseAttr,
  noAttributes,
  stringAttr,
  symbolRef,
  trueAttr,
  unitAttr,
} from '../attributes.ts';
import type { Type } from '../types.ts';
import { parseArrayLiteral } from './array-literal.ts';
import { parseDense, parseDenseResource } from './dense-parser.ts';
import { parseDialectAttribute } from './dialect-attribute-parser.ts';
import { nearest } from './edit-distance.ts';
import { parseWrappedLocation } from './location-parser.ts';
import type { ParserContext } from './parser-context.ts';
import { parseNumberAttribute } from './scalar-literal.ts';
import type { TokenKind } from './lexer.ts';
import { isTypeStart } from './type-parser.ts';

const LESS = 0x3c;

const keywords = [
  'true',
  'false',
  'unit',
  'dense',
  'dense_resource',
  'array',
  'loc',
  'affine_map',
  'affine_set',
  'strided',
];
/** Builtin attributes that are carried but not understood. */
const opaqueKeywords: ReadonlySet<string> = new Set(['affine_map', 'affine_set', 'strided', 'sparse', 'distinct']);

type AttributeReader = (context: ParserContext, expectedType: Type | undefined) => Attribute;

const parseTypeAttribute: AttributeReader = (context) => ({ kind: 'type', type: context.parseType() });

/** What an attribute that starts with this token is. */
const readers: Partial<Record<TokenKind, AttributeReader>> = {
  integer: parseNumberAttribute,
  float: parseNumberAttribute,
  '-': parseNumberAttribute,
  string: parseStringAttribute,
  '[': parseArray,
  '{': parseDictionary,
  symbol: parseSymbolRef,
  'attribute-name': parseAttributeName,
  'type-name': parseTypeAttribute,
  '(': parseTypeAttribute,
  identifier: parseKeywordAttribute,
};

export function parseAttribute(context: ParserContext, expectedType?: Type): Attribute {
  const read = readers[context.tokens.kind];
  if (read === undefined) throw context.tokens.expected('an attribute');
  return read(context, expectedType);
}

function parseDictionary(context: ParserContext): Attribute {
  context.tokens.enter();
  const entries = parseAttributeDictionary(context);
  context.tokens.leave();
  return { kind: 'dictionary', entries };
}

function parseKeywordAttribute(context: ParserContext, expectedType: Type | undefined): Attribute {
  const { tokens } = context;
  const keyword = tokens.tokenText;
  switch (keyword) {
    case 'true':
      tokens.advance();
      return trueAttr;
    case 'false':
      tokens.advance();
      return falseAttr;
    case 'unit':
      tokens.advance();
      return unitAttr;
    case 'dense':
      return parseDense(context, expectedType);
    case 'dense_resource':
      return parseDenseResource(context, expectedType);
    case 'array':
      return parseArrayLiteral(context);
    case 'loc':
      return { kind: 'location', location: parseWrappedLocation(context) };
    default:
      break;
  }
  if (opaqueKeywords.has(keyword)) return parseOpaque(context);
  if (isTypeStart(tokens)) return { kind: 'type', type: context.parseType() };
  const guess = nearest(keyword, keywords);
  throw tokens.fail({
    code: 'E1501',
    message: `'${keyword}' is not an attribute`,
    hint: guess === undefined ? 'a string needs quotes, a symbol @, an alias #' : `did you mean '${guess}'?`,
  });
}

/** `affine_map<...>`, `distinct[0]<...>`: kept as text. */
function parseOpaque(context: ParserContext): Attribute {
  const { tokens } = context;
  const { start } = tokens;
  tokens.advance();
  if (tokens.kind === '[') tokens.skipBalanced();
  if (tokens.kind !== '<') throw tokens.expected("'<'");
  tokens.skipBalanced();
  if (tokens.consumeIf(':')) context.parseType();
  return { kind: 'opaque', text: tokens.text(start, tokens.lastEnd) };
}

/** A string; its type, if one is written, is dropped: `"a" : i32`. */
function parseStringAttribute(context: ParserContext): Attribute {
  const { tokens } = context;
  const value = tokens.string();
  if (tokens.consumeIf(':')) context.parseType();
  return stringAttr(value);
}

function parseArray(context: ParserContext): Attribute {
  const { tokens } = context;
  const opening = tokens.start;
  tokens.enter();
  tokens.advance();
  const elements: Attribute[] = [];
  tokens.separated(']', opening, () => elements.push(context.parseAttribute()));
  tokens.leave();
  return arrayAttr(elements);
}

/** `@root::@nested`. */
function parseSymbolRef({ tokens }: ParserContext): Attribute {
  const root = tokens.symbol();
  const nested: string[] = [];
  while (tokens.consumeIf('::')) nested.push(tokens.symbol());
  return symbolRef(root, nested);
}

function parseAttributeName(context: ParserContext): Attribute {
  const { tokens, aliases } = context;
  const name = tokens.tokenText;
  if (name.includes('.') || tokens.bytes[tokens.end] === LESS) return parseDialectAttribute(context);
  const attribute = aliases.attributes.get(name) ?? aliases.readAhead(context, name, () => context.parseAttribute());
  if (attribute === undefined) {
    const guess = nearest(name, [...aliases.attributes.keys()]);
    throw tokens.fail({
      code: 'E1502',
      message: `the attribute alias '${name}' is not defined`,
      hint: guess === undefined ? `define it: ${name} = ...` : `did you mean '${guess}'?`,
    });
  }
  aliases.attributes.set(name, attribute);
  tokens.advance();
  return attribute;
}

/** `{a = 1, b, "c d" = "e"}`; the opening brace is current. */
export function parseAttributeDictionary(context: ParserContext): AttributeMap {
  const { tokens } = context;
  const opening = tokens.start;
  tokens.advance();
  if (tokens.consumeIf('}')) return noAttributes;
  const entries = new Map<string, Attribute>();
  tokens.separated('}', opening, () => parseEntry(context, entries));
  return entries;
}

function parseEntry(context: ParserContext, entries: Map<string, Attribute>): void {
  const { tokens } = context;
  const at = { start: tokens.start, end: tokens.end };
  const name = tokens.kind === 'string' ? tokens.string() : tokens.keyword("an attribute's name");
  const value = tokens.consumeIf('=') ? context.parseAttribute() : unitAttr;
  if (entries.has(name)) {
    tokens.report({ code: 'E1508', message: `the attribute '${name}' is given twice` }, at);
  } else entries.set(name, value);
}
