import { describe, expect, it } from 'vitest';
import { computeBinary, computeOp, computeUnary } from '../compute-op.ts';
import { elementsOf, opText, problems, run } from '../run-text.ts';

describe('elementwise chlo ops', () => {
  it.each([
    ['acos', '[1.0, -1.0]', [0, Math.PI]],
    ['asin', '[0.0, 1.0]', [0, Math.PI / 2]],
    ['atan', '[0.0, 1.0]', [0, Math.PI / 4]],
    ['acosh', '[1.0, 0.5]', [0, NaN]],
    ['asinh', '[0.0, -0.0]', [0, -0]],
    ['atanh', '[0.0, 1.0]', [0, Infinity]],
    ['sinh', '[0.0, -0.0]', [0, -0]],
    ['cosh', '[0.0, 1000.0]', [1, Infinity]],
    ['tan', '[0.0, -0.0]', [0, -0]],
    ['square', '[3.0, -0.5]', [9, 0.25]],
    ['conj', '[3.0, -0.5]', [3, -0.5]],
    ['erf', '[0.0, 1000.0]', [0, 1]],
    ['erfc', '[0.0, 1000.0]', [1, 0]],
    ['erf_inv', '[0.0, 1.0]', [0, Infinity]],
    ['lgamma', '[1.0, 2.0]', [0, 0]],
    ['digamma', '[0x7FF8000000000000, 0x7FF0000000000000]', [NaN, Infinity]],
    ['bessel_i1e', '[0.0, -0.0]', [0, -0]],
  ])('%s of f64', (op, operand, result) => {
    expect(computeUnary(`chlo.${op}`, operand, 'tensor<2xf64>')).toEqual(result);
  });

  it('conj negates imaginary parts', () => {
    expect(computeUnary('chlo.conj', '(1.0, 2.0)', 'tensor<complex<f32>>')).toEqual([1, -2]);
  });

  it('square of a complex number', () => {
    expect(computeUnary('chlo.square', '(1.0, 2.0)', 'tensor<complex<f64>>')).toEqual([-3, 4]);
  });

  it.each([
    ['is_inf', [1, 1, 0, 0]],
    ['is_pos_inf', [1, 0, 0, 0]],
    ['is_neg_inf', [0, 1, 0, 0]],
  ])('%s', (op, result) => {
    const operand = ['[0x7F800000, 0xFF800000, 0x7FC00000, 1.0]', 'tensor<4xf32>'] as const;
    expect(computeOp(`chlo.${op}`, [operand], 'tensor<4xi1>')).toEqual(result);
  });

  it('next_after goes one step of the format', () => {
    expect(computeBinary('chlo.next_after', '[1.0, 0.0]', '[2.0, -1.0]', 'tensor<2xf32>')).toEqual([
      1.0000001192092896, -1.401298464324817e-45,
    ]);
    expect(computeBinary('chlo.next_after', '[1.0]', '[2.0]', 'tensor<1xf16>')).toEqual([1.0009765625]);
  });

  it('mulhi gives the upper half of the product', () => {
    expect(computeBinary('chlo.mulhi', '[64, -64]', '[4, 4]', 'tensor<2xi8>')).toEqual([1, -1]);
    expect(computeBinary('chlo.mulhi', '[-1]', '[1]', 'tensor<1xi64>')).toEqual([-1n]);
    expect(computeBinary('chlo.mulhi', '[18446744073709551615]', '[2]', 'tensor<1xui64>')).toEqual([1n]);
  });

  it('polygamma and zeta agree where they meet', () => {
    // polygamma(1, x) = zeta(2, x); at 1 it is pi^2 / 6.
    const [trigamma] = computeBinary('chlo.polygamma', '1.0', '1.0', 'tensor<f64>');
    expect(trigamma).toBeCloseTo((Math.PI * Math.PI) / 6, 14);
    expect(computeBinary('chlo.zeta', '2.0', '1.0', 'tensor<f64>')[0]).toBeCloseTo(Number(trigamma), 14);
  });

  it('the kernel of asin and acos holds the tangent of asin', () => {
    const [re, im] = computeUnary('chlo._asin_acos_kernel', '(0.5, 0.0)', 'tensor<complex<f64>>');
    expect(Math.atan2(0.5, Number(re))).toBeCloseTo(Math.asin(0.5), 15);
    expect(im).toBe(0);
  });
});

describe('chlo.broadcast_* ops', () => {
  it('pad the shape of lower rank on the left', () => {
    const operands = [
      ['[[1, 2], [3, 4]]', 'tensor<2x2xi32>'],
      ['[10, 20]', 'tensor<2xi32>'],
    ] as const;
    expect(computeOp('chlo.broadcast_add', operands, 'tensor<2x2xi32>')).toEqual([11, 22, 13, 24]);
  });

  it('put axes where broadcast_dimensions says', () => {
    const operands = [
      ['[[1, 2], [3, 4]]', 'tensor<2x2xi32>'],
      ['[10, 20]', 'tensor<2xi32>'],
    ] as const;
    const attributes = 'broadcast_dimensions = array<i64: 0>';
    expect(computeOp('chlo.broadcast_add', operands, 'tensor<2x2xi32>', attributes)).toEqual([11, 12, 23, 24]);
  });

  it('stretch sizes of 1 on both sides', () => {
    const operands = [
      ['[[1.0], [2.0]]', 'tensor<2x1xf32>'],
      ['[[10.0, 20.0]]', 'tensor<1x2xf32>'],
    ] as const;
    expect(computeOp('chlo.broadcast_subtract', operands, 'tensor<2x2xf32>')).toEqual([-9, -19, -8, -18]);
  });

  it('take scalars', () => {
    const operands = [
      ['3', 'tensor<i32>'],
      ['[1, 5]', 'tensor<2xi32>'],
    ] as const;
    expect(computeOp('chlo.broadcast_maximum', operands, 'tensor<2xi32>')).toEqual([3, 5]);
  });

  it.each([
    ['and', '[1, 3]', [1, 1]],
    ['divide', '[2, -4]', [2, -1]],
    ['minimum', '[9, 4]', [5, 4]],
    ['multiply', '[2, 3]', [10, 15]],
    ['or', '[2, 8]', [7, 13]],
    ['power', '[2, 3]', [25, 125]],
    ['remainder', '[2, 3]', [1, 2]],
    ['shift_left', '[1, 2]', [10, 20]],
    ['shift_right_arithmetic', '[1, 2]', [2, 1]],
    ['shift_right_logical', '[1, 2]', [2, 1]],
    ['xor', '[1, 4]', [4, 1]],
  ])('broadcast_%s is the op of that name', (op, rhs, result) => {
    const operands = [
      ['5', 'tensor<i32>'],
      [rhs, 'tensor<2xi32>'],
    ] as const;
    expect(computeOp(`chlo.broadcast_${op}`, operands, 'tensor<2xi32>')).toEqual(result);
  });

  it('also those of floats', () => {
    const operands = [
      ['1.0', 'tensor<f64>'],
      ['[1.0, 1.0]', 'tensor<2xf64>'],
    ] as const;
    expect(computeOp('chlo.broadcast_atan2', operands, 'tensor<2xf64>')).toEqual([Math.PI / 4, Math.PI / 4]);
    expect(computeOp('chlo.broadcast_complex', operands, 'tensor<2xcomplex<f64>>')).toEqual([1, 1, 1, 1]);
    expect(computeOp('chlo.broadcast_next_after', operands, 'tensor<2xf64>')).toEqual([1, 1]);
    expect(
      computeOp(
        'chlo.broadcast_zeta',
        [
          ['2.0', 'tensor<f64>'],
          ['[1.0]', 'tensor<1xf64>'],
        ],
        'tensor<1xf64>',
      )[0],
    ).toBeCloseTo(1.6449340668482264, 14);
    expect(
      computeOp(
        'chlo.broadcast_polygamma',
        [
          ['1.0', 'tensor<f64>'],
          ['[1.0]', 'tensor<1xf64>'],
        ],
        'tensor<1xf64>',
      )[0],
    ).toBeCloseTo(1.6449340668482264, 14);
  });

  it('broadcast_compare', () => {
    const operands = [
      ['3', 'tensor<i32>'],
      ['[1, 5]', 'tensor<2xi32>'],
    ] as const;
    const attributes = 'comparison_direction = #chlo<comparison_direction LT>';
    expect(computeOp('chlo.broadcast_compare', operands, 'tensor<2xi1>', attributes)).toEqual([0, 1]);
  });

  it('broadcast_select stretches all three', () => {
    const operands = [
      ['[true, false]', 'tensor<2xi1>'],
      ['[[1], [2]]', 'tensor<2x1xi32>'],
      ['7', 'tensor<i32>'],
    ] as const;
    expect(computeOp('chlo.broadcast_select', operands, 'tensor<2x2xi32>')).toEqual([1, 7, 2, 7]);
  });

  it.each([
    [
      'an axis too many',
      'E2609 chlo.broadcast_add C1',
      'broadcast_dimensions = array<i64: 0, 1>',
      ['tensor<2x2xf32>', 'tensor<2xf32>'],
    ],
    [
      'an axis that is not there',
      'E2609 chlo.broadcast_add C1',
      'broadcast_dimensions = array<i64: 7>',
      ['tensor<2x2xf32>', 'tensor<2xf32>'],
    ],
    ['sizes that do not meet', 'E2609 chlo.broadcast_add C2', '', ['tensor<2xf32>', 'tensor<3xf32>']],
    ['elements that differ', 'E2609 chlo.broadcast_add C3', '', ['tensor<2x2xf32>', 'tensor<2xf64>']],
  ])('report %s', (_, expected, attributes, operands) => {
    const [found] = problems(opText('chlo.broadcast_add', attributes, operands, ['tensor<2x2xf32>']));
    expect(found).toContain(expected);
  });

  it('leave unknown sizes open', () => {
    expect(
      problems(opText('chlo.broadcast_add', '', ['tensor<?x1xf32>', 'tensor<1x?xf32>'], ['tensor<?x?xf32>'])),
    ).toEqual([]);
  });
});

describe('constant_like', () => {
  it('repeats its value to the shape of the operand', () => {
    const operand = ['[1.0, 2.0]', 'tensor<2xf32>'] as const;
    expect(computeOp('chlo.constant_like', [operand], 'tensor<2xbf16>', 'value = 1.5 : bf16')).toEqual([1.5, 1.5]);
    expect(computeOp('chlo.constant_like', [operand], 'tensor<2xi64>', 'value = 3 : i64')).toEqual([3n, 3n]);
    expect(computeOp('chlo.constant_like', [operand], 'tensor<2xi1>', 'value = true')).toEqual([1, 1]);
  });

  it('must have the type of its value', () => {
    const [found] = problems(opText('chlo.constant_like', 'value = 1.0 : f32', ['tensor<2xf32>'], ['tensor<2xf64>']));
    expect(found).toContain('E2008');
  });
});

describe('top_k', () => {
  it('sorts NaN first, and the first of equals before the others', () => {
    const [values, indices] = run(`func.func @main() -> (tensor<2x3xf32>, tensor<2x3xi32>) {
      %0 = chlo.constant dense<[[1.0, 3.0, 2.0, 3.0], [0.0, 0x7FC00000, -0.0, -1.0]]> : tensor<2x4xf32>
      %1, %2 = chlo.top_k(%0, k = 3) : tensor<2x4xf32> -> (tensor<2x3xf32>, tensor<2x3xi32>)
      return %1, %2 : tensor<2x3xf32>, tensor<2x3xi32>
    }`);
    expect(elementsOf(values)).toEqual([3, 3, 2, NaN, 0, -0]);
    expect(elementsOf(indices)).toEqual([1, 3, 2, 1, 0, 2]);
  });

  it('takes no more elements than there are', () => {
    const [found] = problems(
      opText('chlo.top_k', 'k = 5 : i64', ['tensor<4xi32>'], ['tensor<5xi32>', 'tensor<5xi32>']),
    );
    expect(found).toContain('E2650 chlo.top_k C2');
  });
});
