import { describe, expect, it } from 'vitest';
import { computeOp } from '../compute-op.ts';

const nan = '0x7FC00000';

function compare(direction: string, type: string, lhs: string, rhs: string, compareType?: string): readonly unknown[] {
  const attributes = `comparison_direction = #stablehlo<comparison_direction ${direction}>${
    compareType === undefined ? '' : `, compare_type = #stablehlo<comparison_type ${compareType}>`
  }`;
  const result = type.replace(/x(complex<f32>|[a-z]+\d+)>$/, 'xi1>');
  return computeOp(
    'stablehlo.compare',
    [
      [lhs, type],
      [rhs, type],
    ],
    result,
    attributes,
  );
}

describe('compare', () => {
  it.each([
    ['EQ', [0, 1, 0]],
    ['NE', [1, 0, 1]],
    ['GE', [0, 1, 1]],
    ['GT', [0, 0, 1]],
    ['LE', [1, 1, 0]],
    ['LT', [1, 0, 0]],
  ])('%s of integers', (direction, result) => {
    expect(compare(direction, 'tensor<3xi32>', '[-2, 0, 2]', '[0, 0, 0]')).toEqual(result);
    expect(compare(direction, 'tensor<3xi64>', '[-2, 0, 2]', '[0, 0, 0]')).toEqual(result);
    expect(compare(direction, 'tensor<3xui8>', '[127, 128, 200]', '[128, 128, 128]')).toEqual(result);
  });

  it('finds a NaN unequal to all, and zeros equal', () => {
    expect(compare('EQ', 'tensor<2xf32>', `[${nan}, 0.0]`, `[${nan}, -0.0]`)).toEqual([0, 1]);
    expect(compare('NE', 'tensor<1xf32>', `[${nan}]`, `[${nan}]`)).toEqual([1]);
    expect(compare('GE', 'tensor<1xf32>', `[${nan}]`, `[1.0]`)).toEqual([0]);
  });

  it('orders all bit patterns in the total order', () => {
    const lhs = `[-0.0, ${nan}, 0xFFC00000, 0x7F800000]`;
    expect(compare('LT', 'tensor<4xf32>', lhs, `[0.0, 0x7F800000, 0xFF800000, ${nan}]`, 'TOTALORDER')).toEqual([
      1, 0, 1, 1,
    ]);
    expect(compare('LT', 'tensor<1xf64>', '[-0.0]', '[0.0]', 'TOTALORDER')).toEqual([1]);
    expect(compare('LT', 'tensor<1xbf16>', '[-1.0]', '[-0.5]', 'TOTALORDER')).toEqual([1]);
  });

  it('compares complex numbers by real, then by imaginary part', () => {
    expect(compare('LT', 'tensor<2xcomplex<f32>>', '[(1.0, 2.0), (1.0, 2.0)]', '[(1.0, 3.0), (0.0, 9.0)]')).toEqual([
      1, 0,
    ]);
    expect(compare('EQ', 'tensor<1xcomplex<f32>>', '[(1.0, 2.0)]', '[(1.0, 2.0)]')).toEqual([1]);
  });

  it('orders false before true', () => {
    expect(compare('LT', 'tensor<2xi1>', '[false, true]', '[true, true]')).toEqual([1, 0]);
  });
});

describe('select', () => {
  it('chooses element by element', () => {
    const operands = [
      ['[true, false]', 'tensor<2xi1>'],
      ['[1, 2]', 'tensor<2xi64>'],
      ['[3, 4]', 'tensor<2xi64>'],
    ] as const;
    expect(computeOp('stablehlo.select', operands, 'tensor<2xi64>')).toEqual([1n, 4n]);
  });

  it('chooses for all by a scalar', () => {
    const operands = [
      ['false', 'tensor<i1>'],
      ['[1.0, 2.0]', 'tensor<2xf32>'],
      ['[3.0, 4.0]', 'tensor<2xf32>'],
    ] as const;
    expect(computeOp('stablehlo.select', operands, 'tensor<2xf32>')).toEqual([3, 4]);
  });

  it('moves complex elements whole', () => {
    const type = 'tensor<2xcomplex<f64>>';
    const operands = [
      ['[true, false]', 'tensor<2xi1>'],
      ['[(1.0, 2.0), (3.0, 4.0)]', type],
      ['[(5.0, 6.0), (7.0, 8.0)]', type],
    ] as const;
    expect(computeOp('stablehlo.select', operands, type)).toEqual([1, 2, 7, 8]);
  });
});

describe('clamp', () => {
  it('bounds each element', () => {
    const type = 'tensor<3xi32>';
    expect(
      computeOp(
        'stablehlo.clamp',
        [
          ['[5, 10, 15]', type],
          ['[3, 13, 23]', type],
          ['[10, 15, 20]', type],
        ],
        type,
      ),
    ).toEqual([5, 13, 20]);
  });

  it('takes scalar bounds for all elements', () => {
    const operands = [
      ['0.0', 'tensor<f32>'],
      [`[-1.0, 0.5, ${nan}]`, 'tensor<3xf32>'],
      ['1.0', 'tensor<f32>'],
    ] as const;
    expect(computeOp('stablehlo.clamp', operands, 'tensor<3xf32>')).toEqual([0, 0.5, NaN]);
  });
});

describe('is_finite', () => {
  it('is false for infinities and NaN', () => {
    const operand = ['[1.0, 0x7C00, 0xFC00, 0x7E00]', 'tensor<4xf16>'] as const;
    expect(computeOp('stablehlo.is_finite', [operand], 'tensor<4xi1>')).toEqual([1, 0, 0, 0]);
  });
});

describe('rounding ops', () => {
  it.each([
    ['ceil', [-2, -1, -0, 1, 2, 3]],
    ['floor', [-3, -2, -1, 0, 1, 2]],
    ['round_nearest_afz', [-3, -2, -1, 1, 2, 3]],
    ['round_nearest_even', [-2, -2, -0, 0, 2, 2]],
  ])('%s', (op, result) => {
    const type = 'tensor<6xf32>';
    expect(computeOp(`stablehlo.${op}`, [['[-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]', type]], type)).toEqual(result);
  });
});
