/**
 * `dense<...> : tensor<...>` and `dense_resource<key> : tensor<...>`. The type stands after the elements, so the reader looks for the
 * end of the body first, reads the type, and then reads the elements straight into a typed array of that type.
 */
import { type Attribute, denseAttr, type DenseResourceAttr } from '../attributes.ts';
import { type DType, dtypeInfo, storageBytes } from '../dtype.ts';
import { allocateElements, type ElementsData, storageDType } from '../elements.ts';
import type { TensorType, Type } from '../types.ts';
import { stringEnd } from './balanced-text.ts';
import { denseFromHex } from './dense-hex.ts';
import { collapseSplat } from './dense-splat.ts';
import { ElementReader } from './element-reader.ts';
import type { ParserContext } from './parser-context.ts';
import { parseResourceKey } from './resources.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const LINE_FEED = 0x0a;

export function parseDense(context: ParserContext, expectedType: Type | undefined): Attribute {
  const { tokens } = context;
  const { start } = tokens;
  tokens.advance();
  const opening = tokens.start;
  if (tokens.kind !== '<') throw tokens.expected("'<'");
  const bodyEnd = findBodyEnd(tokens, opening + 1);
  tokens.skipTo(bodyEnd);
  tokens.close('>', opening);
  const type = parseElementsType(context, expectedType, start);
  const after = tokens.bookmark();
  tokens.skipTo(opening + 1);
  const data = parseBody(tokens, type, { start, end: after.lastEnd }, bodyEnd);
  tokens.returnTo(after);
  return denseAttr(type, data);
}

/** The offset of the `>` that ends the body. */
function findBodyEnd(tokens: TokenStream, from: number): number {
  const { bytes, limit } = tokens;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at];
    if (byte === GREATER) return at;
    if (byte === QUOTE) {
      const end = hexStringEnd(bytes, at, limit);
      if (end === -1) break;
      at = end - 1;
    } else if (byte === SLASH && bytes[at + 1] === SLASH) {
      const lineEnd = bytes.indexOf(LINE_FEED, at);
      if (lineEnd === -1) break;
      at = lineEnd;
    }
  }
  return limit;
}

/** As `stringEnd`, but a long string without escapes is found by the engine's own search. */
function hexStringEnd(bytes: Uint8Array, start: number, limit: number): number {
  const quote = bytes.indexOf(QUOTE, start + 1);
  if (quote === -1 || quote >= limit) return -1;
  return bytes[quote - 1] === BACKSLASH ? stringEnd(bytes, start, limit) : quote + 1;
}

/** The type after the colon, or the expected one; it must be a tensor of known size. */
function parseElementsType(context: ParserContext, expectedType: Type | undefined, start: number): TensorType {
  const { tokens } = context;
  let at: ByteRange = { start, end: tokens.lastEnd };
  let type = expectedType;
  if (tokens.consumeIf(':')) {
    const typeStart = tokens.start;
    type = context.parseType();
    at = { start: typeStart, end: tokens.lastEnd };
  }
  if (type === undefined) throw tokens.expected("':' and the type of the elements");
  if (type.kind !== 'tensor') {
    throw tokens.fail(
      { code: 'E1601', message: `the type of a constant must be a ranked tensor, not ${type.text}` },
      at,
    );
  }
  if (type.shape.every((dim) => typeof dim === 'number')) return type;
  throw tokens.fail({ code: 'E1601', message: `a constant needs known sizes, not ${type.text}` }, at);
}

/** Elements of a type whose sizes are known. */
function elementCount(type: TensorType): number {
  return type.shape.reduce<number>((count, dim) => count * (typeof dim === 'number' ? dim : 0), 1);
}

function parseBody(tokens: TokenStream, type: TensorType, at: ByteRange, bodyEnd: number): ElementsData {
  const dtype = storageDType(type.element);
  const count = elementCount(type);
  if (tokens.kind === '>' && count === 0) return { splat: false, values: allocateElements(dtype, 0) };
  if (tokens.kind === '>') throw wrongCount(tokens, type, at, 'no elements');
  if (tokens.kind === 'string') return parseHexBody(tokens, type, dtype, count);
  if (tokens.kind === '[') return parseList(tokens, type, dtype, count, bodyEnd);
  const values = allocateElements(dtype, 1);
  new ElementReader(tokens, dtype, values).read(0);
  tokens.require('>');
  return { splat: true, values };
}

function parseHexBody(tokens: TokenStream, type: TensorType, dtype: DType, count: number): ElementsData {
  const { start, end } = tokens;
  const data = denseFromHex(tokens.source, start, end, dtype, count);
  const at = { start, end: Math.min(end, start + 20) };
  if (data === 'malformed') {
    throw tokens.fail(
      { code: 'E1606', message: 'a string of elements must be "0x" and an even number of hexadecimal digits' },
      at,
    );
  }
  if (typeof data === 'number') {
    const bytes = storageBytes(dtype);
    throw tokens.fail(
      {
        code: 'E1607',
        message: `${data} bytes are given; ${type.text} needs ${count * bytes}, or ${bytes} for all its elements alike`,
      },
      at,
    );
  }
  tokens.advance();
  return data;
}

function parseList(tokens: TokenStream, type: TensorType, dtype: DType, count: number, bodyEnd: number): ElementsData {
  // Each element takes a byte at least: a huge type over a short list is refused before memory is taken for it.
  const { start } = tokens;
  if (count > bodyEnd - start) {
    throw wrongCount(tokens, type, { start, end: bodyEnd }, 'fewer elements');
  }
  const values = allocateElements(dtype, count);
  const list = new NestedList(tokens, type, new ElementReader(tokens, dtype, values), { start, end: bodyEnd });
  list.parse(0);
  tokens.require('>');
  return collapseSplat(values, dtypeInfo(dtype).slots);
}

function wrongCount(tokens: TokenStream, type: TensorType, at: ByteRange, given: string): Error {
  return tokens.fail(
    { code: 'E1603', message: `${given} are given for ${type.text}, which has ${elementCount(type)}` },
    at,
  );
}

/** Nested lists in the shape of the type. */
class NestedList {
  readonly #tokens: TokenStream;
  readonly #type: TensorType;
  readonly #elements: ElementReader;
  readonly #body: ByteRange;
  #next = 0;

  constructor(tokens: TokenStream, type: TensorType, elements: ElementReader, body: ByteRange) {
    this.#tokens = tokens;
    this.#type = type;
    this.#elements = elements;
    this.#body = body;
  }

  parse(level: number): void {
    const tokens = this.#tokens;
    const { shape } = this.#type;
    const opening = tokens.start;
    if (level >= shape.length) {
      throw tokens.fail(
        {
          code: 'E1602',
          message: `a list is nested ${level + 1} deep, but ${this.#type.text} has rank ${shape.length}`,
        },
        this.#body,
      );
    }
    const size = Number(shape[level]);
    const isLeaf = level === shape.length - 1;
    tokens.advance();
    tokens.enter();
    let items = 0;
    tokens.separated(']', opening, () => {
      if (++items > size) throw this.#tooMany(level, size);
      if (isLeaf) this.#elements.read(this.#next++);
      else if (tokens.kind === '[') this.parse(level + 1);
      else throw this.#notNested(level);
    });
    tokens.leave();
    if (items < size) throw this.#tooFew(level, size, items, opening);
  }

  #notNested(level: number): Error {
    const { text, shape } = this.#type;
    return this.#tokens.fail({
      code: 'E1602',
      message: `an element stands where a list is expected: ${text} has rank ${shape.length}, this is level ${level + 1}`,
    });
  }

  #tooMany(level: number, size: number): Error {
    return this.#tokens.fail({
      code: 'E1603',
      message: `dimension ${level} of ${this.#type.text} has no element after the first ${size}`,
    });
  }

  #tooFew(level: number, size: number, items: number, opening: number): Error {
    return this.#tokens.fail(
      {
        code: 'E1603',
        message: `${items} elements are given in dimension ${level}, which has size ${size} in ${this.#type.text}`,
      },
      { start: opening, end: this.#tokens.lastEnd },
    );
  }
}

export function parseDenseResource(context: ParserContext, expectedType: Type | undefined): Attribute {
  const { tokens, resources } = context;
  const { start } = tokens;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  const key = parseResourceKey(tokens);
  tokens.close('>', opening);
  const type = parseElementsType(context, expectedType, start);
  const attribute: DenseResourceAttr = { kind: 'dense-resource', type, key, blob: undefined };
  resources.addUse(attribute, { start, end: tokens.lastEnd });
  return attribute;
}

/** Reports a blob whose size is not that of the type; i1 may be packed, eight to a byte. */
export function checkBlob(tokens: TokenStream, attribute: DenseResourceAttr, at: ByteRange): void {
  const { blob, type } = attribute;
  if (blob === undefined) return;
  const dtype = storageDType(type.element);
  const count = elementCount(type);
  const needed = count * storageBytes(dtype);
  const { length } = blob.bytes;
  if (length === needed || (dtype === 'i1' && length === Math.ceil(count / 8))) return;
  tokens.report(
    { code: 'E1804', message: `the resource '${attribute.key}' has ${length} bytes; ${type.text} needs ${needed}` },
    at,
  );
}
