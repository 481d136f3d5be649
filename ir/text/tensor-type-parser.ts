/** `tensor<2x?xf32, encoding>`: dimensions, element type, and the encodings that say what the sizes cannot. */
import type { OpaqueAttr } from '../attributes.ts';
import { type Dim, dimSymbol, dynamicDim } from '../dimension.ts';
import { type ElementType, tensorType, type Type, unrankedTensorType } from '../types.ts';
import { smallInteger } from './number-literal.ts';
import type { ParserContext } from './parser-context.ts';
import type { TokenStream } from './token-stream.ts';

const X = 0x78;

export function parseTensorType(context: ParserContext): Type {
  const { tokens } = context;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  if (tokens.consumeIf('*')) {
    expectCross(tokens);
    const element = parseElementType(context);
    tokens.close('>', opening);
    return unrankedTensorType(element);
  }
  const shape = parseDimensions(tokens);
  const element = parseElementType(context);
  const encoding = tokens.consumeIf(',') && tokens.kind !== '>' ? parseEncoding(context, shape) : noEncoding;
  tokens.close('>', opening);
  return tensorType(encoding.shape ?? shape, element, encoding);
}

/** `2x?x`: each dimension with the `x` after it. */
function parseDimensions(tokens: TokenStream): Dim[] {
  const shape: Dim[] = [];
  while (tokens.kind === 'integer' || tokens.kind === '?') {
    shape.push(tokens.consumeIf('?') ? dynamicDim : parseSize(tokens));
    expectCross(tokens);
  }
  return shape;
}

/** A size; `0x4xf32` is not hexadecimal here. */
function parseSize(tokens: TokenStream): number {
  const { start } = tokens;
  let { end } = tokens;
  if (tokens.bytes[start + 1] === X && end - start > 1) end = start + 1;
  const size = smallInteger(tokens.bytes, start, end) ?? Number(tokens.text(start, Math.min(end, start + 400)));
  if (!Number.isSafeInteger(size)) {
    throw tokens.fail({ code: 'E1402', message: 'a dimension must be below 2^53' }, { start, end });
  }
  tokens.skipTo(end);
  return size;
}

/** The `x` of a dimension list, which may be glued to what follows: `x8xf32`. */
function expectCross(tokens: TokenStream): void {
  if (tokens.kind !== 'identifier' || tokens.bytes[tokens.start] !== X) {
    throw tokens.expected("'x' after a dimension");
  }
  tokens.skipTo(tokens.start + 1);
}

function parseElementType(context: ParserContext): ElementType {
  const { tokens } = context;
  const { start } = tokens;
  if (tokens.kind === '-') {
    throw tokens.fail({
      code: 'E1402',
      message: 'a dimension cannot be negative',
      hint: "write '?' for an unknown size",
    });
  }
  const type = context.parseType();
  if (type.kind === 'scalar') return type.dtype;
  if (type.kind === 'quantized') return type;
  const at = { start, end: tokens.lastEnd };
  if (type.kind !== 'opaque') {
    throw tokens.fail({ code: 'E1403', message: `a tensor cannot have elements of type ${type.text}` }, at);
  }
  throw tokens.fail(
    {
      code: 'E1405',
      message: `elements of type ${type.text} are not supported`,
      kind: 'unsupported',
      hint: /^si\d+$/.test(type.text) ? `signed integers are written ${type.text.slice(1)}` : undefined,
    },
    at,
  );
}

interface Encoding {
  readonly shape?: readonly Dim[];
  readonly order?: readonly number[];
  readonly encoding?: OpaqueAttr;
  readonly encodingText?: string;
}

const noEncoding: Encoding = {};

function parseEncoding(context: ParserContext, shape: readonly Dim[]): Encoding {
  const { tokens, aliases } = context;
  const { start } = tokens;
  if (tokens.kind === 'attribute-name') {
    const name = tokens.tokenText;
    if (name === '#stablehlo.bounds' || name === '#stablehlo.type_extensions') return parseBounds(tokens, shape);
    if (name === '#tessera.tensor') return parseTesseraEncoding(tokens, shape);
    if (!name.includes('.') && tokens.bytes[tokens.end] !== 0x3c) {
      const aliased = aliases.readAhead(context, name, () => parseEncoding(context, shape));
      if (aliased !== undefined) {
        tokens.advance();
        return aliased;
      }
    }
  }
  context.parseAttribute();
  const text = tokens.text(start, tokens.lastEnd);
  return { encoding: { kind: 'opaque', text }, encodingText: text };
}

/** `#stablehlo.bounds<?, 8>`, or the older `#stablehlo.type_extensions<bounds = [?, 8]>`. */
function parseBounds(tokens: TokenStream, shape: readonly Dim[]): Encoding {
  const isOlder = tokens.tokenText === '#stablehlo.type_extensions';
  const { start } = tokens;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  const bounds: (number | undefined)[] = [];
  const parseBound = (): void => {
    bounds.push(tokens.consumeIf('?') ? undefined : parseBoundSize(tokens));
  };
  if (isOlder) {
    tokens.expect('bounds');
    tokens.expect('=');
    const list = tokens.start;
    tokens.expect('[');
    tokens.separated(']', list, parseBound);
    tokens.close('>', opening);
  } else tokens.separated('>', opening, parseBound);
  return { shape: applyBounds(tokens, shape, bounds, { start, end: tokens.lastEnd }) };
}

function parseBoundSize(tokens: TokenStream): number {
  if (tokens.kind !== 'integer') throw tokens.expected("a size or '?'");
  return parseSize(tokens);
}

function applyBounds(
  tokens: TokenStream,
  shape: readonly Dim[],
  bounds: readonly (number | undefined)[],
  at: { start: number; end: number },
): Dim[] {
  if (bounds.length !== shape.length) {
    throw tokens.fail(
      { code: 'E1406', message: `${bounds.length} bounds are given for ${shape.length} dimensions` },
      at,
    );
  }
  return shape.map((dim, index) => {
    const bound = bounds[index];
    if (bound === undefined) return dim;
    if (typeof dim === 'number') {
      throw tokens.fail(
        { code: 'E1407', message: `dimension ${index} is ${dim} and takes no bound`, hint: "write '?' as its bound" },
        at,
      );
    }
    return dimSymbol('', bound);
  });
}

/** `#tessera.tensor<dims = [_, n <= 8], order = [1, 0]>`. */
function parseTesseraEncoding(tokens: TokenStream, shape: readonly Dim[]): Encoding {
  const { start } = tokens;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  let named: Dim[] | undefined;
  let order: number[] | undefined;
  tokens.separated('>', opening, () => {
    if (tokens.consumeIf('dims')) named = parseNamedDims(tokens, shape, start);
    else if (tokens.consumeIf('order')) order = parseOrder(tokens, shape.length);
    else throw tokens.expected("'dims' or 'order'");
  });
  return { shape: named ?? shape, ...(order === undefined ? {} : { order }) };
}

function parseNamedDims(tokens: TokenStream, shape: readonly Dim[], start: number): Dim[] {
  tokens.expect('=');
  const opening = tokens.start;
  tokens.expect('[');
  const dims: Dim[] = [];
  tokens.separated(']', opening, () => dims.push(parseNamedDim(tokens, shape[dims.length])));
  if (dims.length === shape.length) return dims;
  throw tokens.fail(
    { code: 'E1406', message: `${dims.length} names are given for ${shape.length} dimensions` },
    { start, end: tokens.lastEnd },
  );
}

/** `_` for a static size, else `n`, `n <= 8`, `?` or `? <= 8`. */
function parseNamedDim(tokens: TokenStream, dim: Dim | undefined): Dim {
  if (typeof dim === 'number') {
    if (!tokens.isNext('_')) {
      throw tokens.fail({ code: 'E1407', message: `the size is ${dim} and takes no name`, hint: "write '_' for it" });
    }
    tokens.advance();
    return dim;
  }
  const name = tokens.consumeIf('?') ? '' : tokens.keyword("a dimension's name");
  if (!tokens.consumeIf('<')) return dimSymbol(name);
  tokens.expect('=');
  return dimSymbol(name, parseBoundSize(tokens));
}

function parseOrder(tokens: TokenStream, rank: number): number[] {
  tokens.expect('=');
  const opening = tokens.start;
  tokens.expect('[');
  const order: number[] = [];
  tokens.separated(']', opening, () => order.push(parseBoundSize(tokens)));
  if (order.length === rank && new Set(order).size === rank && order.every((dim) => dim < rank)) return order;
  throw tokens.fail(
    { code: 'E1413', message: `the order must list each dimension from 0 to ${rank - 1} once` },
    { start: opening, end: tokens.lastEnd },
  );
}
