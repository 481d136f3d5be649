import { describe, expect, it } from 'vitest';
import { runBoth } from '../../plan/run-plan.ts';

/** A scatter of `x` by `i` and `u` with a region of two scalars. */
function scatter(
  types: readonly [x: string, i: string, u: string],
  dims: string,
  body = 'add',
  scalar = 'f32',
): string {
  const [x, i, u] = types.map((type) => `tensor<${type}>`);
  const region =
    body === 'overwrite'
      ? `stablehlo.return %b : tensor<${scalar}>`
      : `%s = stablehlo.${body} %a, %b : tensor<${scalar}>\n stablehlo.return %s : tensor<${scalar}>`;
  return `func.func @main(%x: ${x}, %i: ${i}, %u: ${u}) -> ${x} {
    %0 = "stablehlo.scatter"(%x, %i, %u) ({
    ^bb0(%a: tensor<${scalar}>, %b: tensor<${scalar}>):
      ${region}
    }) {scatter_dimension_numbers = #stablehlo.scatter<${dims}>} : (${x}, ${i}, ${u}) -> ${x}
    return %0 : ${x}
  }`;
}

const rows =
  'update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1';

describe('scatter in loops', () => {
  it.each([
    ['adds rows, some twice, some outside', scatter(['4x3xf32', '5x1xi32', '5x3xf32'], rows)],
    ['adds rows by vectors, with a rest', scatter(['4x11xf32', '5x1xi32', '5x11xf32'], rows)],
    ['overwrites rows by vectors', scatter(['4x8xi64', '5x1xi32', '5x8xi64'], rows, 'overwrite', 'i64')],
    ['moves rows that stick out', scatter(['3x9xf32', '7x2xi32', '7x1x6xf32'],
      'update_window_dims = [1, 2], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1')],
    ['multiplies halves', scatter(['4x3xbf16', '5x1xi64', '5x3xbf16'], rows, 'multiply', 'bf16')],
    ['overwrites booleans', scatter(['4x3xi1', '5x1xi8', '5x3xi1'], rows, 'overwrite', 'i1')],
    ['takes unsigned indices', scatter(['3x3xi64', '5x1xui8', '5x3xi64'], rows, 'maximum', 'i64')],
    ['moves windows that stick out', scatter(['4x4xf32', '5x2xi32', '5x2x3xf32'],
      'update_window_dims = [1, 2], scatter_dims_to_operand_dims = [1, 0], index_vector_dim = 1', 'overwrite')],
    ['moves windows whose dimensions come first, in the order of the updates', scatter(['4x4xf32', '5x2xi32', '2x3x5xf32'],
      'update_window_dims = [0, 1], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1', 'overwrite')],
    ['keeps batching dimensions', scatter(['2x4x3xf32', '2x5x1xi32', '2x5x3xf32'],
      'update_window_dims = [2], inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2')],
    ['takes scalars at the indices themselves', scatter(['6xi32', '8xi32', '8xi32'],
      'inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1', 'add', 'i32')],
    ['has windows that do not move first', scatter(['3x4xf32', '5x1xi32', '3x5xf32'],
      'update_window_dims = [0], inserted_window_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 1', 'overwrite')],
  ])('%s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  }); // prettier-ignore

  it('changes several inputs together', () => {
    const { actual, expected } =
      runBoth(`func.func @main(%x: tensor<4xf32>, %y: tensor<4xi32>, %i: tensor<6x1xi32>, %u: tensor<6xf32>, %v: tensor<6xi32>) -> (tensor<4xf32>, tensor<4xi32>) {
      %0:2 = "stablehlo.scatter"(%x, %y, %i, %u, %v) ({
      ^bb0(%a: tensor<f32>, %b: tensor<i32>, %c: tensor<f32>, %d: tensor<i32>):
        %p = stablehlo.compare GT, %c, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %s = stablehlo.select %p, %c, %a : tensor<i1>, tensor<f32>
        %t = stablehlo.select %p, %d, %b : tensor<i1>, tensor<i32>
        stablehlo.return %s, %t : tensor<f32>, tensor<i32>
      }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}
        : (tensor<4xf32>, tensor<4xi32>, tensor<6x1xi32>, tensor<6xf32>, tensor<6xi32>) -> (tensor<4xf32>, tensor<4xi32>)
      return %0#0, %0#1 : tensor<4xf32>, tensor<4xi32>
    }`);
    expect(actual).toEqual(expected);
  });

  it('leaves what it reads alone when the input is the updates', () => {
    const { actual, expected } = runBoth(`func.func @main(%x: tensor<4x3xf32>, %i: tensor<4x1xi32>) -> tensor<4x3xf32> {
      %n = stablehlo.negate %x : tensor<4x3xf32>
      %0 = "stablehlo.scatter"(%n, %i, %n) ({
      ^bb0(%a: tensor<f32>, %b: tensor<f32>):
        %s = stablehlo.add %a, %b : tensor<f32>
        stablehlo.return %s : tensor<f32>
      }) {scatter_dimension_numbers = #stablehlo.scatter<${rows}>} : (tensor<4x3xf32>, tensor<4x1xi32>, tensor<4x3xf32>) -> tensor<4x3xf32>
      return %0 : tensor<4x3xf32>
    }`);
    expect(actual).toEqual(expected);
  });

  it('starts from a converted copy where the region is wider', () => {
    const { actual, expected } =
      runBoth(`func.func @main(%x: tensor<4xf32>, %i: tensor<6x1xi32>, %u: tensor<6xf32>) -> tensor<4xf64> {
      %0 = "stablehlo.scatter"(%x, %i, %u) ({
      ^bb0(%a: tensor<f64>, %b: tensor<f64>):
        %s = stablehlo.add %a, %b : tensor<f64>
        stablehlo.return %s : tensor<f64>
      }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}
        : (tensor<4xf32>, tensor<6x1xi32>, tensor<6xf32>) -> tensor<4xf64>
      return %0 : tensor<4xf64>
    }`);
    expect(actual).toEqual(expected);
  });
});
