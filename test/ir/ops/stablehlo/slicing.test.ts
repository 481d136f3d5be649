import { describe, expect, it } from 'vitest';
import { failureOf, problemsOfOp, valuesOf } from '../module-text.ts';

const line = '%a = stablehlo.constant dense<[0, 1, 2, 3, 4]> : tensor<5xi32>';

function scalar(name: string, value: number): string {
  return `%${name} = stablehlo.constant dense<${value}> : tensor<i64>`;
}

describe('slice', () => {
  it('takes every strides-th element from start to limit', () => {
    const op = '%r = stablehlo.slice %a [1:5:2] : (tensor<5xi32>) -> tensor<2xi32>';
    expect(valuesOf('tensor<2xi32>', line, op)).toEqual([1, 3]);
  });

  it('may be empty', () => {
    expect(valuesOf('tensor<0xi32>', line, '%r = stablehlo.slice %a [2:2] : (tensor<5xi32>) -> tensor<0xi32>')).toEqual(
      [],
    );
  });

  it.each([
    ['C3', '[1:6]', 'tensor<5xi32>'],
    ['C3', '[3:2]', 'tensor<0xi32>'],
    ['C4', '[0:2:0]', 'tensor<2xi32>'],
    ['C1, C5', '[0:2]', 'tensor<3xi32>'],
  ])('violates %s', (id, ranges, type) => {
    const problems = problemsOfOp(
      '%a: tensor<5xi32>',
      `%0 = stablehlo.slice %a ${ranges} : (tensor<5xi32>) -> ${type}`,
    );
    expect(problems.join()).toContain(`slice ${id}`);
  });

  it('wants as many ranges as dimensions (C2)', () => {
    const op =
      '%0 = "stablehlo.slice"(%a) {start_indices = array<i64: 0>, limit_indices = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<5xi32>) -> tensor<1xi32>';
    expect(problemsOfOp('%a: tensor<5xi32>', op).join()).toContain('slice C2');
  });

  it('may go beyond a size that is not known, but not beyond its bound', () => {
    const op = (type: string): string => `%0 = stablehlo.slice %a [0:4] : (${type}) -> tensor<4xi32>`;
    expect(problemsOfOp('%a: tensor<?xi32>', op('tensor<?xi32>'))).toEqual([]);
    const bounded = 'tensor<?xi32, #stablehlo.bounds<3>>';
    expect(problemsOfOp(`%a: ${bounded}`, op(bounded)).join()).toContain('slice C3');
  });
});

describe('dynamic_slice', () => {
  const op = '%r = stablehlo.dynamic_slice %a, %i, sizes = [2] : (tensor<5xi32>, tensor<i64>) -> tensor<2xi32>';

  it.each([
    [-7, [0, 1]],
    [2, [2, 3]],
    [99, [3, 4]],
  ])('moves a start of %d into bounds', (start, expected) => {
    expect(valuesOf('tensor<2xi32>', line, scalar('i', start), op)).toEqual(expected);
  });

  it.each([
    ['C2', '%a, %i, %i, sizes = [2]', 'tensor<i64>, tensor<i64>', 'tensor<2xi32>'],
    ['C4', '%a, %i, sizes = [6]', 'tensor<i64>', 'tensor<6xi32>'],
    ['C1, C5', '%a, %i, sizes = [2]', 'tensor<i64>', 'tensor<3xi32>'],
  ])('violates %s', (id, operands, types, result) => {
    const text = `%0 = stablehlo.dynamic_slice ${operands} : (tensor<5xi32>, ${types}) -> ${result}`;
    expect(problemsOfOp('%a: tensor<5xi32>, %i: tensor<i64>', text).join()).toContain(`dynamic_slice ${id}`);
  });

  it('wants start indices of one type (C3)', () => {
    const text =
      '%0 = stablehlo.dynamic_slice %a, %i, %j, sizes = [1, 1] : (tensor<5x5xi32>, tensor<i64>, tensor<i32>) -> tensor<1x1xi32>';
    expect(problemsOfOp('%a: tensor<5x5xi32>, %i: tensor<i64>, %j: tensor<i32>', text).join()).toContain(
      'dynamic_slice C3',
    );
  });
});

describe('dynamic_update_slice', () => {
  const update = '%u = stablehlo.constant dense<[8, 9]> : tensor<2xi32>';
  const op =
    '%r = stablehlo.dynamic_update_slice %a, %u, %i : (tensor<5xi32>, tensor<2xi32>, tensor<i64>) -> tensor<5xi32>';

  it.each([
    [-7, [8, 9, 2, 3, 4]],
    [1, [0, 8, 9, 3, 4]],
    [99, [0, 1, 2, 8, 9]],
  ])('at %d replaces a slice moved into bounds', (start, expected) => {
    expect(valuesOf('tensor<5xi32>', line, update, scalar('i', start), op)).toEqual(expected);
  });

  it.each([
    ['C2', 'tensor<2xi64>', 'tensor<i64>', '%i'],
    ['C3', 'tensor<2x2xi32>', 'tensor<i64>', '%i'],
    ['C4', 'tensor<2xi32>', 'tensor<i64>, tensor<i64>', '%i, %i'],
    ['C6', 'tensor<6xi32>', 'tensor<i64>', '%i'],
  ])('violates %s', (id, type, indices, names) => {
    const text = `%0 = stablehlo.dynamic_update_slice %a, %u, ${names} : (tensor<5xi32>, ${type}, ${indices}) -> tensor<5xi32>`;
    expect(problemsOfOp(`%a: tensor<5xi32>, %u: ${type}, %i: tensor<i64>`, text).join()).toContain(
      `dynamic_update_slice ${id}`,
    );
  });
});

describe('real_dynamic_slice', () => {
  const numbers = (start: number, limit: number, stride: number): string[] => [
    `%s = stablehlo.constant dense<${start}> : tensor<1xi32>`,
    `%l = stablehlo.constant dense<${limit}> : tensor<1xi32>`,
    `%t = stablehlo.constant dense<${stride}> : tensor<1xi32>`,
  ];
  const op =
    '%r = stablehlo.real_dynamic_slice %a, %s, %l, %t : (tensor<5xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xi32>';

  it('slices by numbers given at run time', () => {
    expect(valuesOf('tensor<?xi32>', line, ...numbers(0, 5, 2), op)).toEqual([0, 2, 4]);
  });

  it.each([
    [0, 6, 1],
    [-1, 2, 1],
    [3, 2, 1],
    [0, 2, 0],
  ])('refuses %d:%d:%d', (start, limit, stride) => {
    expect(failureOf('tensor<?xi32>', line, ...numbers(start, limit, stride), op)).toMatch(/^E4015/);
  });

  it('wants lists of the size of the rank', () => {
    const text =
      '%0 = stablehlo.real_dynamic_slice %a, %s, %s, %s : (tensor<?xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?xi32>';
    expect(problemsOfOp('%a: tensor<?xi32>, %s: tensor<2xi32>', text).join()).toContain('real_dynamic_slice C2');
  });
});

describe('pad', () => {
  const value = '%p = stablehlo.constant dense<7> : tensor<i32>';
  const three = '%a = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>';
  const op = (low: number, high: number, interior: number, size: number): string =>
    `%r = stablehlo.pad %a, %p, low = [${low}], high = [${high}], interior = [${interior}] : (tensor<3xi32>, tensor<i32>) -> tensor<${size}xi32>`;

  it.each([
    [1, 2, 0, [7, 1, 2, 3, 7, 7]],
    [0, 0, 2, [1, 7, 7, 2, 7, 7, 3]],
    [-1, 0, 2, [7, 7, 2, 7, 7, 3]],
    [-2, -1, 1, [2, 7]],
    [-3, 3, 0, [7, 7, 7]],
    [4, -5, 0, [7, 7]],
    [-1, -2, 0, []],
  ])('by %d, %d and %d between', (low, high, interior, expected) => {
    expect(valuesOf(`tensor<${expected.length}xi32>`, three, value, op(low, high, interior, expected.length))).toEqual(
      expected,
    );
  });

  it('of an empty dimension is all padding', () => {
    expect(
      valuesOf(
        'tensor<2xi32>',
        '%a = stablehlo.constant dense<> : tensor<0xi32>',
        value,
        '%r = stablehlo.pad %a, %p, low = [1], high = [1], interior = [3] : (tensor<0xi32>, tensor<i32>) -> tensor<2xi32>',
      ),
    ).toEqual([7, 7]);
  });

  it.each([
    ['C3', op(0, 0, -1, 1)],
    ['C4', op(-2, -2, 0, 0)],
    ['C1, C4', op(1, 1, 0, 4)],
  ])('violates %s', (id, text) => {
    expect(problemsOfOp('%a: tensor<3xi32>, %p: tensor<i32>', text).join()).toContain(`pad ${id}`);
  });

  it('wants one element type (C1) and lists of the size of the rank (C2)', () => {
    const wrongType =
      '%0 = stablehlo.pad %a, %p, low = [0], high = [0], interior = [0] : (tensor<3xi32>, tensor<i64>) -> tensor<3xi32>';
    expect(problemsOfOp('%a: tensor<3xi32>, %p: tensor<i64>', wrongType).join()).toContain('pad C1');
    const wrongSize =
      '%0 = stablehlo.pad %a, %p, low = [0, 0], high = [0], interior = [0] : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>';
    expect(problemsOfOp('%a: tensor<3xi32>, %p: tensor<i32>', wrongSize).join()).toContain('pad C2');
  });

  it('takes amounts computed at run time', () => {
    const amounts = '%one = stablehlo.constant dense<1> : tensor<1xi64>';
    const dynamic = (interior: string): string =>
      `%r = stablehlo.dynamic_pad %a, %p, %one, %one, ${interior} : (tensor<3xi32>, tensor<i32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xi32>`;
    expect(valuesOf('tensor<?xi32>', three, value, amounts, dynamic('%one'))).toEqual([7, 1, 7, 2, 7, 3, 7]);
    const negative = '%n = stablehlo.constant dense<-1> : tensor<1xi64>';
    expect(failureOf('tensor<?xi32>', three, value, amounts, negative, dynamic('%n'))).toMatch(/^E4015/);
  });
});

describe('torch_index_select', () => {
  it('picks slices by index within each batch', () => {
    expect(
      valuesOf(
        'tensor<2x2xi32>',
        '%a = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>',
        '%i = stablehlo.constant dense<[[2, 0], [1, 9]]> : tensor<2x2xi32>',
        '%r = "stablehlo.torch_index_select"(%a, %i) {dim = 1 : i64, batch_dims = 1 : i64} : (tensor<2x3xi32>, tensor<2x2xi32>) -> tensor<2x2xi32>',
      ),
    ).toEqual([3, 1, 5, 6]);
  });

  it('wants a dimension of the operand', () => {
    const text =
      '%0 = "stablehlo.torch_index_select"(%a, %i) {dim = 2 : i64, batch_dims = 0 : i64} : (tensor<2x3xi32>, tensor<2xi32>) -> tensor<2x3xi32>';
    expect(problemsOfOp('%a: tensor<2x3xi32>, %i: tensor<2xi32>', text).join()).toContain('torch_index_select C1');
  });
});
