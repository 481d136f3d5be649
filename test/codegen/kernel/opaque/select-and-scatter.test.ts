import { describe, expect, it } from 'vitest';
import { runBoth } from '../../plan/run-plan.ts';

function pooling(operand: string, source: string, window: string, element = 'f32'): string {
  return `func.func @main(%x: tensor<${operand}x${element}>, %s: tensor<${source}x${element}>, %z: tensor<${element}>) -> tensor<${operand}x${element}> {
    %0 = "stablehlo.select_and_scatter"(%x, %s, %z) ({
    ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
      %c = stablehlo.compare GE, %a, %b : (tensor<${element}>, tensor<${element}>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    }, {
    ^bb0(%a: tensor<${element}>, %b: tensor<${element}>):
      %c = stablehlo.add %a, %b : tensor<${element}>
      stablehlo.return %c : tensor<${element}>
    }) {${window}} : (tensor<${operand}x${element}>, tensor<${source}x${element}>, tensor<${element}>) -> tensor<${operand}x${element}>
    return %0 : tensor<${operand}x${element}>
  }`;
}

describe('select_and_scatter in loops', () => {
  it.each([
    ['windows side by side', pooling('4x6', '2x3', 'window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>')],
    ['windows that overlap', pooling('5x5', '2x3', 'window_dimensions = array<i64: 3, 3>, window_strides = array<i64: 2, 1>', 'i32')],
    ['padding, also whole windows of it', pooling('4', '4', 'window_dimensions = array<i64: 2>, window_strides = array<i64: 2>, padding = dense<[[3, 1]]> : tensor<1x2xi64>')],
    ['half floats', pooling('4x6', '2x3', 'window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>', 'bf16')],
  ])('takes %s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  }); // prettier-ignore
});
