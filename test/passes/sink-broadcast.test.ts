import { describe, it } from 'vitest';
import { sinkBroadcast } from '../../passes/sink-broadcast.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction } from './pass-fixture.ts';

describe('sink-broadcast', () => {
  it('computes on the smaller tensor, and on scalars where all are', () => {
    expectRewrite(
      sinkBroadcast,
      inFunction(
        '(%a: tensor<3xf32>, %x: tensor<f32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)',
        `%c = stablehlo.constant dense<2.0> : tensor<2x3xf32>
         %0 = stablehlo.broadcast_in_dim %a, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
         %1 = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
         %2 = stablehlo.multiply %0, %c : tensor<2x3xf32>
         %3 = stablehlo.add %2, %1 : tensor<2x3xf32>
         %4 = stablehlo.subtract %1, %c : tensor<2x3xf32>
         return %3, %4 : tensor<2x3xf32>, tensor<2x3xf32>`,
      ),
      inFunction(
        '(%a: tensor<3xf32>, %x: tensor<f32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)',
        `%c = stablehlo.constant dense<2.0> : tensor<3xf32>
         %0 = stablehlo.multiply %a, %c : tensor<3xf32>
         %1 = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<f32>) -> tensor<3xf32>
         %2 = stablehlo.add %0, %1 : tensor<3xf32>
         %3 = stablehlo.broadcast_in_dim %2, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
         %d = stablehlo.constant dense<2.0> : tensor<f32>
         %4 = stablehlo.subtract %x, %d : tensor<f32>
         %5 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f32>) -> tensor<2x3xf32>
         return %3, %5 : tensor<2x3xf32>, tensor<2x3xf32>`,
      ),
    );
  });

  it('leaves operands that are broadcast along different dimensions, or not at all', () => {
    expectUnchanged(
      sinkBroadcast,
      inFunction(
        '(%a: tensor<3xf32>, %b: tensor<3xf32>, %c: tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<3x3xf32>)',
        `%0 = stablehlo.broadcast_in_dim %a, dims = [0] : (tensor<3xf32>) -> tensor<3x3xf32>
         %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<3xf32>) -> tensor<3x3xf32>
         %2 = stablehlo.add %0, %1 : tensor<3x3xf32>
         %3 = stablehlo.add %0, %c : tensor<3x3xf32>
         return %2, %3 : tensor<3x3xf32>, tensor<3x3xf32>`,
      ),
    );
  });

  it('leaves a broadcast that repeats nothing: it is a reshape', () => {
    const signature = '(%a: tensor<3xf32>) -> tensor<1x3xf32>';
    const computed = `
      %1 = stablehlo.negate %0 : tensor<1x3xf32>
      return %1 : tensor<1x3xf32>`;
    expectRewrite(
      sinkBroadcast,
      inFunction(
        signature,
        `%0 = stablehlo.broadcast_in_dim %a, dims = [1] : (tensor<3xf32>) -> tensor<1x3xf32>${computed}`,
      ),
      inFunction(signature, `%0 = stablehlo.reshape %a : (tensor<3xf32>) -> tensor<1x3xf32>${computed}`),
    );
  });
});
