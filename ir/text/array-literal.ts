/** `array<i64: 1, 2>`: a short list of numbers. */
import { type Attribute, denseArrayAttr } from '../attributes.ts';
import { type DType, dtypeInfo } from '../dtype.ts';
import type { ParserContext } from './parser-context.ts';
import { floatValue, integerValue, parseNumberLiteral } from './scalar-literal.ts';
import type { TokenStream } from './token-stream.ts';

export function parseArrayLiteral(context: ParserContext): Attribute {
  const { tokens } = context;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  const { start } = tokens;
  const type = context.parseType();
  if (type.kind !== 'scalar' || !isArrayElement(type.dtype)) {
    throw tokens.fail(
      {
        code: 'E1509',
        message: `array<...> cannot hold ${type.text}`,
        hint: 'i1, i8 to i64, ui8 to ui64 and floats are allowed',
      },
      { start, end: tokens.lastEnd },
    );
  }
  const values: (number | bigint)[] = [];
  if (tokens.consumeIf(':')) tokens.separated('>', opening, () => values.push(parseElement(tokens, type.dtype)));
  else tokens.close('>', opening);
  return denseArrayAttr(type, values);
}

function isArrayElement(dtype: DType): boolean {
  const { kind, bits } = dtypeInfo(dtype);
  return kind === 'boolean' || (kind !== 'complex' && bits >= 8 && dtype !== 'index');
}

function parseElement(tokens: TokenStream, dtype: DType): number | bigint {
  const { kind } = dtypeInfo(dtype);
  if (kind === 'boolean') {
    if (tokens.consumeIf('true')) return 1;
    if (tokens.consumeIf('false')) return 0;
  }
  const literal = parseNumberLiteral(tokens);
  if (kind === 'float') return floatValue(tokens, literal, dtype);
  const value = integerValue(tokens, literal, dtype);
  // One form for each value, as the codecs write it: a number where that is exact.
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
