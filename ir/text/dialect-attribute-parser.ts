/**
 * `#dialect.name<...>` and `#dialect<...>`: the structs and enumerations of StableHLO and chlo are understood, everything else is
 * kept as its text.
 */
import { type Attribute, denseArrayAttr, enumAttr, integerAttr, structAttr, type StructAttr } from '../attributes.ts';
import { scalarType } from '../types.ts';
import { parseConvolutionDimensions, parseIndexList } from './convolution-dimensions.ts';
import { nearest } from './edit-distance.ts';
import { exactInteger } from './number-literal.ts';
import type { ParserContext } from './parser-context.ts';
import { enumValues, type FieldDefinition, structDefinition, type StructDefinition } from './struct-attributes.ts';
import type { TokenStream } from './token-stream.ts';

const LESS = 0x3c;

/** At an attribute name that is no alias. */
export function parseDialectAttribute(context: ParserContext): Attribute {
  const { tokens } = context;
  const { start } = tokens;
  const name = tokens.tokenText.slice(1);
  const hasBody = tokens.bytes[tokens.end] === LESS;
  if (hasBody && (name === 'stablehlo' || name === 'chlo')) {
    const attribute = parseOlderForm(context, name);
    if (attribute !== undefined) return attribute;
  } else if (hasBody) {
    const dot = name.indexOf('.');
    const attribute = parseKnown(context, name.slice(0, dot), name.slice(dot + 1));
    if (attribute !== undefined) return attribute;
  }
  tokens.advance();
  if (hasBody) tokens.skipBalanced();
  return { kind: 'opaque', text: tokens.text(start, tokens.lastEnd) };
}

/** `#stablehlo.gather<...>`; undefined, with nothing consumed, for a name that is not known. */
function parseKnown(context: ParserContext, dialect: string, name: string): Attribute | undefined {
  const { tokens } = context;
  if (name === 'result_accuracy_mode') {
    tokens.advance();
    tokens.advance();
    const attribute = parseEnumValue(tokens, dialect, name);
    tokens.expect('>');
    return attribute;
  }
  if (!isStruct(dialect, name)) return undefined;
  tokens.advance();
  const opening = tokens.start;
  tokens.advance();
  tokens.enter();
  const attribute = parseStructBody(context, dialect, name);
  tokens.leave();
  tokens.close('>', opening);
  return attribute;
}

/** `#stablehlo<comparison_direction EQ>`, `#chlo<ragged_dot <...>>`; undefined, with nothing consumed, for another name. */
function parseOlderForm(context: ParserContext, dialect: string): Attribute | undefined {
  const { tokens } = context;
  const bookmark = tokens.bookmark();
  tokens.advance();
  const opening = tokens.start;
  tokens.advance();
  const name = tokens.peekKeyword() ?? '';
  let attribute: Attribute | undefined;
  if (enumValues(`${dialect}.${name}`) !== undefined) {
    tokens.advance();
    attribute = parseEnumValue(tokens, dialect, name);
  } else if (isStruct(dialect, name)) attribute = parseKnown(context, dialect, name);
  if (attribute === undefined) tokens.returnTo(bookmark);
  else tokens.close('>', opening);
  return attribute;
}

function isStruct(dialect: string, name: string): boolean {
  return structDefinition(`${dialect}.${name}`) !== undefined || (dialect === 'stablehlo' && name === 'conv');
}

function parseEnumValue(tokens: TokenStream, dialect: string, name: string): Attribute {
  const values = enumValues(`${dialect}.${name}`) ?? [];
  const value = tokens.peekKeyword();
  if (value === undefined) throw tokens.expected(`one of ${values.join(', ')}`);
  if (!values.includes(value)) {
    tokens.report({
      code: 'E1514',
      message: `'${value}' is not a ${name.replaceAll('_', ' ')}`,
      hint: `one of ${values.join(', ')} is expected`,
    });
  }
  tokens.advance();
  return enumAttr(dialect, name, value);
}

/** What stands between the angle brackets of a known struct. */
export function parseStructBody(context: ParserContext, dialect: string, name: string): StructAttr {
  if (dialect === 'stablehlo' && name === 'conv') return parseConvolutionDimensions(context.tokens);
  const definition = structDefinition(`${dialect}.${name}`) ?? [];
  return structAttr(dialect, name, parseFields(context, definition, name));
}

function parseFields(context: ParserContext, definition: StructDefinition, struct: string): Map<string, Attribute> {
  const { tokens } = context;
  const values = new Map<string, Attribute | undefined>();
  const start = tokens.start;
  if (tokens.kind !== '>') {
    do parseField(context, definition, values);
    while (tokens.consumeIf(','));
  }
  const fields = new Map<string, Attribute>();
  for (const field of definition) {
    const value = values.get(field.name);
    if (value !== undefined) fields.set(field.name, value);
    else if (field.required) {
      tokens.report(
        { code: 'E1513', message: `the field '${field.name}' of ${struct} is missing` },
        { start, end: Math.max(start, tokens.lastEnd) },
      );
    }
  }
  return fields;
}

function parseField(
  context: ParserContext,
  definition: StructDefinition,
  values: Map<string, Attribute | undefined>,
): void {
  const { tokens } = context;
  const name = tokens.peekKeyword();
  if (name === undefined) throw tokens.expected("a field's name");
  const field = definition.find((candidate) => candidate.name === name);
  if (field === undefined) throw unknownField(tokens, definition, name);
  if (values.has(name)) throw tokens.fail({ code: 'E1511', message: `the field '${name}' is given twice` });
  tokens.advance();
  tokens.expect('=');
  values.set(name, parseFieldValue(context, field));
}

function unknownField(tokens: TokenStream, definition: StructDefinition, name: string): Error {
  const names = definition.map((field) => field.name);
  const guess = nearest(name, names);
  return tokens.fail({
    code: 'E1510',
    message: `there is no field '${name}' here`,
    hint: guess === undefined ? `the fields are ${names.join(', ')}` : `did you mean '${guess}'?`,
  });
}

/** Undefined for the value that leaving the field out means. */
function parseFieldValue(context: ParserContext, field: FieldDefinition): Attribute | undefined {
  const { tokens } = context;
  const { kind, required } = field;
  switch (kind) {
    case 'indices': {
      const values = parseIndexList(tokens);
      return values.length > 0 || required ? denseArrayAttr(scalarType('i64'), values) : undefined;
    }
    case 'index': {
      const value = exactInteger(tokens, 'a whole number');
      return value !== 0 || required ? integerAttr(value, scalarType('i64')) : undefined;
    }
    case 'number': {
      const value = context.parseAttribute(scalarType('f64'));
      const isZero = value.kind === 'float' && Object.is(value.value, 0);
      return isZero && !required ? undefined : value;
    }
    case 'flag':
    case 'type':
    case 'attribute':
      return context.parseAttribute();
    default:
      return kind satisfies never;
  }
}
