import { describe, expect, it } from 'vitest';
import { failureOf, problemsOfOp, valuesOf } from '../module-text.ts';

const matrix = '%a = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>';
const zero = '%z = stablehlo.constant dense<0> : tensor<i32>';

describe('transpose', () => {
  it('takes result dimension i from operand dimension permutation[i]', () => {
    expect(
      valuesOf(
        'tensor<3x2xi32>',
        matrix,
        '%r = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xi32>) -> tensor<3x2xi32>',
      ),
    ).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('of rank 0 is the operand', () => {
    expect(
      valuesOf('tensor<i32>', zero, '%r = stablehlo.transpose %z, dims = [] : (tensor<i32>) -> tensor<i32>'),
    ).toEqual([0]);
  });

  it('wants a permutation (C2) and its shape (C3)', () => {
    expect(
      problemsOfOp(
        '%a: tensor<2x3xi32>',
        '%0 = stablehlo.transpose %a, dims = [0, 0] : (tensor<2x3xi32>) -> tensor<2x2xi32>',
      ),
    ).toEqual([
      'E2227 transpose C2: permutation is a permutation of range(rank(operand)): permutation is [0, 0], the rank 2',
    ]);
    expect(
      problemsOfOp(
        '%a: tensor<2x3xi32>',
        '%0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xi32>) -> tensor<2x3xi32>',
      )[0],
    ).toContain('transpose C1, C3');
  });

  it('moves the axis of a quantised operand with the permutation (C4)', () => {
    const from = 'tensor<2x3x!quant.uniform<i8:f32:0, {0.1, 0.2}>>';
    const to = (axis: number): string => `tensor<3x2x!quant.uniform<i8:f32:${axis}, {0.1, 0.2}>>`;
    const op = (axis: number): string => `%0 = stablehlo.transpose %a, dims = [1, 0] : (${from}) -> ${to(axis)}`;
    expect(problemsOfOp(`%a: ${from}`, op(1))).toEqual([]);
    expect(problemsOfOp(`%a: ${from}`, op(0)).join()).toContain('transpose C4');
  });
});

describe('reverse', () => {
  it('turns the dimensions it names around', () => {
    expect(valuesOf('tensor<2x3xi32>', matrix, '%r = stablehlo.reverse %a, dims = [1] : tensor<2x3xi32>')).toEqual([
      3, 2, 1, 6, 5, 4,
    ]);
    expect(valuesOf('tensor<2x3xi32>', matrix, '%r = stablehlo.reverse %a, dims = [0, 1] : tensor<2x3xi32>')).toEqual([
      6, 5, 4, 3, 2, 1,
    ]);
  });

  it('wants distinct dimensions (C2) in range (C3)', () => {
    expect(problemsOfOp('%a: tensor<2xi32>', '%0 = stablehlo.reverse %a, dims = [0, 0] : tensor<2xi32>')[0]).toContain(
      'reverse C2',
    );
    expect(problemsOfOp('%a: tensor<2xi32>', '%0 = stablehlo.reverse %a, dims = [1] : tensor<2xi32>')[0]).toContain(
      'reverse C3',
    );
  });
});

describe('broadcasts', () => {
  it('repeat along new dimensions and stretch those of size 1', () => {
    expect(
      valuesOf(
        'tensor<2x3x2xi32>',
        '%a = stablehlo.constant dense<[[1, 2, 3]]> : tensor<1x3xi32>',
        '%r = stablehlo.broadcast_in_dim %a, dims = [2, 1] : (tensor<1x3xi32>) -> tensor<2x3x2xi32>',
      ),
    ).toEqual([1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3]);
    expect(
      valuesOf(
        'tensor<2x1xi32>',
        zero,
        '%r = stablehlo.broadcast %z, sizes = [2, 1] : (tensor<i32>) -> tensor<2x1xi32>',
      ),
    ).toEqual([0, 0]);
  });

  it('to a shape computed at run time must fit the declared one', () => {
    const shape = (sizes: string): string => `%s = stablehlo.constant dense<${sizes}> : tensor<2xi64>`;
    const op =
      '%r = stablehlo.dynamic_broadcast_in_dim %z, %s, dims = [] : (tensor<i32>, tensor<2xi64>) -> tensor<?x2xi32>';
    expect(valuesOf('tensor<?x2xi32>', zero, shape('[1, 2]'), op)).toEqual([0, 0]);
    expect(failureOf('tensor<?x2xi32>', zero, shape('[1, 3]'), op)).toMatch(/^E4012 .*shape \[1, 3\] at run time/);
    expect(failureOf('tensor<?x2xi32>', zero, shape('[-1, 2]'), op)).toMatch(/^E4012/);
  });

  it.each([
    ['C1', 'tensor<3xi64>', '[0]'],
    ['C2', 'tensor<3xi32>', '[]'],
    ['C3', 'tensor<3xi32>', '[1]'],
    ['C5', 'tensor<4xi32>', '[0]'],
  ])('violate %s', (id, type, dims) => {
    const problems = problemsOfOp(
      '%a: tensor<3xi32>',
      `%0 = stablehlo.broadcast_in_dim %a, dims = ${dims} : (tensor<3xi32>) -> ${type}`,
    );
    expect(problems.join()).toContain(`E2202 broadcast_in_dim ${id}`);
  });

  it('want distinct dimensions (C4)', () => {
    const op = '%0 = stablehlo.broadcast_in_dim %a, dims = [0, 0] : (tensor<3x3xi32>) -> tensor<3x3xi32>';
    expect(problemsOfOp('%a: tensor<3x3xi32>', op).join()).toContain('broadcast_in_dim C4');
  });

  it('know too little of dynamic sizes to object', () => {
    const op =
      '%0 = stablehlo.dynamic_broadcast_in_dim %a, %s, dims = [0] {known_expanding_dimensions = array<i64: 0>} : (tensor<?xi32>, tensor<2xi32>) -> tensor<4x?xi32>';
    expect(problemsOfOp('%a: tensor<?xi32>, %s: tensor<2xi32>', op)).toEqual([]);
    expect(
      problemsOfOp('%a: tensor<?xi32>, %s: tensor<3xi32>', op.replace('tensor<2xi32>', 'tensor<3xi32>')).join(),
    ).toContain('dynamic_broadcast_in_dim C7');
  });
});

describe('concatenate', () => {
  it('puts inputs one after the other, empty ones too', () => {
    expect(
      valuesOf(
        'tensor<2x4xi32>',
        matrix,
        '%b = stablehlo.constant dense<[[7], [8]]> : tensor<2x1xi32>',
        '%c = stablehlo.constant dense<> : tensor<2x0xi32>',
        '%r = stablehlo.concatenate %a, %c, %b, dim = 1 : (tensor<2x3xi32>, tensor<2x0xi32>, tensor<2x1xi32>) -> tensor<2x4xi32>',
      ),
    ).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
  });

  it('adds up sizes, known or not (C6)', () => {
    const op = (result: string): string =>
      `%0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<2x3xi32>, tensor<?x?xi32>) -> ${result}`;
    const args = '%a: tensor<2x3xi32>, %b: tensor<?x?xi32>';
    expect(problemsOfOp(args, op('tensor<?x3xi32>'))).toEqual([]);
    expect(problemsOfOp(args, op('tensor<?x4xi32>')).join()).toContain('concatenate C5, C6');
  });

  it.each([
    ['C1', 'tensor<3xi32>', 'tensor<3xi64>', 0],
    ['C2', 'tensor<3x1xi32>', 'tensor<3x2xi32>', 0],
    ['C4', 'tensor<3xi32>', 'tensor<3xi32>', 1],
  ])('violates %s', (id, a, b, dim) => {
    const op = `%0 = stablehlo.concatenate %a, %b, dim = ${dim} : (${a}, ${b}) -> tensor<6xi32>`;
    expect(problemsOfOp(`%a: ${a}, %b: ${b}`, op).join()).toContain(`E2203 concatenate ${id}`);
  });

  it('wants an input (C3)', () => {
    expect(
      problemsOfOp('', '%0 = "stablehlo.concatenate"() {dimension = 0 : i64} : () -> tensor<0xi32>').join(),
    ).toContain('concatenate C3');
  });
});

describe('reshape', () => {
  it('keeps the elements in order', () => {
    expect(
      valuesOf('tensor<3x2xi32>', matrix, '%r = stablehlo.reshape %a : (tensor<2x3xi32>) -> tensor<3x2xi32>'),
    ).toEqual([1, 2, 3, 4, 5, 6]);
    expect(
      valuesOf(
        'tensor<?xi32>',
        matrix,
        '%s = stablehlo.constant dense<[6]> : tensor<1xi32>',
        '%r = stablehlo.dynamic_reshape %a, %s : (tensor<2x3xi32>, tensor<1xi32>) -> tensor<?xi32>',
      ),
    ).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('needs as many elements (C2), at run time too', () => {
    expect(
      problemsOfOp('%a: tensor<2x3xi32>', '%0 = stablehlo.reshape %a : (tensor<2x3xi32>) -> tensor<5xi32>').join(),
    ).toContain('E2219 reshape C2');
    expect(
      failureOf(
        'tensor<?xi32>',
        matrix,
        '%s = stablehlo.constant dense<[5]> : tensor<1xi32>',
        '%r = stablehlo.dynamic_reshape %a, %s : (tensor<2x3xi32>, tensor<1xi32>) -> tensor<?xi32>',
      ),
    ).toMatch(/^E4012 .*6 elements do not fill the shape \[5\]/);
  });

  it('keeps the element type (C1) and the quantised axis (C3)', () => {
    expect(
      problemsOfOp('%a: tensor<6xi32>', '%0 = stablehlo.reshape %a : (tensor<6xi32>) -> tensor<6xf32>').join(),
    ).toContain('reshape C1');
    const quantised = (shape: string, axis: number): string =>
      `tensor<${shape}x!quant.uniform<i8:f32:${axis}, {0.1, 0.2}>>`;
    const op = (to: string): string => `%0 = stablehlo.reshape %a : (${quantised('2x6', 0)}) -> ${to}`;
    expect(problemsOfOp(`%a: ${quantised('2x6', 0)}`, op(quantised('2x2x3', 0)))).toEqual([]);
    expect(problemsOfOp(`%a: ${quantised('2x6', 0)}`, op(quantised('2x2x3', 1))).join()).toContain('reshape C3');
  });

  it('checks the rank a dynamic shape has (C4)', () => {
    const op = '%0 = stablehlo.dynamic_reshape %a, %s : (tensor<?xi32>, tensor<3xi32>) -> tensor<?x?xi32>';
    expect(problemsOfOp('%a: tensor<?xi32>, %s: tensor<3xi32>', op).join()).toContain('dynamic_reshape C4');
  });
});

describe('dimension sizes', () => {
  it('are read as i32', () => {
    expect(
      valuesOf(
        'tensor<i32>',
        matrix,
        '%r = stablehlo.get_dimension_size %a, dim = 1 : (tensor<2x3xi32>) -> tensor<i32>',
      ),
    ).toEqual([3]);
    expect(
      problemsOfOp(
        '%a: tensor<2xi32>',
        '%0 = stablehlo.get_dimension_size %a, dim = 1 : (tensor<2xi32>) -> tensor<i32>',
      ).join(),
    ).toContain('get_dimension_size C1');
  });

  it('are set by cutting off what is behind', () => {
    const op =
      '%r = stablehlo.set_dimension_size %a, %n, dim = 1 : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x?xi32, #stablehlo.bounds<?, 3>>';
    const size = (value: number): string => `%n = stablehlo.constant dense<${value}> : tensor<i32>`;
    expect(valuesOf('tensor<2x?xi32, #stablehlo.bounds<?, 3>>', matrix, size(2), op)).toEqual([1, 2, 4, 5]);
    expect(failureOf('tensor<2x?xi32, #stablehlo.bounds<?, 3>>', matrix, size(4), op)).toMatch(/^E4015/);
    expect(problemsOfOp('%a: tensor<2x3xi32>, %n: tensor<i32>', op.replace('<?, 3>', '<?, 4>'))).toEqual([]);
    expect(
      problemsOfOp(
        '%a: tensor<2x3xi32>, %n: tensor<i32>',
        op.replace('tensor<2x?xi32, #stablehlo.bounds<?, 3>>', 'tensor<2x4xi32>'),
      ).join(),
    ).toContain('set_dimension_size C2, C3');
  });
});

describe('iota', () => {
  it.each([
    ['i8', [0, 1, 2]],
    ['ui64', [0n, 1n, 2n]],
    ['f16', [0, 0x3c00, 0x4000]],
    ['bf16', [0, 0x3f80, 0x4000]],
    ['complex<f64>', [0, 0, 1, 0, 2, 0]],
  ])('counts in %s', (dtype, expected) => {
    expect(valuesOf(`tensor<3x${dtype}>`, `%r = stablehlo.iota dim = 0 : tensor<3x${dtype}>`)).toEqual(expected);
  });

  it('counts along one dimension of several, of a shape known at run time', () => {
    expect(
      valuesOf(
        'tensor<?x?xi32>',
        '%s = stablehlo.constant dense<[2, 3]> : tensor<2xi64>',
        '%r = stablehlo.dynamic_iota %s, dim = 1 : (tensor<2xi64>) -> tensor<?x?xi32>',
      ),
    ).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('wraps where the type ends, and refuses a dimension that is not there (C1)', () => {
    expect(valuesOf('tensor<6xi2>', '%r = stablehlo.iota dim = 0 : tensor<6xi2>')).toEqual([0, 1, -2, -1, 0, 1]);
    expect(problemsOfOp('', '%0 = stablehlo.iota dim = 1 : tensor<3xi32>').join()).toContain('E2213 iota C1');
    expect(problemsOfOp('', '%0 = stablehlo.iota dim = 0 : tensor<i32>').join()).toContain('E2213 iota C1');
  });

  it('of an absurd size is a diagnostic', () => {
    const type = 'tensor<9999999999x9999999999xf32>';
    expect(failureOf(type, `%r = stablehlo.iota dim = 0 : ${type}`)).toMatch(/^E4004/);
  });
});
