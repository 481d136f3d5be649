import { describe, expect, it } from 'vitest';
import { computeOp, type Operand } from '../compute-op.ts';
import { opText, problems } from '../run-text.ts';

function numbers(fields: string): string {
  return `ragged_dot_dimension_numbers = #chlo.ragged_dot<${fields}>`;
}

const sizes: Operand = ['[1, 2]', 'tensor<2xi64>'];

describe('chlo.ragged_dot', () => {
  it('multiplies each group of rows by its own matrix; rows in no group are zero', () => {
    const lhs: Operand = ['[[1, 2], [3, 4], [5, 6], [7, 8]]', 'tensor<4x2xi32>'];
    const rhs: Operand = ['[[[1], [0]], [[0], [10]]]', 'tensor<2x2x1xi32>'];
    const fields =
      'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]';
    expect(computeOp('chlo.ragged_dot', [lhs, rhs, sizes], 'tensor<4x1xi32>', numbers(fields))).toEqual([1, 40, 60, 0]);
  });

  it('sums each group of terms alone', () => {
    const lhs: Operand = ['[[1.0, 2.0, 3.0]]', 'tensor<1x3xf32>'];
    const rhs: Operand = ['[[1.0], [10.0], [100.0]]', 'tensor<3x1xf32>'];
    const fields = 'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0], lhs_ragged_dimensions = [1]';
    expect(computeOp('chlo.ragged_dot', [lhs, rhs, sizes], 'tensor<2x1x1xf32>', numbers(fields))).toEqual([1, 320]);
  });

  it('is a plain product when whole batches are grouped', () => {
    const lhs: Operand = ['[[[1]], [[2]], [[3]]]', 'tensor<3x1x1xi32>'];
    const fields =
      'lhs_batching_dimensions = [0], rhs_batching_dimensions = [0], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0]';
    expect(computeOp('chlo.ragged_dot', [lhs, lhs, sizes], 'tensor<3x1x1xi32>', numbers(fields))).toEqual([1, 4, 9]);
  });

  it('takes group sizes that differ between batches', () => {
    const lhs: Operand = ['[[[1], [1]], [[1], [1]]]', 'tensor<2x2x1xi32>'];
    const rhs: Operand = ['[[[[1]], [[2]]], [[[3]], [[4]]]]', 'tensor<2x2x1x1xi32>'];
    const groups: Operand = ['[[1, 1], [0, 2]]', 'tensor<2x2xi64>'];
    const fields =
      'lhs_batching_dimensions = [0], rhs_batching_dimensions = [1], lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [2], lhs_ragged_dimensions = [1], rhs_group_dimensions = [0]';
    expect(computeOp('chlo.ragged_dot', [lhs, rhs, groups], 'tensor<2x2x1xi32>', numbers(fields))).toEqual([
      1, 3, 4, 4,
    ]);
  });

  it.each([
    [
      'C5',
      'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], rhs_group_dimensions = [0]',
      'tensor<3xi64>',
    ],
    [
      'C6',
      'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0]',
      'tensor<3xi64>',
    ],
    [
      'C7',
      'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]',
      'tensor<1x3xi64>',
    ],
    [
      'C8',
      'lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]',
      'tensor<4xi64>',
    ],
  ])('reports a violation of %s', (id, fields, groupSizes) => {
    const text = opText(
      'chlo.ragged_dot',
      numbers(fields),
      ['tensor<11x5xf32>', 'tensor<3x5x7xf32>', groupSizes],
      ['tensor<11x7xf32>'],
    );
    expect(problems(text)[0]).toContain(`E2645 chlo.ragged_dot ${id}`);
  });
});
