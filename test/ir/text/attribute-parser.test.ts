import { describe, expect, it } from 'vitest';
import { attributeErrors, readAttribute } from './read.ts';

const i64 = { kind: 'scalar', dtype: 'i64' };

describe('numbers', () => {
  it('have type i64 or f64 unless one is written', () => {
    expect(readAttribute('4')).toMatchObject({ kind: 'integer', value: 4n, type: i64 });
    expect(readAttribute('-1.5')).toMatchObject({ kind: 'float', value: -1.5, type: { dtype: 'f64' } });
    expect(readAttribute('4 : ui8')).toMatchObject({ value: 4n, type: { dtype: 'ui8' } });
    expect(readAttribute('-4 : index')).toMatchObject({ value: -4n, type: { dtype: 'index' } });
  });

  it('of a signless type wrap to signed, as in MLIR', () => {
    expect(readAttribute('255 : i8')).toMatchObject({ value: -1n });
    expect(readAttribute('0xFF : i8')).toMatchObject({ value: -1n });
    expect(readAttribute('18446744073709551615')).toMatchObject({ value: -1n });
    expect(readAttribute('18446744073709551615 : ui64')).toMatchObject({ value: 18446744073709551615n });
  });

  it('of type i1 are booleans', () => {
    expect(readAttribute('1 : i1')).toEqual({ kind: 'bool', value: true });
    expect(readAttribute('0 : i1')).toEqual(readAttribute('false'));
  });

  it('that are floats are rounded once to their type', () => {
    // Exactly between two f32, but for a digit far behind: twice rounded it would go down.
    expect(readAttribute('1.00000005960464477539062500000001 : f32')).toMatchObject({ value: 1.0000001192092896 });
    expect(readAttribute('1.0e400')).toMatchObject({ value: Infinity });
    expect(readAttribute('65520.0 : f16')).toMatchObject({ value: Infinity });
    expect(readAttribute('-0.0')).toMatchObject({ value: -0 });
  });

  it('in hexadecimal are the bits of a float', () => {
    expect(readAttribute('0x7F800000 : f32')).toMatchObject({ kind: 'float', value: Infinity });
    expect(readAttribute('0x3C00 : f16')).toMatchObject({ value: 1 });
    expect(readAttribute('0x7FC00000 : f32')).toMatchObject({ value: NaN });
  });

  it.each([
    ['300 : i8', '1:1 E1504 the number is out of range for i8'],
    ['-129 : i8', '1:1 E1504 the number is out of range for i8'],
    ['-1 : ui8', '1:1 E1506 a negative number cannot have the type ui8'],
    ['1.0 : i32', '1:1 E1505 a fractional number cannot have the type i32'],
    ['9'.repeat(100_000), '1:1 E1504 the number is out of range for i64'],
    ['0x1FFFF : f16', '1:1 E1507 the bits do not fit f16'],
    ['1 : tensor<f32>', '1:1 E1505 a number cannot have the type tensor<f32>'],
    ['1e5', "1:2 E1006 expected the end of the text, found 'e5'"],
  ])('%s is refused', (text, error) => {
    expect(attributeErrors(text)).toEqual([error]);
  });
});

describe('strings and symbols', () => {
  it('decode escapes and UTF-8', () => {
    expect(readAttribute('"a\\0Ab\\22\\n\\t\\\\é"')).toEqual({ kind: 'string', value: 'a\nb"\n\t\\é' });
  });

  it('keep bytes that are not UTF-8', () => {
    expect(readAttribute('"\\FF\\41"')).toEqual({ kind: 'string', value: '\udcffA' });
  });

  it('name nested symbols, quoted or not', () => {
    expect(readAttribute('@a::@"b c"::@d')).toEqual({ kind: 'symbol-ref', root: 'a', nested: ['b c', 'd'] });
  });
});

describe('collections', () => {
  it('hold attributes of any kind', () => {
    expect(readAttribute('[1 : i32, "x", unit, f32, [], {a, "b c" = true}]')).toMatchObject({
      kind: 'array',
      elements: [
        { kind: 'integer' },
        { kind: 'string' },
        { kind: 'unit' },
        { kind: 'type' },
        { kind: 'array', elements: [] },
        {
          kind: 'dictionary',
          entries: new Map([
            ['a', { kind: 'unit' }],
            ['b c', { kind: 'bool', value: true }],
          ]),
        },
      ],
    });
  });

  it('are short arrays of numbers', () => {
    expect(readAttribute('array<i64: 1, -2>')).toMatchObject({ kind: 'dense-array', values: [1, -2] });
    expect(readAttribute('array<i1: true, false>')).toMatchObject({ values: [1, 0] });
    expect(readAttribute('array<f32: 1.0>')).toMatchObject({ values: [1] });
    expect(readAttribute('array<i64>')).toMatchObject({ values: [] });
    expect(readAttribute('array<i64: 9223372036854775807>')).toMatchObject({ values: [9223372036854775807n] });
  });

  it('report every entry that is given twice', () => {
    expect(attributeErrors('{a, a, b, b = 1}')).toEqual([
      "1:5 E1508 the attribute 'a' is given twice",
      "1:11 E1508 the attribute 'b' is given twice",
    ]);
  });

  it('are refused when nested too deeply', () => {
    expect(attributeErrors('['.repeat(10_000))).toEqual([expect.stringContaining('1:257 E1005')]);
    expect(attributeErrors('{a='.repeat(10_000))).toEqual([expect.stringContaining('E1005')]);
  });
});

describe('attributes of other dialects', () => {
  it.each(['#sdy.sharding<@mesh, [{"x"}]>', '#a.b', 'affine_map<(d0) -> (d0 + 1)>', 'strided<[1, ?]>', '4 : i7'])(
    '%s is kept as its text',
    (text) => {
      expect(readAttribute(text)).toEqual({ kind: 'opaque', text });
    },
  );

  it('are structs with fields where StableHLO defines them', () => {
    expect(readAttribute('#stablehlo.gather<index_vector_dim = 1, offset_dims = [0, 1]>')).toMatchObject({
      kind: 'struct',
      dialect: 'stablehlo',
      name: 'gather',
      fields: new Map<string, object>([
        ['offset_dims', { kind: 'dense-array', type: readTypeOf('i64'), values: [0, 1] }],
        ['index_vector_dim', { kind: 'integer', type: readTypeOf('i64'), value: 1n }],
      ]),
    });
  });

  it('drop fields that say what leaving them out says', () => {
    expect(readAttribute('#stablehlo.gather<offset_dims = [], index_vector_dim = 0>')).toEqual(
      readAttribute('#stablehlo.gather<>'),
    );
  });

  it('read the older spelling of structs and enumerations', () => {
    expect(readAttribute('#chlo<ragged_dot <lhs_batching_dimensions = [0]>>')).toEqual(
      readAttribute('#chlo.ragged_dot<lhs_batching_dimensions = [0]>'),
    );
    expect(readAttribute('#stablehlo<comparison_direction EQ>')).toEqual({
      kind: 'enum',
      dialect: 'stablehlo',
      name: 'comparison_direction',
      value: 'EQ',
    });
  });

  it('read both spellings of the dimensions of a convolution', () => {
    const raw = `#stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 2,
      input_spatial_dimensions = [1], kernel_input_feature_dimension = 1, kernel_output_feature_dimension = 2,
      kernel_spatial_dimensions = [0], output_batch_dimension = 0, output_feature_dimension = 2,
      output_spatial_dimensions = [1]>`;
    expect(readAttribute('#stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>')).toEqual(readAttribute(raw));
  });
});

function readTypeOf(dtype: string): object {
  return expect.objectContaining({ kind: 'scalar', dtype }) as object;
}
