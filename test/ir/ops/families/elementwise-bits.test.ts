import { describe, expect, it } from 'vitest';
import { computeBinary, computeOp, computeUnary } from '../compute-op.ts';

describe('bitwise and logical ops', () => {
  it.each([
    ['and', 'tensor<4xi1>', '[false, false, true, true]', '[false, true, false, true]', [0, 0, 0, 1]],
    ['or', 'tensor<4xi1>', '[false, false, true, true]', '[false, true, false, true]', [0, 1, 1, 1]],
    ['xor', 'tensor<4xi1>', '[false, false, true, true]', '[false, true, false, true]', [0, 1, 1, 0]],
    ['and', 'tensor<2xi8>', '[-1, 12]', '[15, 10]', [15, 8]],
    ['or', 'tensor<1xui32>', '[2147483648]', '[1]', [2147483649]],
    ['xor', 'tensor<2xui64>', '[18446744073709551615, 5]', '[1, 3]', [18446744073709551614n, 6n]],
  ] as const)('%s of %s', (op, type, lhs, rhs, result) => {
    expect(computeBinary(`stablehlo.${op}`, lhs, rhs, type)).toEqual(result);
  });

  it.each([
    ['not', 'tensor<2xi1>', '[false, true]', [1, 0]],
    ['not', 'tensor<2xi4>', '[0, 7]', [-1, -8]],
    ['not', 'tensor<1xui8>', '[1]', [254]],
    ['not', 'tensor<1xui64>', '[0]', [18446744073709551615n]],
    ['popcnt', 'tensor<3xi8>', '[0, -1, 5]', [0, 8, 2]],
    ['popcnt', 'tensor<1xui32>', '[4294967295]', [32]],
    ['popcnt', 'tensor<1xi64>', '[-1]', [64n]],
    ['count_leading_zeros', 'tensor<3xi8>', '[0, -1, 1]', [8, 0, 7]],
    ['count_leading_zeros', 'tensor<2xi64>', '[0, 1]', [64n, 63n]],
  ] as const)('%s of %s', (op, type, operand, result) => {
    expect(computeUnary(`stablehlo.${op}`, operand, type)).toEqual(result);
  });
});

describe('shifts', () => {
  it.each([
    ['shift_left', 'tensor<4xi8>', '[1, 1, 1, -1]', '[3, 8, -1, 7]', [8, 0, 0, -128]],
    ['shift_left', 'tensor<2xui4>', '[9, 1]', '[1, 4]', [2, 0]],
    ['shift_left', 'tensor<2xi64>', '[1, 1]', '[63, 64]', [-9223372036854775808n, 0n]],
    ['shift_right_arithmetic', 'tensor<4xi8>', '[-128, -128, 64, 64]', '[3, 9, 3, 9]', [-16, -1, 8, 0]],
    ['shift_right_arithmetic', 'tensor<1xui8>', '[128]', '[3]', [240]],
    ['shift_right_arithmetic', 'tensor<2xi64>', '[-8, -8]', '[1, 64]', [-4n, -1n]],
    ['shift_right_logical', 'tensor<3xi8>', '[-128, -1, -1]', '[3, 8, -1]', [16, 0, 0]],
    ['shift_right_logical', 'tensor<1xi32>', '[-1]', '[28]', [15]],
    ['shift_right_logical', 'tensor<2xi64>', '[-1, 7]', '[60, 1]', [15n, 3n]],
  ] as const)('%s of %s', (op, type, lhs, rhs, result) => {
    expect(computeBinary(`stablehlo.${op}`, lhs, rhs, type)).toEqual(result);
  });
});

describe('bitcast_convert', () => {
  const bitcast = (literal: string, from: string, to: string): readonly (number | bigint)[] =>
    computeOp('stablehlo.bitcast_convert', [[literal, from]], to);

  it('keeps the bits of elements of one width', () => {
    expect(bitcast('[1.0, -0.0]', 'tensor<2xf32>', 'tensor<2xui32>')).toEqual([0x3f800000, 0x80000000]);
    expect(bitcast('0x7FC00001', 'tensor<f32>', 'tensor<i32>')).toEqual([0x7fc00001]);
  });

  it('gives the lowest bits of a wider element first', () => {
    expect(bitcast('0x0123456789ABCDEF', 'tensor<f64>', 'tensor<4xui16>')).toEqual([0xcdef, 0x89ab, 0x4567, 0x0123]);
    expect(bitcast('[0xCDEF, 0x89AB, 0x4567, 0x0123]', 'tensor<4xui16>', 'tensor<ui64>')).toEqual([
      0x0123456789abcdefn,
    ]);
  });

  it('packs elements of fewer than eight bits', () => {
    expect(bitcast('[-1, 18]', 'tensor<2xi8>', 'tensor<2x2xi4>')).toEqual([-1, -1, 2, 1]);
    expect(bitcast('[[1, 2]]', 'tensor<1x2xui4>', 'tensor<1xui8>')).toEqual([0x21]);
    expect(bitcast('5', 'tensor<ui8>', 'tensor<8xi1>')).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
  });
});
