import { describe, expect, it } from 'vitest';
import { computeBinary, computeUnary } from '../compute-op.ts';

const inf = '0x7F800000';
const minusInf = '0xFF800000';
const nan = '0x7FC00000';

interface Row {
  readonly op: string;
  readonly type: string;
  readonly lhs: string;
  readonly rhs: string;
  readonly result: readonly (number | bigint)[];
}

function row(op: string, type: string, lhs: string, rhs: string, result: readonly (number | bigint)[]): Row {
  return { op: `stablehlo.${op}`, type, lhs, rhs, result };
}

describe('binary arithmetic', () => {
  it.each([
    row('add', 'tensor<4xi1>', '[false, false, true, true]', '[false, true, false, true]', [0, 1, 1, 1]),
    row('add', 'tensor<3xi8>', '[127, -128, 1]', '[1, -1, 2]', [-128, 127, 3]),
    row('add', 'tensor<2xi2>', '[1, -2]', '[1, -1]', [-2, 1]),
    row('add', 'tensor<2xi4>', '[7, -8]', '[1, -1]', [-8, 7]),
    row('add', 'tensor<2xui4>', '[15, 3]', '[1, 4]', [0, 7]),
    row('add', 'tensor<2xui32>', '[4294967295, 1]', '[1, 1]', [0, 2]),
    row('add', 'tensor<2xi64>', '[9223372036854775807, 1]', '[1, -3]', [-9223372036854775808n, -2n]),
    row('add', 'tensor<2xui64>', '[18446744073709551615, 1]', '[1, 1]', [0n, 2n]),
    row('add', 'tensor<2xf16>', '[65504.0, 1.0]', '[16.0, 0.0004]', [Infinity, 1]),
    row('add', 'tensor<2xbf16>', '[256.0, 1.0]', '[1.0, 0.0078125]', [256, 1.0078125]),
    row('add', 'tensor<2xf32>', '[16777216.0, 0.1]', '[1.0, 0.2]', [16777216, Math.fround(0.30000001192092896)]),
    row('add', 'tensor<1xcomplex<f32>>', '[(1.0, 2.0)]', '[(3.0, -4.0)]', [4, -2]),
    row('subtract', 'tensor<2xui8>', '[0, 5]', '[1, 2]', [255, 3]),
    row('subtract', 'tensor<1xi64>', '[-9223372036854775808]', '[1]', [9223372036854775807n]),
    row('subtract', 'tensor<1xcomplex<f64>>', '[(1.0, 2.0)]', '[(3.0, -4.0)]', [-2, 6]),
    row('multiply', 'tensor<4xi1>', '[false, false, true, true]', '[false, true, false, true]', [0, 0, 0, 1]),
    row('multiply', 'tensor<2xi32>', '[65536, -3]', '[65537, 5]', [65536, -15]),
    row('multiply', 'tensor<1xui32>', '[4294967295]', '[4294967295]', [1]),
    row('multiply', 'tensor<1xi64>', '[4294967296]', '[4294967297]', [4294967296n]),
    row('multiply', 'tensor<1xcomplex<f32>>', '[(1.0, 2.0)]', '[(3.0, 4.0)]', [-5, 10]),
    row('divide', 'tensor<5xi32>', '[17, -17, 17, -2147483648, 5]', '[3, 3, -3, -1, 0]', [5, -5, -5, -2147483648, -1]),
    row('divide', 'tensor<2xui8>', '[200, 5]', '[3, 0]', [66, 255]),
    row('divide', 'tensor<3xi64>', '[-17, -9223372036854775808, 5]', '[3, -1, 0]', [-5n, -9223372036854775808n, -1n]),
    row('divide', 'tensor<3xf32>', '[1.0, -1.0, 0.0]', '[0.0, 0.0, 0.0]', [Infinity, -Infinity, NaN]),
    row('divide', 'tensor<1xcomplex<f64>>', '[(-5.0, 10.0)]', '[(3.0, 4.0)]', [1, 2]),
    row('remainder', 'tensor<5xi32>', '[17, -17, 17, -17, 5]', '[3, 3, -3, -3, 0]', [2, -2, 2, -2, 5]),
    row('remainder', 'tensor<2xi64>', '[17, -17]', '[3, 0]', [2n, -17n]),
    row('remainder', 'tensor<4xf64>', '[17.1, -17.1, 17.1, 5.0]', '[3.0, 3.0, -3.0, 0.0]', [
      17.1 % 3,
      -17.1 % 3,
      17.1 % 3,
      NaN,
    ]),
    row('power', 'tensor<5xi32>', '[-2, 5, -1, 1, 0]', '[3, 0, -3, -5, -1]', [-8, 1, -1, 1, 0]),
    row('power', 'tensor<2xi64>', '[3, 2]', '[40, 64]', [12157665459056928801n - (1n << 64n), 0n]),
    row('maximum', 'tensor<2xi1>', '[false, true]', '[true, false]', [1, 1]),
    row('maximum', 'tensor<2xi8>', '[-1, 5]', '[3, -7]', [3, 5]),
    row('maximum', 'tensor<1xui64>', '[18446744073709551615]', '[1]', [18446744073709551615n]),
    row('maximum', 'tensor<4xf32>', `[${nan}, 1.0, -0.0, ${minusInf}]`, `[1.0, ${nan}, 0.0, ${inf}]`, [
      NaN,
      NaN,
      0,
      Infinity,
    ]),
    row('maximum', 'tensor<2xcomplex<f32>>', '[(1.0, 5.0), (2.0, 1.0)]', '[(1.0, 3.0), (3.0, 0.0)]', [1, 5, 3, 0]),
    row('minimum', 'tensor<2xi1>', '[false, true]', '[true, true]', [0, 1]),
    row('minimum', 'tensor<4xf32>', `[${nan}, 1.0, 0.0, ${minusInf}]`, `[1.0, ${nan}, -0.0, ${inf}]`, [
      NaN,
      NaN,
      -0,
      -Infinity,
    ]),
    row('minimum', 'tensor<2xcomplex<f32>>', '[(1.0, 5.0), (2.0, 1.0)]', '[(1.0, 3.0), (3.0, 0.0)]', [1, 3, 2, 1]),
  ])('$op of $type', ({ op, type, lhs, rhs, result }) => {
    expect(computeBinary(op, lhs, rhs, type)).toEqual(result);
  });
});

describe('unary arithmetic', () => {
  it.each([
    ['stablehlo.negate', 'tensor<3xi8>', '[1, -128, 0]', [-1, -128, 0]],
    ['stablehlo.negate', 'tensor<2xui32>', '[1, 0]', [4294967295, 0]],
    ['stablehlo.negate', 'tensor<1xi64>', '[-9223372036854775808]', [-9223372036854775808n]],
    ['stablehlo.negate', 'tensor<2xf32>', '[0.0, -1.5]', [-0, 1.5]],
    ['stablehlo.negate', 'tensor<1xcomplex<f32>>', '[(1.0, -2.0)]', [-1, 2]],
    ['stablehlo.abs', 'tensor<3xi8>', '[-5, -128, 7]', [5, -128, 7]],
    ['stablehlo.abs', 'tensor<1xi64>', '[-5]', [5n]],
    ['stablehlo.abs', 'tensor<3xf64>', '[-0.0, -1.5, 2.0]', [0, 1.5, 2]],
    ['stablehlo.sign', 'tensor<3xi32>', '[-5, 0, 7]', [-1, 0, 1]],
    ['stablehlo.sign', 'tensor<3xi64>', '[-5, 0, 7]', [-1n, 0n, 1n]],
    ['stablehlo.sign', 'tensor<5xf32>', `[-2.0, -0.0, 0.0, 3.0, ${nan}]`, [-1, -0, 0, 1, NaN]],
    ['stablehlo.sign', 'tensor<2xcomplex<f64>>', '[(3.0, 4.0), (0.0, 0.0)]', [0.6, 0.8, 0, 0]],
  ] as const)('%s of %s', (op, type, operand, result) => {
    expect(computeUnary(op, operand, type)).toEqual(result);
  });
});
