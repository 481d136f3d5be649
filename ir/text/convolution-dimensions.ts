/**
 * The dimension numbers of a convolution in their short form, `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`, or spelled out after `raw`
 * (`raw input_batch_dimension = 0, ...`). A list names each dimension of a tensor in order: batch `b`, feature `f`, kernel input
 * `i` and output `o`, or the number of the spatial dimension.
 */
import { type Attribute, denseArrayAttr, integerAttr, structAttr, type StructAttr } from '../attributes.ts';
import { scalarType } from '../types.ts';
import { exactInteger } from './number-literal.ts';
import type { TokenStream } from './token-stream.ts';

interface Side {
  readonly letters: readonly [string, string];
  readonly fields: readonly [string, string];
  readonly spatial: string;
}

const input: Side = {
  letters: ['b', 'f'],
  fields: ['input_batch_dimension', 'input_feature_dimension'],
  spatial: 'input_spatial_dimensions',
};
const kernel: Side = {
  letters: ['i', 'o'],
  fields: ['kernel_input_feature_dimension', 'kernel_output_feature_dimension'],
  spatial: 'kernel_spatial_dimensions',
};
const output: Side = {
  letters: ['b', 'f'],
  fields: ['output_batch_dimension', 'output_feature_dimension'],
  spatial: 'output_spatial_dimensions',
};

const sides = [input, kernel, output];

export function parseConvolutionDimensions(tokens: TokenStream): StructAttr {
  const fields = new Map<string, Attribute>();
  if (tokens.consumeIf('raw')) parseRaw(tokens, fields);
  else {
    parseSide(tokens, input, fields);
    tokens.expect('x');
    parseSide(tokens, kernel, fields);
    tokens.expect('->');
    parseSide(tokens, output, fields);
  }
  return structAttr('stablehlo', 'conv', fields);
}

function parseSide(tokens: TokenStream, side: Side, fields: Map<string, Attribute>): void {
  const opening = tokens.start;
  const places = new Map<string | number, number>();
  let rank = 0;
  tokens.expect('[');
  tokens.separated(']', opening, () => {
    const { start } = tokens;
    const key = parsePlace(tokens, side);
    if (places.has(key)) {
      throw tokens.fail(
        { code: 'E1512', message: `dimension '${key}' is named twice` },
        { start, end: tokens.lastEnd },
      );
    }
    places.set(key, rank++);
  });
  const at = { start: opening, end: tokens.lastEnd };
  const placeOf = (key: string | number): number => {
    const place = places.get(key);
    if (place !== undefined) return place;
    throw tokens.fail({ code: 'E1512', message: `dimension '${key}' is missing` }, at);
  };
  const [first, second] = side.letters;
  fields.set(side.fields[0], integerAttr(placeOf(first), scalarType('i64')));
  fields.set(side.fields[1], integerAttr(placeOf(second), scalarType('i64')));
  const spatial = Array.from({ length: rank - 2 }, (_, index) => placeOf(index));
  fields.set(side.spatial, denseArrayAttr(scalarType('i64'), spatial));
}

function parsePlace(tokens: TokenStream, side: Side): string | number {
  if (tokens.kind === 'integer') return exactInteger(tokens, 'a spatial dimension');
  const [first, second] = side.letters;
  const what = `'${first}', '${second}' or the number of a spatial dimension`;
  const letter = tokens.peekKeyword();
  if (letter !== first && letter !== second) throw tokens.expected(what);
  tokens.advance();
  return letter;
}

function parseRaw(tokens: TokenStream, fields: Map<string, Attribute>): void {
  for (const [index, side] of sides.entries()) {
    if (index > 0) tokens.expect(',');
    for (const name of side.fields) {
      tokens.expect(name);
      tokens.expect('=');
      fields.set(name, integerAttr(exactInteger(tokens, 'a dimension'), scalarType('i64')));
      tokens.expect(',');
    }
    tokens.expect(side.spatial);
    tokens.expect('=');
    fields.set(side.spatial, denseArrayAttr(scalarType('i64'), parseIndexList(tokens)));
  }
}

/** `[1, 2, 3]` or `[]`. */
export function parseIndexList(tokens: TokenStream): number[] {
  const opening = tokens.start;
  const values: number[] = [];
  tokens.expect('[');
  tokens.separated(']', opening, () => values.push(exactInteger(tokens, 'a whole number')));
  return values;
}
