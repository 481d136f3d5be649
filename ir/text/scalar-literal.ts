/** Numbers as attributes: `4 : i32`, `-1.5 : f16`, `0x7F800000 : f32`; i64 and f64 where no type is written. */
import { type Attribute, boolAttr, floatAttr, integerAttr } from '../attributes.ts';
import { type DType, dtypeInfo } from '../dtype.ts';
import { decodeFloatFromBigint, floatFormats, isFloatFormatName, parseFloatToValue } from '../numerics/index.ts';
import { type ScalarType, scalarType, type Type } from '../types.ts';
import { bigInteger, isHexLiteral } from './number-literal.ts';
import type { ParserContext } from './parser-context.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';

/** A number token with its sign, before its type is known. */
export interface NumberLiteral {
  readonly kind: 'integer' | 'float';
  readonly negative: boolean;
  /** Of the digits, without the sign. */
  readonly start: number;
  readonly end: number;
  /** Of the whole literal, for messages. */
  readonly at: ByteRange;
}

export function parseNumberLiteral(tokens: TokenStream): NumberLiteral {
  const { start: from } = tokens;
  const negative = tokens.consumeIf('-');
  const { kind, start, end } = tokens;
  if (kind !== 'integer' && kind !== 'float') throw tokens.expected('a number');
  tokens.advance();
  return { kind, negative, start, end, at: { start: from, end } };
}

export function parseNumberAttribute(context: ParserContext, expectedType: Type | undefined): Attribute {
  const { tokens } = context;
  const literal = parseNumberLiteral(tokens);
  const fallback = scalarType(literal.kind === 'float' ? 'f64' : 'i64');
  const type = tokens.consumeIf(':') ? context.parseType() : (expectedType ?? fallback);
  if (type.kind === 'scalar') return literalOfType(tokens, literal, type);
  if (type.kind === 'opaque') return { kind: 'opaque', text: tokens.text(literal.at.start, tokens.lastEnd) };
  throw tokens.fail(
    { code: 'E1505', message: `a number cannot have the type ${type.text}` },
    { start: literal.at.start, end: tokens.lastEnd },
  );
}

function literalOfType(tokens: TokenStream, literal: NumberLiteral, type: ScalarType): Attribute {
  const { kind } = dtypeInfo(type.dtype);
  switch (kind) {
    case 'float':
      return floatAttr(floatValue(tokens, literal, type.dtype), type);
    case 'boolean':
      return boolAttr(integerValue(tokens, literal, type.dtype) !== 0n);
    case 'integer':
    case 'unsigned':
      return integerAttr(integerValue(tokens, literal, type.dtype), type);
    case 'complex':
      throw tokens.fail({ code: 'E1505', message: `a number cannot have the type ${type.text}` }, literal.at);
    default:
      return kind satisfies never;
  }
}

/**
 * The value of an integer literal in a type. A signless type takes what fits it as signed or as unsigned, and the result is signed
 * (`255 : i8` is -1), as in MLIR.
 */
export function integerValue(tokens: TokenStream, literal: NumberLiteral, dtype: DType): bigint {
  if (literal.kind === 'float') {
    throw tokens.fail({ code: 'E1505', message: `a fractional number cannot have the type ${dtype}` }, literal.at);
  }
  const magnitude = bigInteger(tokens, literal.start, literal.end);
  const { bits, kind } = dtypeInfo(dtype);
  if (literal.negative && kind === 'unsigned' && magnitude !== 0n) {
    throw tokens.fail({ code: 'E1506', message: `a negative number cannot have the type ${dtype}` }, literal.at);
  }
  const half = 1n << BigInt(bits - 1);
  if (magnitude === undefined || (literal.negative ? magnitude > half : magnitude >= 2n * half)) {
    throw tokens.fail({ code: 'E1504', message: `the number is out of range for ${dtype}` }, literal.at);
  }
  const value = literal.negative ? -magnitude : magnitude;
  return kind === 'integer' ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** The value of a float literal, rounded once to the type; a hexadecimal one is the type's bits. */
export function floatValue(tokens: TokenStream, literal: NumberLiteral, dtype: DType): number {
  const format = floatFormatOf(dtype);
  if (literal.kind === 'integer') return decodeFloatFromBigint(floatBits(tokens, literal, dtype), format);
  const text = tokens.text(literal.start, literal.end);
  const value = parseFloatToValue(literal.negative ? `-${text}` : text, format);
  if (value === undefined) throw tokens.fail({ code: 'E1505', message: 'the number cannot be read' }, literal.at);
  return value;
}

/** The bits that a hexadecimal literal gives for a float type. */
export function floatBits(tokens: TokenStream, literal: NumberLiteral, dtype: DType): bigint {
  if (!isHexLiteral(tokens.bytes, literal.start, literal.end)) {
    throw tokens.fail(
      {
        code: 'E1505',
        message: `a whole number cannot have the type ${dtype}`,
        hint: 'write a decimal point after it; in hexadecimal it is the bits of the value',
      },
      literal.at,
    );
  }
  const bits = bigInteger(tokens, literal.start, literal.end);
  if (literal.negative || bits === undefined || bits >> BigInt(dtypeInfo(dtype).bits) !== 0n) {
    throw tokens.fail({ code: 'E1507', message: `the bits do not fit ${dtype}` }, literal.at);
  }
  return bits;
}

export function floatFormatOf(dtype: DType): (typeof floatFormats)['f32'] {
  return floatFormats[isFloatFormatName(dtype) ? dtype : 'f64'];
}
