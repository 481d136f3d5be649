import { describe, it } from 'vitest';
import { sinkReshape } from '../../passes/sink-reshape.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction } from './pass-fixture.ts';

const two = '(%a: tensor<6xf32>, %b: tensor<6xf32>) -> tensor<2x3xf32>';

describe('sink-reshape', () => {
  it('makes one of two reshapes from the same shape', () => {
    expectRewrite(
      sinkReshape,
      inFunction(
        two,
        `%0 = stablehlo.reshape %a : (tensor<6xf32>) -> tensor<2x3xf32>
         %1 = stablehlo.reshape %b : (tensor<6xf32>) -> tensor<2x3xf32>
         %2 = stablehlo.add %0, %1 : tensor<2x3xf32>
         %3 = stablehlo.tanh %2 : tensor<2x3xf32>
         return %3 : tensor<2x3xf32>`,
      ),
      inFunction(
        two,
        `%0 = stablehlo.add %a, %b : tensor<6xf32>
         %1 = stablehlo.tanh %0 : tensor<6xf32>
         %2 = stablehlo.reshape %1 : (tensor<6xf32>) -> tensor<2x3xf32>
         return %2 : tensor<2x3xf32>`,
      ),
    );
  });

  it('takes constants and broadcast scalars along', () => {
    expectRewrite(
      sinkReshape,
      inFunction(
        '(%a: tensor<6xf32>, %x: tensor<f32>) -> tensor<2x3xf32>',
        `%c = stablehlo.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
         %0 = stablehlo.reshape %a : (tensor<6xf32>) -> tensor<2x3xf32>
         %1 = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
         %2 = stablehlo.add %0, %c : tensor<2x3xf32>
         %3 = stablehlo.multiply %2, %1 : tensor<2x3xf32>
         return %3 : tensor<2x3xf32>`,
      ),
      inFunction(
        '(%a: tensor<6xf32>, %x: tensor<f32>) -> tensor<2x3xf32>',
        `%c = stablehlo.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
         %0 = stablehlo.add %a, %c : tensor<6xf32>
         %1 = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<f32>) -> tensor<6xf32>
         %2 = stablehlo.multiply %0, %1 : tensor<6xf32>
         %3 = stablehlo.reshape %2 : (tensor<6xf32>) -> tensor<2x3xf32>
         return %3 : tensor<2x3xf32>`,
      ),
    );
  });

  it('leaves reshapes from different shapes', () => {
    expectUnchanged(
      sinkReshape,
      inFunction(
        '(%a: tensor<6xf32>, %b: tensor<3x2xf32>) -> tensor<2x3xf32>',
        `%0 = stablehlo.reshape %a : (tensor<6xf32>) -> tensor<2x3xf32>
         %1 = stablehlo.reshape %b : (tensor<3x2xf32>) -> tensor<2x3xf32>
         %2 = stablehlo.add %0, %1 : tensor<2x3xf32>
         return %2 : tensor<2x3xf32>`,
      ),
    );
  });
});
