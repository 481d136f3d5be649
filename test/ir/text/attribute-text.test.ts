import { describe, expect, it } from 'vitest';
import { printAttribute } from '../../../ir/text/printer.ts';
import { readAttribute } from './read.ts';

describe('attributes print as they are read', () => {
  it.each([
    '4 : i64',
    '-3 : i4',
    '200 : ui8',
    '1 : index',
    'true',
    '1.500000e+00 : f32',
    '0.333333343 : f32',
    '0x7FC00000 : f32',
    '0.33333333333333331 : f64',
    '"plain"',
    '"a\\22b\\\\c\\0A\\FF"',
    '"\\C3\\A9"',
    'unit',
    'tensor<2x?xf32>',
    '(i32) -> (i32, i8)',
    '[1 : i8, "a", [], @f]',
    '[1, -2, 5.000000e-01, 5.000000e-01 : f32]',
    '{a, b = 1 : i64, "c d" = {}}',
    '@a::@"b c"',
    'array<i64>',
    'array<i64: 1, -2>',
    'array<i1: true, false>',
    'array<f32: 1.000000e+00, 5.000000e-01>',
    '#stablehlo<precision HIGHEST>',
    '#stablehlo.result_accuracy_mode<DEFAULT>',
    '#stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [1], start_index_map = [1], index_vector_dim = 1>',
    '#stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[f, 1, 0, b]>',
    '#stablehlo.conv<raw input_batch_dimension = 0, input_feature_dimension = 1000000000, input_spatial_dimensions = [1], kernel_input_feature_dimension = 0, kernel_output_feature_dimension = 1, kernel_spatial_dimensions = [2], output_batch_dimension = 0, output_feature_dimension = 1, output_spatial_dimensions = [2]>',
    '#stablehlo.channel_handle<handle = 1, type = 0>',
    '#stablehlo.result_accuracy<atol = 1.000000e-05, ulps = 3, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>',
    '#sdy.sharding<@mesh, [{"x"}, {}]>',
    'loc("a":1:2)',
    'dense<1> : tensor<2xi32>',
    'dense<> : tensor<2x0xi32>',
    'dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>',
    'dense<[[[true], [false]]]> : tensor<1x2x1xi1>',
    'dense<[(1.000000e+00,-2.000000e+00), (0x7FC00000,0.000000e+00)]> : tensor<2xcomplex<f32>>',
    'dense<[0x7FC00001, 0xFF800000, -0.000000e+00]> : tensor<3xf32>',
    'dense<[0x7FF8000000000001, 4.940660e-324]> : tensor<2xf64>',
    'dense<[1.500000e+00, 0xFE00]> : tensor<2xf16>',
    'dense<[1.000000e+00, 5.000000e-01]> : tensor<2xf8E4M3FN>',
    'dense_resource<key> : tensor<2xf32>',
  ])('%s', (text) => {
    expect(printAttribute(readAttribute(text))).toBe(text);
  });
});

describe('dense payloads', () => {
  it('print in hexadecimal past 100 elements', () => {
    const list = (count: number): string => `dense<[${Array.from({ length: count }, (_, index) => index).join(', ')}]>`;
    const hundred = `${list(100)} : tensor<100xi16>`;
    expect(printAttribute(readAttribute(hundred))).toBe(hundred);
    const more = printAttribute(readAttribute(`${list(101)} : tensor<101xi16>`));
    expect(more).toMatch(/^dense<"0x000001000200.*63006400"> : tensor<101xi16>$/);
    expect(printAttribute(readAttribute(more))).toBe(more);
  });

  it('keep a narrow integer in its own bits', () => {
    const elements = Array.from({ length: 102 }, (_, index) => (index % 2 === 0 ? -1 : -8)).join(', ');
    expect(printAttribute(readAttribute(`dense<[${elements}]> : tensor<102xi4>`))).toMatch(/^dense<"0x0F080F08/);
  });

  it('print a splat as one element whatever its size', () => {
    const text = 'dense<2.500000e+00> : tensor<1000x1000xf32>';
    expect(printAttribute(readAttribute(text))).toBe(text);
  });
});
