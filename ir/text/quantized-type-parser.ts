/**
 * `!quant.uniform<i8:f32, 0.1:3>`, per axis `<i8:f32:1, {0.1:3, 0.2}>`, per block `<i8:f32:{0:2, 1:4}, {{0.1, 0.2}, ...}>`, each with
 * an optional range after the storage type: `<u8<0:250>:f32, ...>`.
 */
import { type DType, dtypeInfo, isDType } from '../dtype.ts';
import { type QuantizedType, quantizedType } from '../types.ts';
import { exactInteger, signedInteger } from './number-literal.ts';
import type { ParserContext } from './parser-context.ts';
import { quantizedTypeText } from './quantized-type-text.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';

interface Storage {
  readonly storage: DType;
  readonly storageMin: bigint;
  readonly storageMax: bigint;
}

type Axes = Pick<QuantizedType, 'dimension' | 'blockSizes'>;

export function parseQuantizedType(context: ParserContext): QuantizedType {
  const { tokens } = context;
  tokens.advance();
  const opening = tokens.start;
  tokens.expect('<');
  const storage = parseStorage(tokens);
  tokens.expect(':');
  const expressed = parseExpressed(context);
  const axes = tokens.consumeIf(':') ? parseAxes(tokens) : { dimension: undefined, blockSizes: undefined };
  tokens.expect(',');
  const into: Parameters = { scales: [], zeroPoints: [] };
  const start = tokens.start;
  const scaleShape = parseScales(tokens, storage, axes, into);
  if (into.scales.length === 0) {
    throw tokens.fail({ code: 'E1411', message: 'at least one scale is needed' }, { start, end: tokens.lastEnd });
  }
  tokens.close('>', opening);
  const type = { ...storage, expressed, ...axes, ...into, scaleShape };
  return quantizedType({ ...type, text: quantizedTypeText(type) });
}

/** `i8`, `u8`, with a range `<-127:127>`. */
function parseStorage(tokens: TokenStream): Storage {
  const { start } = tokens;
  const name = tokens.keyword("a storage type such as 'i8'");
  const storage = name.startsWith('u') && !name.startsWith('ui') ? `ui${name.slice(1)}` : name;
  const at = { start, end: tokens.lastEnd };
  if (!isStorage(storage) || name.startsWith('ui')) {
    throw tokens.fail(
      { code: 'E1408', message: `'${name}' is not a storage type`, hint: 'i2, i4, i8, i16, i32 and u2 to u32 are' },
      at,
    );
  }
  const [min, max] = fullRange(storage);
  if (tokens.kind !== '<') return { storage, storageMin: min, storageMax: max };
  tokens.advance();
  const storageMin = parseBound(tokens);
  tokens.expect(':');
  const storageMax = parseBound(tokens);
  tokens.expect('>');
  if (storageMin >= min && storageMax <= max && storageMin <= storageMax) return { storage, storageMin, storageMax };
  throw tokens.fail(
    {
      code: 'E1409',
      message: `the storage range ${storageMin} to ${storageMax} is empty or exceeds that of ${name}, ${min} to ${max}`,
    },
    { start, end: tokens.lastEnd },
  );
}

function isStorage(name: string): name is DType {
  return isDType(name) && /^u?i(?:2|4|8|16|32)$/.test(name);
}

function fullRange(storage: DType): readonly [bigint, bigint] {
  const { bits, kind } = dtypeInfo(storage);
  const half = 1n << BigInt(bits - 1);
  return kind === 'unsigned' ? [0n, 2n * half - 1n] : [-half, half - 1n];
}

function parseBound(tokens: TokenStream): bigint {
  return BigInt(exactInteger(tokens, 'a storage bound'));
}

function parseExpressed(context: ParserContext): DType {
  const { tokens } = context;
  const { start } = tokens;
  const type = context.parseType();
  if (type.kind === 'scalar' && dtypeInfo(type.dtype).kind === 'float') return type.dtype;
  throw tokens.fail(
    { code: 'E1410', message: `the expressed type must be a float type, not ${type.text}` },
    { start, end: tokens.lastEnd },
  );
}

/** `1`, or `{0:2, 1:4}`. */
function parseAxes(tokens: TokenStream): Axes {
  const opening = tokens.start;
  if (!tokens.consumeIf('{'))
    return { dimension: parseCount(tokens, 'the quantised dimension'), blockSizes: undefined };
  const blockSizes: (readonly [number, number])[] = [];
  tokens.separated('}', opening, () => {
    const dimension = parseCount(tokens, 'a dimension');
    tokens.expect(':');
    blockSizes.push([dimension, parseCount(tokens, 'a block size')]);
  });
  return { dimension: undefined, blockSizes };
}

function parseCount(tokens: TokenStream, what: string): number {
  const { start } = tokens;
  const value = exactInteger(tokens, what);
  if (value >= 0) return value;
  throw tokens.fail({ code: 'E1412', message: `${what} cannot be negative` }, { start, end: tokens.lastEnd });
}

interface Parameters {
  readonly scales: number[];
  readonly zeroPoints: bigint[];
}

/** Gives the shape of the list of scales, when they are per block. */
function parseScales(tokens: TokenStream, storage: Storage, axes: Axes, into: Parameters): number[] | undefined {
  if (axes.blockSizes !== undefined) return parseScaleTree(tokens, storage, into);
  if (axes.dimension === undefined) parseScale(tokens, storage, into);
  else {
    const opening = tokens.start;
    tokens.expect('{');
    tokens.separated('}', opening, () => parseScale(tokens, storage, into));
  }
  return undefined;
}

/** Scales nested in braces, one level a dimension of the tensor; gives how many there are on each level. */
function parseScaleTree(tokens: TokenStream, storage: Storage, into: Parameters): number[] {
  const opening = tokens.start;
  if (!tokens.consumeIf('{')) {
    parseScale(tokens, storage, into);
    return [];
  }
  let size = 0;
  let inner: readonly number[] = [];
  tokens.enter();
  tokens.separated('}', opening, () => {
    const { start } = tokens;
    const shape = parseScaleTree(tokens, storage, into);
    if (size++ === 0) inner = shape;
    else if (shape.length !== inner.length || shape.some((extent, level) => extent !== inner[level])) {
      throw tokens.fail(
        { code: 'E1416', message: 'the scales of blocks must be nested evenly' },
        { start, end: tokens.lastEnd },
      );
    }
  });
  tokens.leave();
  return [size, ...inner];
}

/** `0.1:3`; the zero point is 0 when left out. */
function parseScale(tokens: TokenStream, storage: Storage, into: Parameters): void {
  const { start } = tokens;
  const isNegative = tokens.consumeIf('-');
  if (tokens.kind !== 'float' && tokens.kind !== 'integer') throw tokens.expected('a scale');
  const scale = Number(tokens.text(tokens.start, Math.min(tokens.end, tokens.start + 400)));
  tokens.advance();
  const at = { start, end: tokens.lastEnd };
  if (isNegative || !(scale > 0) || scale === Infinity) {
    throw tokens.fail({ code: 'E1411', message: 'a scale must be a finite number above 0' }, at);
  }
  into.scales.push(scale);
  into.zeroPoints.push(tokens.consumeIf(':') ? parseZeroPoint(tokens, storage, start) : 0n);
}

function parseZeroPoint(tokens: TokenStream, storage: Storage, start: number): bigint {
  const value = signedInteger(tokens, 'a zero point');
  const at: ByteRange = { start, end: tokens.lastEnd };
  const { storageMin, storageMax } = storage;
  if (value !== undefined && value >= storageMin && value <= storageMax) return value;
  throw tokens.fail(
    { code: 'E1415', message: `the zero point must be in the storage range ${storageMin} to ${storageMax}` },
    at,
  );
}
