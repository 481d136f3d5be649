import { describe, expect, it } from 'vitest';
import { computeOp } from '../compute-op.ts';

function convert(literal: string, from: string, to: string): readonly (number | bigint)[] {
  return computeOp('stablehlo.convert', [[literal, from]], to);
}

describe('convert', () => {
  it.each([
    ['[-1, 255, 256]', 'tensor<3xi32>', 'tensor<3xui8>', [255, 255, 0]],
    ['[-1, 128]', 'tensor<2xi16>', 'tensor<2xi8>', [-1, -128]],
    ['[9, -9]', 'tensor<2xi8>', 'tensor<2xi4>', [-7, 7]],
    ['[5, -1]', 'tensor<2xi8>', 'tensor<2xui64>', [5n, 18446744073709551615n]],
    ['[4294967297, -1]', 'tensor<2xi64>', 'tensor<2xi32>', [1, -1]],
    ['[4294967295]', 'tensor<1xui32>', 'tensor<1xi32>', [-1]],
    ['[-1]', 'tensor<1xi64>', 'tensor<1xui64>', [18446744073709551615n]],
  ] as const)('integers %s of %s keep their low bits as %s', (literal, from, to, result) => {
    expect(convert(literal, from, to)).toEqual(result);
  });

  it.each([
    ['[1.9, -1.9, 300.0, -300.0, 0x7FC00000]', 'tensor<5xf32>', 'tensor<5xi8>', [1, -1, 127, -128, 0]],
    ['[1.9, -1.9, 300.0]', 'tensor<3xf32>', 'tensor<3xui8>', [1, 0, 255]],
    [
      '[1.0e30, -1.0e30, 0x7FF8000000000000]',
      'tensor<3xf64>',
      'tensor<3xi64>',
      [9223372036854775807n, -9223372036854775808n, 0n],
    ],
  ] as const)('floats %s of %s go towards zero and saturate as %s', (literal, from, to, result) => {
    expect(convert(literal, from, to)).toEqual(result);
  });

  it('rounds 64-bit integers once, also to narrow floats', () => {
    // 2^60 + 2^36 + 1 is just above the middle of two f32 values; rounding to f64 first would lose the 1.
    expect(convert('[1152921573326323713]', 'tensor<1xi64>', 'tensor<1xf32>')).toEqual([1152921642045800400]);
    expect(convert('[9007199254740993]', 'tensor<1xi64>', 'tensor<1xf64>')).toEqual([9007199254740992]);
  });

  it('rounds between float formats to nearest even', () => {
    expect(convert('[1.00048828125, 65520.0, 1.0e-8]', 'tensor<3xf32>', 'tensor<3xf16>')).toEqual([1, Infinity, 0]);
    expect(convert('[1.00390625, 1.01171875]', 'tensor<2xf64>', 'tensor<2xbf16>')).toEqual([1, 1.015625]);
  });

  it('converts to and from floats of 8, 6 and 4 bits', () => {
    expect(convert('[1.1, 448.0, 1.0e9]', 'tensor<3xf32>', 'tensor<3xf8E4M3FN>')).toEqual([1.125, 448, NaN]);
    expect(convert('[1.1, -7.0, 100.0]', 'tensor<3xf64>', 'tensor<3xf4E2M1FN>')).toEqual([1, -6, 6]);
    expect(convert('[1.125, -2.0]', 'tensor<2xf8E4M3FN>', 'tensor<2xf8E5M2>')).toEqual([1, -2]);
    expect(convert('[1.75, -2.0]', 'tensor<2xf6E2M3FN>', 'tensor<2xi32>')).toEqual([1, -2]);
  });

  it('makes booleans of what is not zero', () => {
    expect(convert('[0.0, -0.0, 0.5, 0x7FC00000]', 'tensor<4xf32>', 'tensor<4xi1>')).toEqual([0, 0, 1, 1]);
    expect(convert('[0, 256]', 'tensor<2xi32>', 'tensor<2xi1>')).toEqual([0, 1]);
    expect(convert('[0, 4294967296]', 'tensor<2xi64>', 'tensor<2xi1>')).toEqual([0, 1]);
    expect(convert('[true, false]', 'tensor<2xi1>', 'tensor<2xf32>')).toEqual([1, 0]);
  });

  it('drops the imaginary part, or adds a zero one', () => {
    expect(convert('[(1.5, 2.0)]', 'tensor<1xcomplex<f32>>', 'tensor<1xf32>')).toEqual([1.5]);
    expect(convert('[(1.5, 2.0)]', 'tensor<1xcomplex<f32>>', 'tensor<1xi32>')).toEqual([1]);
    expect(convert('[3]', 'tensor<1xi64>', 'tensor<1xcomplex<f64>>')).toEqual([3, 0]);
    expect(convert('[(0.1, 2.0)]', 'tensor<1xcomplex<f64>>', 'tensor<1xcomplex<f32>>')).toEqual([Math.fround(0.1), 2]);
  });
});

describe('reduce_precision', () => {
  it('rounds to the bits asked for, in the same type', () => {
    const reduced = computeOp(
      'stablehlo.reduce_precision',
      [['[0x7F800000, 0x7FC00000, 0.0, 1000.0, 1000000.0]', 'tensor<5xf32>']],
      'tensor<5xf32>',
      'exponent_bits = 5 : i32, mantissa_bits = 2 : i32',
    );
    expect(reduced).toEqual([Infinity, NaN, 0, 1024, Infinity]);
  });
});

describe('complex, real and imag', () => {
  it('puts complex numbers together and takes them apart', () => {
    expect(
      computeOp(
        'stablehlo.complex',
        [
          ['[1.0]', 'tensor<1xf32>'],
          ['[2.0]', 'tensor<1xf32>'],
        ],
        'tensor<1xcomplex<f32>>',
      ),
    ).toEqual([1, 2]);
    expect(computeOp('stablehlo.real', [['[(1.0, 2.0)]', 'tensor<1xcomplex<f64>>']], 'tensor<1xf64>')).toEqual([1]);
    expect(computeOp('stablehlo.imag', [['[(1.0, 2.0)]', 'tensor<1xcomplex<f64>>']], 'tensor<1xf64>')).toEqual([2]);
    expect(computeOp('stablehlo.abs', [['[(3.0, -4.0)]', 'tensor<1xcomplex<f32>>']], 'tensor<1xf32>')).toEqual([5]);
  });

  it('takes a real number for its own real part', () => {
    expect(computeOp('stablehlo.real', [['[1.0]', 'tensor<1xf32>']], 'tensor<1xf32>')).toEqual([1]);
    expect(computeOp('stablehlo.imag', [['[1.0]', 'tensor<1xf16>']], 'tensor<1xf16>')).toEqual([0]);
  });
});
