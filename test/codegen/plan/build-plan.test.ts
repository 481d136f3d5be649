import { describe, expect, it } from 'vitest';
import { planText } from '../../../codegen/plan/plan-text.ts';
import { runBoth } from './run-plan.ts';

const layer = `func.func @main(%x: tensor<5x7xf32>, %w: tensor<7x9xf32>, %b: tensor<9xf32>) -> tensor<5x9xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<5x9xf32>
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<5x7xf32>, tensor<7x9xf32>) -> tensor<5x9xf32>
  %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<9xf32>) -> tensor<5x9xf32>
  %2 = stablehlo.add %0, %1 : tensor<5x9xf32>
  %3 = stablehlo.maximum %2, %zero : tensor<5x9xf32>
  return %3 : tensor<5x9xf32>
}`;

const loop = `func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<i32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %five = stablehlo.constant dense<5> : tensor<i32>
  %0:3 = stablehlo.while(%i = %zero, %a = %x, %b = %y) : tensor<i32>, tensor<4xf32>, tensor<4xf32>
  cond {
    %1 = stablehlo.compare LT, %i, %five : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
    %2 = stablehlo.add %a, %b : tensor<4xf32>
    stablehlo.return %1, %b, %2 : tensor<i32>, tensor<4xf32>, tensor<4xf32>
  }
  return %0#1, %0#2, %0#0 : tensor<4xf32>, tensor<4xf32>, tensor<i32>
}`;

const branches = `func.func @main(%i: tensor<i32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "stablehlo.case"(%i) ({
    stablehlo.return %x : tensor<4xf32>
  }, {
    %1 = stablehlo.negate %x : tensor<4xf32>
    stablehlo.return %1 : tensor<4xf32>
  }) : (tensor<i32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}`;

describe('a plan computes what the evaluator computes', () => {
  it.each([
    ['a dense layer', layer],
    ['a loop that swaps its carries', loop],
    ['a choice of branches', branches],
  ])('for %s', (_, text) => {
    const { actual, expected } = runBoth(text);
    expect(actual).toEqual(expected);
  });
});

describe('the memory of a plan', () => {
  it('takes results where operands die, and writes the last result where the caller wants it', () => {
    const { plan } = runBoth(layer);
    const text = planText(plan);
    expect(text).toContain('call maximum(output 0 f32x45, constant[0] f32x45, output 0 f32x45)');
    expect(plan.arenaBytes - 64).toBeLessThanOrEqual(plan.lowerBoundBytes * 1.1);
  });

  it('prints', () => {
    expect(planText(runBoth(branches).plan)).toMatchInlineSnapshot(`
      "plan @main(arg0: i32[], arg1: f32[4]) -> (out0: f32[4])
        peak 0 bytes; largest live set 0; in program order 0
        constants 0, 0 bytes
        case input 0 i32x1
        of 0
          copy input 1 f32x4 -> output 0 f32x4
        of 1
          call negate(input 1 f32x4, output 0 f32x4); moves 32 bytes, 1.00 of the least
        end
      "
    `);
  });
});
