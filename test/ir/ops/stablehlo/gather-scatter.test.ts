import { describe, expect, it } from 'vitest';
import { evaluateBody, failureOf, problemsOfOp, reducer, valuesOf } from '../module-text.ts';

const matrix = '%a = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>';

function gatherOp(dims: string, sizes: string, types: string, operands = '%a, %i'): string {
  return `%r = "stablehlo.gather"(${operands}) {dimension_numbers = #stablehlo.gather<${dims}>, slice_sizes = array<i64: ${sizes}>} : ${types}`;
}

describe('gather', () => {
  it('copies whole slices, their start moved into bounds', () => {
    expect(
      valuesOf(
        'tensor<3x3xi32>',
        matrix,
        '%i = stablehlo.constant dense<[[2], [-5], [9]]> : tensor<3x1xi32>',
        gatherOp(
          'offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1',
          '1, 3',
          '(tensor<3x3xi32>, tensor<3x1xi32>) -> tensor<3x3xi32>',
        ),
      ),
    ).toEqual([7, 8, 9, 1, 2, 3, 7, 8, 9]);
  });

  it('reads index vectors along any dimension, and scalars where there is none', () => {
    const result = 'tensor<2xi32>';
    const columns = '%i = stablehlo.constant dense<[[0, 1], [2, 0]]> : tensor<2x2xi64>';
    const dims = (at: number): string =>
      `collapsed_slice_dims = [0, 1], start_index_map = [0, 1], index_vector_dim = ${at}`;
    const types = '(tensor<3x3xi32>, tensor<2x2xi64>) -> tensor<2xi32>';
    expect(valuesOf(result, matrix, columns, gatherOp(dims(1), '1, 1', types))).toEqual([2, 7]);
    expect(valuesOf(result, matrix, columns, gatherOp(dims(0), '1, 1', types))).toEqual([3, 4]);
    const line = '%a = stablehlo.constant dense<[5, 6, 7]> : tensor<3xi32>';
    const scalars = '%i = stablehlo.constant dense<[2, 0]> : tensor<2xi64>';
    const implicit = 'collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1';
    expect(
      valuesOf(result, line, scalars, gatherOp(implicit, '1', '(tensor<3xi32>, tensor<2xi64>) -> tensor<2xi32>')),
    ).toEqual([7, 5]);
  });

  it('pairs batching dimensions of operand and indices', () => {
    expect(
      valuesOf(
        'tensor<3x1xi32>',
        matrix,
        '%i = stablehlo.constant dense<[[2], [0], [1]]> : tensor<3x1xi32>',
        gatherOp(
          'collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2',
          '1, 1',
          '(tensor<3x3xi32>, tensor<3x1xi32>) -> tensor<3x1xi32>',
        ),
      ),
    ).toEqual([3, 4, 8]);
  });

  it('puts window dimensions anywhere in the result', () => {
    expect(
      valuesOf(
        'tensor<2x2xi32>',
        matrix,
        '%i = stablehlo.constant dense<[0, 1]> : tensor<2xi32>',
        gatherOp(
          'offset_dims = [0], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1',
          '1, 2',
          '(tensor<3x3xi32>, tensor<2xi32>) -> tensor<2x2xi32>',
        ),
      ),
    ).toEqual([1, 4, 2, 5]);
  });

  it('gives nothing for no indices, even from an empty operand', () => {
    const [result] = evaluateBody(
      'tensor<0x0xi32>',
      '%a = stablehlo.constant dense<> : tensor<0x2xi32>',
      '%i = stablehlo.constant dense<> : tensor<0x1xi32>',
      gatherOp(
        'offset_dims = [1], collapsed_slice_dims = [1], start_index_map = [0], index_vector_dim = 1',
        '0, 1',
        '(tensor<0x2xi32>, tensor<0x1xi32>) -> tensor<0x0xi32>',
      ),
    );
    expect(result?.shape).toEqual([0, 0]);
  });

  it.each([
    ['C1', 'collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1', '1, 1'],
    ['C2', 'collapsed_slice_dims = [0, 1], start_index_map = [0], index_vector_dim = 3', '1, 1'],
    ['C3', 'collapsed_slice_dims = [0, 1], start_index_map = [0, 1], index_vector_dim = 1', '1, 1'],
    ['C4', 'offset_dims = [1, 0], start_index_map = [0], index_vector_dim = 1', '1, 1'],
    ['C5', 'offset_dims = [1, 3], start_index_map = [0], index_vector_dim = 1', '1, 1'],
    ['C6', 'collapsed_slice_dims = [0, 0], start_index_map = [0], index_vector_dim = 1', '1, 1'],
    ['C7', 'collapsed_slice_dims = [1, 0], start_index_map = [0], index_vector_dim = 1', '1, 1'],
    ['C8', 'collapsed_slice_dims = [0, 2], start_index_map = [0], index_vector_dim = 1', '1, 1'],
    ['C9', 'collapsed_slice_dims = [0, 1], start_index_map = [0], index_vector_dim = 1', '2, 1'],
    [
      'C14',
      'offset_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [2], start_index_map = [1], index_vector_dim = 1',
      '1, 1',
    ],
    [
      'C15',
      'offset_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [1], start_index_map = [1], index_vector_dim = 1',
      '1, 1',
    ],
    ['C16', 'offset_dims = [1], operand_batching_dims = [0], start_index_map = [1], index_vector_dim = 1', '1, 1'],
    [
      'C17',
      'offset_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 1',
      '1, 1',
    ],
    [
      'C18',
      'offset_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [0], index_vector_dim = 1',
      '1, 1',
    ],
    ['C19', 'collapsed_slice_dims = [0, 1], start_index_map = [2], index_vector_dim = 1', '1, 1'],
    ['C20', 'collapsed_slice_dims = [0, 1], start_index_map = [0], index_vector_dim = 1', '1'],
    ['C21', 'offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1', '1, 4'],
    ['C22, C23', 'collapsed_slice_dims = [0, 1], start_index_map = [0], index_vector_dim = 1', '1, 1'],
  ])('violates %s', (id, dims, sizes) => {
    const op = gatherOp(dims, sizes, '(tensor<3x3xi32>, tensor<2x1xi32>) -> tensor<7xi32>');
    expect(problemsOfOp('%a: tensor<3x3xi32>, %i: tensor<2x1xi32>', op).join()).toContain(`gather ${id}`);
  });

  it('knows what follows from unknown sizes', () => {
    const dims = 'offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1';
    const op = (result: string): string => gatherOp(dims, '1, 3', `(tensor<?x3xi32>, tensor<?x1xi32>) -> ${result}`);
    expect(problemsOfOp('%a: tensor<?x3xi32>, %i: tensor<?x1xi32>', op('tensor<?x3xi32>'))).toEqual([]);
    expect(problemsOfOp('%a: tensor<?x3xi32>, %i: tensor<?x1xi32>', op('tensor<?x2xi32>')).join()).toContain(
      'gather C22',
    );
  });

  it('takes slice sizes computed at run time', () => {
    const indices = '%i = stablehlo.constant dense<[[1], [0]]> : tensor<2x1xi32>';
    const sizes = (list: string): string => `%s = stablehlo.constant dense<${list}> : tensor<2xi32>`;
    const op =
      '%r = "stablehlo.dynamic_gather"(%a, %i, %s) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>} : (tensor<3x3xi32>, tensor<2x1xi32>, tensor<2xi32>) -> tensor<2x?xi32>';
    expect(valuesOf('tensor<2x?xi32>', matrix, indices, sizes('[1, 2]'), op)).toEqual([4, 5, 1, 2]);
    expect(failureOf('tensor<2x?xi32>', matrix, indices, sizes('[1, 4]'), op)).toMatch(/^E4015/);
    expect(failureOf('tensor<2x?xi32>', matrix, indices, sizes('[2, 2]'), op)).toMatch(/^E4015/);
  });
});

const zeros = '%a = stablehlo.constant dense<0> : tensor<4xi32>';

function scatterOp(op: string, dims: string, types: string, operands = '%a, %i, %u'): string {
  const body =
    op === 'set'
      ? '({\n^bb0(%x: tensor<i32>, %y: tensor<i32>):\n  stablehlo.return %y : tensor<i32>\n})'
      : reducer(op, 'tensor<i32>');
  return `%r = "stablehlo.scatter"(${operands}) ${body} {scatter_dimension_numbers = #stablehlo.scatter<${dims}>} : ${types}`;
}

const pointDims = 'inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1';

describe('scatter', () => {
  const types = '(tensor<4xi32>, tensor<5x1xi32>, tensor<5xi32>) -> tensor<4xi32>';
  const indices = '%i = stablehlo.constant dense<[[1], [4], [1], [-1], [3]]> : tensor<5x1xi32>';
  const updates = '%u = stablehlo.constant dense<[10, 20, 30, 40, 50]> : tensor<5xi32>';

  it.each([
    ['add', [0, 40, 0, 50]],
    ['set', [0, 30, 0, 50]],
    ['subtract', [0, -40, 0, -50]],
  ])('with %s keeps the order of duplicates and skips what is out of bounds', (op, expected) => {
    expect(valuesOf('tensor<4xi32>', zeros, indices, updates, scatterOp(op, pointDims, types))).toEqual(expected);
  });

  it('does the same with many updates at once as one by one', () => {
    const many = '%j = stablehlo.iota dim = 0 : tensor<40x1xi32>';
    const four = '%f = stablehlo.constant dense<4> : tensor<40x1xi32>';
    const modulo = '%i = stablehlo.remainder %j, %f : tensor<40x1xi32>';
    const ones = '%u = stablehlo.iota dim = 0 : tensor<40xi32>';
    const op = scatterOp('add', pointDims, '(tensor<4xi32>, tensor<40x1xi32>, tensor<40xi32>) -> tensor<4xi32>');
    expect(valuesOf('tensor<4xi32>', zeros, many, four, modulo, ones, op)).toEqual([180, 190, 200, 210]);
  });

  it('skips only the elements of a window that are out of bounds', () => {
    expect(
      valuesOf(
        'tensor<4xi32>',
        zeros,
        '%i = stablehlo.constant dense<[[3], [-1]]> : tensor<2x1xi32>',
        '%u = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>',
        scatterOp(
          'add',
          'update_window_dims = [1], scatter_dims_to_operand_dims = [0], index_vector_dim = 1',
          '(tensor<4xi32>, tensor<2x1xi32>, tensor<2x2xi32>) -> tensor<4xi32>',
        ),
      ),
    ).toEqual([4, 0, 0, 1]);
  });

  it('updates several tensors together', () => {
    const [first, second] = evaluateBody(
      'tensor<2xi32> and tensor<2xf32>',
      '%a = stablehlo.constant dense<1> : tensor<2xi32>',
      '%b = stablehlo.constant dense<2.0> : tensor<2xf32>',
      '%i = stablehlo.constant dense<[[1]]> : tensor<1x1xi32>',
      '%u = stablehlo.constant dense<[5]> : tensor<1xi32>',
      '%v = stablehlo.constant dense<[0.5]> : tensor<1xf32>',
      `%r:2 = "stablehlo.scatter"(%a, %b, %i, %u, %v) ({
        ^bb0(%x: tensor<i32>, %y: tensor<f32>, %z: tensor<i32>, %w: tensor<f32>):
          %s = stablehlo.add %x, %z : tensor<i32>
          %t = stablehlo.multiply %y, %w : tensor<f32>
          stablehlo.return %s, %t : tensor<i32>, tensor<f32>
        }) {scatter_dimension_numbers = #stablehlo.scatter<${pointDims}>} :
        (tensor<2xi32>, tensor<2xf32>, tensor<1x1xi32>, tensor<1xi32>, tensor<1xf32>) -> (tensor<2xi32>, tensor<2xf32>)`,
    );
    expect([...(first?.values ?? [])]).toEqual([1, 6]);
    expect([...(second?.values ?? [])]).toEqual([2, 1]);
  });

  it('pairs batching dimensions', () => {
    expect(
      valuesOf(
        'tensor<2x2xi32>',
        '%a = stablehlo.constant dense<0> : tensor<2x2xi32>',
        '%i = stablehlo.constant dense<[[1], [0]]> : tensor<2x1xi32>',
        '%u = stablehlo.constant dense<[[5], [6]]> : tensor<2x1xi32>',
        scatterOp(
          'add',
          'inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2',
          '(tensor<2x2xi32>, tensor<2x1xi32>, tensor<2x1xi32>) -> tensor<2x2xi32>',
        ),
      ),
    ).toEqual([0, 5, 6, 0]);
  });

  it('widens to the type of the computation', () => {
    expect(
      valuesOf(
        'tensor<1xi64>',
        '%a = stablehlo.constant dense<100> : tensor<1xi8>',
        '%i = stablehlo.constant dense<[[0]]> : tensor<1x1xi32>',
        '%u = stablehlo.constant dense<[100]> : tensor<1xi8>',
        `%r = "stablehlo.scatter"(%a, %i, %u) ${reducer('add', 'tensor<i64>')} {scatter_dimension_numbers = #stablehlo.scatter<${pointDims}>} : (tensor<1xi8>, tensor<1x1xi32>, tensor<1xi8>) -> tensor<1xi64>`,
      ),
    ).toEqual([200n]);
  });

  const args = '%a: tensor<3x3xi32>, %i: tensor<2x1xi32>, %u: tensor<2x3xi32>';
  const wide = '(tensor<3x3xi32>, tensor<2x1xi32>, tensor<2x3xi32>) -> tensor<3x3xi32>';

  it.each([
    ['C2', 'update_window_dims = [1], scatter_dims_to_operand_dims = [0], index_vector_dim = 1'],
    ['C7', 'update_window_dims = [1, 0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1'],
    [
      'C8',
      'update_window_dims = [2], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1',
    ],
    ['C9', 'inserted_window_dims = [0, 0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1'],
    ['C10', 'inserted_window_dims = [1, 0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1'],
    [
      'C11',
      'update_window_dims = [1], inserted_window_dims = [2], scatter_dims_to_operand_dims = [0], index_vector_dim = 1',
    ],
    [
      'C17',
      'update_window_dims = [1], input_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 1',
    ],
    [
      'C18',
      'update_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 1',
    ],
    [
      'C19',
      'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1',
    ],
    [
      'C20',
      'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0, 0], index_vector_dim = 1',
    ],
    [
      'C21',
      'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [2], index_vector_dim = 1',
    ],
    [
      'C22',
      'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 3',
    ],
    [
      'C4',
      'update_window_dims = [0], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1',
    ],
  ])('violates %s', (id, dims) => {
    expect(problemsOfOp(args, scatterOp('add', dims, wide)).join()).toContain(`E2221 scatter ${id}`);
  });

  it('wants a computation that fits (C23) and its result (C24, C25)', () => {
    const dims =
      'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1';
    const text = scatterOp('add', dims, wide);
    expect(problemsOfOp(args, text)).toEqual([]);
    expect(problemsOfOp(args, text.replaceAll('tensor<i32>', 'tensor<i8>')).join()).toContain('scatter C23');
    expect(problemsOfOp(args, text.replace(/-> tensor<3x3xi32>/, '-> tensor<3x2xi32>')).join()).toContain(
      'scatter C24, C25',
    );
    expect(
      problemsOfOp(
        args.replace('%u: tensor<2x3xi32>', '%u: tensor<2x3xi64>'),
        text.replace('tensor<2x3xi32>', 'tensor<2x3xi64>'),
      ).join(),
    ).toContain('scatter C6');
  });
});
