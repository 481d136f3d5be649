/** Types. `tensor<...>` and `!quant...` have their own files; what is unknown is kept as its text. */
import { isDType } from '../dtype.ts';
import {
  functionType,
  type FunctionType,
  futureType,
  opaqueType,
  scalarType,
  tokenType,
  tupleType,
  type Type,
} from '../types.ts';
import { balancedEnd } from './balanced-text.ts';
import { nearest } from './edit-distance.ts';
import type { ParserContext } from './parser-context.ts';
import { parseQuantizedType } from './quantized-type-parser.ts';
import { parseTensorType } from './tensor-type-parser.ts';
import type { TokenStream } from './token-stream.ts';

/** Longer types are read anew each time. */
const MAX_REMEMBERED = 512;
const LESS = 0x3c;

const typeNames = [
  'tensor',
  'tuple',
  'complex',
  'index',
  'none',
  'vector',
  'memref',
  'f32',
  'f64',
  'f16',
  'bf16',
  'i1',
  'i8',
  'i16',
  'i32',
  'i64',
];
/** Builtin types that are carried but not understood. */
const opaqueKeywords: ReadonlySet<string> = new Set(['none', 'tf32', 'f80', 'f128', 'vector', 'memref']);
const INTEGER_TYPE = /^(?:i|si|ui)[1-9]\d{0,7}$/;

/** True at a token that can start a type. */
export function isTypeStart(tokens: TokenStream): boolean {
  if (tokens.kind === 'type-name' || tokens.kind === '(') return true;
  return tokens.kind === 'identifier' && isBuiltinTypeName(tokens.tokenText);
}

function isBuiltinTypeName(name: string): boolean {
  return (
    ['tensor', 'tuple', 'complex'].includes(name) ||
    isDType(name) ||
    opaqueKeywords.has(name) ||
    INTEGER_TYPE.test(name)
  );
}

export function parseType(context: ParserContext): Type {
  const { tokens, knownTypes } = context;
  if (tokens.kind === '(') return parseFunctionType(context);
  if (tokens.kind !== 'identifier' && tokens.kind !== 'type-name') throw tokens.expected('a type');
  const { start } = tokens;
  const end = typeEnd(tokens);
  const known = knownTypes.get(start, end);
  if (known !== undefined) {
    tokens.skipTo(end);
    return known;
  }
  tokens.enter();
  const type = tokens.kind === 'identifier' ? parseBuiltinType(context) : parseDialectType(context);
  tokens.leave();
  if (tokens.lastEnd === end && end - start <= MAX_REMEMBERED) knownTypes.set(start, end, type);
  return type;
}

/** Where the type at the current token should end, by its brackets alone. */
function typeEnd(tokens: TokenStream): number {
  const { bytes, start, end } = tokens;
  if (bytes[end] !== LESS) return end;
  const closed = balancedEnd(bytes, end, Math.min(tokens.limit, start + MAX_REMEMBERED), 64);
  return typeof closed === 'number' ? closed : end;
}

function parseBuiltinType(context: ParserContext): Type {
  const { tokens } = context;
  const { start } = tokens;
  const name = tokens.tokenText;
  switch (name) {
    case 'tensor':
      return parseTensorType(context);
    case 'tuple':
      tokens.advance();
      return tupleType(parseTypeArguments(context));
    case 'complex':
      return parseComplexType(context);
    default:
      break;
  }
  if (isDType(name)) {
    tokens.advance();
    return scalarType(name);
  }
  if (!opaqueKeywords.has(name) && !INTEGER_TYPE.test(name)) throw unknownType(tokens, name);
  tokens.advance();
  if (tokens.kind === '<') tokens.skipBalanced();
  return opaqueType(tokens.text(start, tokens.lastEnd));
}

function unknownType(tokens: TokenStream, name: string): Error {
  const guess = nearest(name, typeNames);
  return tokens.fail({
    code: 'E1401',
    message: `'${name}' is not a type`,
    hint: guess === undefined ? undefined : `did you mean '${guess}'?`,
  });
}

/** `complex<f32>`; complex of another part is kept as text, and refused where it is an element type. */
function parseComplexType(context: ParserContext): Type {
  const { tokens } = context;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  const { start } = tokens;
  const part = context.parseType();
  if (part.kind !== 'scalar') {
    throw tokens.fail(
      {
        code: 'E1414',
        message: `the parts of a complex number cannot be ${part.text}`,
        hint: 'write complex<f32> or complex<f64>',
      },
      { start, end: tokens.lastEnd },
    );
  }
  tokens.close('>', opening);
  const text = `complex<${part.text}>`;
  return isDType(text) ? scalarType(text) : opaqueType(text);
}

/** `<T, T>`, possibly none. */
function parseTypeArguments(context: ParserContext): Type[] {
  const { tokens } = context;
  const opening = tokens.start;
  tokens.expect('<');
  const types: Type[] = [];
  tokens.separated('>', opening, () => types.push(context.parseType()));
  return types;
}

function parseDialectType(context: ParserContext): Type {
  const { tokens } = context;
  const { start } = tokens;
  switch (tokens.tokenText) {
    case '!stablehlo.token':
    case '!mhlo.token':
      tokens.advance();
      return tokenType;
    case '!stablehlo.future':
      tokens.advance();
      return futureType(parseTypeArguments(context));
    case '!quant.uniform':
      return parseQuantizedType(context);
    default:
      break;
  }
  const name = tokens.tokenText;
  if (!name.includes('.') && tokens.bytes[tokens.end] !== LESS) return parseTypeAlias(context, name);
  const isBody = tokens.bytes[tokens.end] === LESS;
  tokens.advance();
  if (isBody) tokens.skipBalanced();
  return opaqueType(tokens.text(start, tokens.lastEnd));
}

function parseTypeAlias(context: ParserContext, name: string): Type {
  const { tokens, aliases } = context;
  const type = aliases.types.get(name) ?? aliases.readAhead(context, name, () => context.parseType());
  if (type === undefined) {
    const guess = nearest(name, [...aliases.types.keys()]);
    throw tokens.fail({
      code: 'E1404',
      message: `the type alias '${name}' is not defined`,
      hint: guess === undefined ? `define it before: ${name} = tensor<4xf32>` : `did you mean '${guess}'?`,
    });
  }
  aliases.types.set(name, type);
  tokens.advance();
  return type;
}

/** `(T, T) -> T` or `(T, T) -> (T, T)`. */
export function parseFunctionType(context: ParserContext): FunctionType {
  const { tokens } = context;
  tokens.enter();
  const inputs = parseParenthesizedTypes(context);
  tokens.expect('->');
  const results = parseResultTypes(context);
  tokens.leave();
  return functionType(inputs, results);
}

/** `(T, T)`, possibly none. */
export function parseParenthesizedTypes(context: ParserContext): Type[] {
  const { tokens } = context;
  const opening = tokens.start;
  tokens.expect('(');
  const types: Type[] = [];
  tokens.separated(')', opening, () => types.push(context.parseType()));
  return types;
}

/** What stands right of `->`: one type, or several in parentheses. */
export function parseResultTypes(context: ParserContext): Type[] {
  return context.tokens.kind === '(' ? parseParenthesizedTypes(context) : [context.parseType()];
}
