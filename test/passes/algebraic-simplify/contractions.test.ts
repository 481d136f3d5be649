import { contractionRules } from '../../../passes/algebraic-simplify/contractions.ts';
import { testRules } from './rule-cases.ts';

function dot(size: number): string {
  return `
    %0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<2x${size}xf32>, tensor<${size}x3xf32>) -> tensor<2x3xf32>
    return %0 : tensor<2x3xf32>`;
}

testRules('rules of contractions', contractionRules, {
  'dot-general-empty': {
    signature: '(%x: tensor<2x0xf32>, %y: tensor<0x3xf32>) -> tensor<2x3xf32>',
    before: dot(0),
    after: `
      %0 = stablehlo.constant dense<0.0> : tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    keeps: { signature: '(%x: tensor<2x1xf32>, %y: tensor<1x3xf32>) -> tensor<2x3xf32>', text: dot(1) },
  },
  'dot-general-transpose': {
    signature: '(%x: tensor<5x2xf32>, %y: tensor<3x5xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<5x2xf32>) -> tensor<2x5xf32>
      %1 = stablehlo.transpose %y, dims = [1, 0] : (tensor<3x5xf32>) -> tensor<5x3xf32>
      %2 = stablehlo.dot_general %0, %1, contracting_dims = [1] x [0] : (tensor<2x5xf32>, tensor<5x3xf32>) -> tensor<2x3xf32>
      return %2 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.dot_general %x, %y, contracting_dims = [0] x [1] : (tensor<5x2xf32>, tensor<3x5xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    also: [
      {
        signature: '(%x: tensor<3x4x2x5xf32>, %y: tensor<2x5x4xf32>) -> tensor<2x3xf32>',
        before: `
          %0 = stablehlo.transpose %x, dims = [2, 0, 3, 1] : (tensor<3x4x2x5xf32>) -> tensor<2x3x5x4xf32>
          %1 = stablehlo.dot_general %0, %y, batching_dims = [0] x [0], contracting_dims = [2, 3] x [1, 2]
            : (tensor<2x3x5x4xf32>, tensor<2x5x4xf32>) -> tensor<2x3xf32>
          return %1 : tensor<2x3xf32>`,
        after: `
          %0 = stablehlo.dot_general %x, %y, batching_dims = [2] x [0], contracting_dims = [3, 1] x [1, 2]
            : (tensor<3x4x2x5xf32>, tensor<2x5x4xf32>) -> tensor<2x3xf32>
          return %0 : tensor<2x3xf32>`,
      },
    ],
    keeps: {
      signature: '(%x: tensor<2x3x5xf32>, %y: tensor<5xf32>) -> tensor<3x2xf32>',
      text: `
        %0 = stablehlo.transpose %x, dims = [1, 0, 2] : (tensor<2x3x5xf32>) -> tensor<3x2x5xf32>
        %1 = stablehlo.dot_general %0, %y, contracting_dims = [2] x [0] : (tensor<3x2x5xf32>, tensor<5xf32>) -> tensor<3x2xf32>
        return %1 : tensor<3x2xf32>`,
    },
  },
});
