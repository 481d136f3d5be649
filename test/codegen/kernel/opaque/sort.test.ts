import { describe, expect, it } from 'vitest';
import { runBoth } from '../../plan/run-plan.ts';

function sort(shape: string, dimension: number, direction: string, element = 'f32'): string {
  const type = `tensor<${shape}x${element}>`;
  return `func.func @main(%x: ${type}) -> ${type} {
    %0 = "stablehlo.sort"(%x) ({
    ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
      %c = stablehlo.compare ${direction}, %a, %b : (tensor<${element}>, tensor<${element}>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    }) {dimension = ${dimension} : i64, is_stable = true} : (${type}) -> ${type}
    return %0 : ${type}
  }`;
}

describe('sort in loops', () => {
  it.each([
    ['a line', sort('37', 0, 'LT')],
    ['rows downwards', sort('3x11', 1, 'GT')],
    ['columns', sort('9x4', 0, 'LT', 'i64')],
    ['a dimension between others', sort('2x7x3', -2, 'LT', 'ui8')],
    ['one element', sort('1x3', 0, 'LT')],
    ['half floats', sort('13', 0, 'LT', 'bf16')],
    ['nothing', sort('0x3', 1, 'LT')],
  ])('sorts %s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  });

  it('keeps equal keys in order, with what belongs to them', () => {
    const { actual, expected } =
      runBoth(`func.func @main(%x: tensor<2x25xi32>) -> (tensor<2x25xi32>, tensor<2x25xi32>) {
      %i = stablehlo.iota dim = 1 : tensor<2x25xi32>
      %0:2 = "stablehlo.sort"(%x, %i) ({
      ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<i32>, %d: tensor<i32>):
        %e = stablehlo.compare GT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %e : tensor<i1>
      }) {dimension = 1 : i64, is_stable = true} : (tensor<2x25xi32>, tensor<2x25xi32>) -> (tensor<2x25xi32>, tensor<2x25xi32>)
      return %0#0, %0#1 : tensor<2x25xi32>, tensor<2x25xi32>
    }`);
    expect(actual).toEqual(expected);
  });
});
