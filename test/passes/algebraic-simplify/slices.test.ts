import { sliceRules } from '../../../passes/algebraic-simplify/slices.ts';
import { testRules } from './rule-cases.ts';

testRules('rules of slices', sliceRules, {
  'slice-of-all': {
    signature: '(%x: tensor<2x3xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.slice %x [0:2, 0:3] : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: 'return %x : tensor<2x3xf32>',
    keeps: {
      signature: '(%x: tensor<2x3xf32>) -> tensor<2x2xf32>',
      text: `
        %0 = stablehlo.slice %x [0:2, 0:3:2] : (tensor<2x3xf32>) -> tensor<2x2xf32>
        return %0 : tensor<2x2xf32>`,
    },
  },
  'slice-slice': {
    signature: '(%x: tensor<20xf32>) -> tensor<3xf32>',
    before: `
      %0 = stablehlo.slice %x [1:20:2] : (tensor<20xf32>) -> tensor<10xf32>
      %1 = stablehlo.slice %0 [2:10:3] : (tensor<10xf32>) -> tensor<3xf32>
      return %1 : tensor<3xf32>`,
    after: `
      %0 = stablehlo.slice %x [5:18:6] : (tensor<20xf32>) -> tensor<3xf32>
      return %0 : tensor<3xf32>`,
    keeps: `
      %0 = stablehlo.negate %x : tensor<20xf32>
      %1 = stablehlo.slice %0 [5:18:6] : (tensor<20xf32>) -> tensor<3xf32>
      return %1 : tensor<3xf32>`,
  },
  'slice-concatenate': {
    signature: '(%x: tensor<2x3xf32>, %y: tensor<2x5xf32>) -> tensor<1x2xf32>',
    before: `
      %0 = stablehlo.concatenate %x, %y, dim = 1 : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
      %1 = stablehlo.slice %0 [1:2, 4:7:2] : (tensor<2x8xf32>) -> tensor<1x2xf32>
      return %1 : tensor<1x2xf32>`,
    after: `
      %0 = stablehlo.slice %y [1:2, 1:4:2] : (tensor<2x5xf32>) -> tensor<1x2xf32>
      return %0 : tensor<1x2xf32>`,
    keeps: `
      %0 = stablehlo.concatenate %x, %y, dim = 1 : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
      %1 = stablehlo.slice %0 [1:2, 2:4] : (tensor<2x8xf32>) -> tensor<1x2xf32>
      return %1 : tensor<1x2xf32>`,
  },
  'slice-broadcast': {
    signature: '(%x: tensor<4xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [0] : (tensor<4xf32>) -> tensor<4x8xf32>
      %1 = stablehlo.slice %0 [1:3, 2:8:2] : (tensor<4x8xf32>) -> tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.slice %x [1:3] : (tensor<4xf32>) -> tensor<2xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<2xf32>) -> tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
    also: [
      {
        signature: '(%x: tensor<4x1xf32>) -> tensor<4x3xf32>',
        before: `
          %0 = stablehlo.broadcast_in_dim %x, dims = [0, 1] : (tensor<4x1xf32>) -> tensor<4x8xf32>
          %1 = stablehlo.slice %0 [0:4, 5:8] : (tensor<4x8xf32>) -> tensor<4x3xf32>
          return %1 : tensor<4x3xf32>`,
        after: `
          %0 = stablehlo.broadcast_in_dim %x, dims = [0, 1] : (tensor<4x1xf32>) -> tensor<4x3xf32>
          return %0 : tensor<4x3xf32>`,
      },
    ],
    keeps: `
      %0 = stablehlo.slice %x [1:3] : (tensor<4xf32>) -> tensor<2xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<2xf32>) -> tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
  },
  'slice-transpose': {
    signature: '(%x: tensor<2x3x4xf32>) -> tensor<2x2x1xf32>',
    before: `
      %0 = stablehlo.transpose %x, dims = [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
      %1 = stablehlo.slice %0 [0:4:2, 0:2, 1:2] : (tensor<4x2x3xf32>) -> tensor<2x2x1xf32>
      return %1 : tensor<2x2x1xf32>`,
    after: `
      %0 = stablehlo.slice %x [0:2, 1:2, 0:4:2] : (tensor<2x3x4xf32>) -> tensor<2x1x2xf32>
      %1 = stablehlo.transpose %0, dims = [2, 0, 1] : (tensor<2x1x2xf32>) -> tensor<2x2x1xf32>
      return %1 : tensor<2x2x1xf32>`,
    keeps: {
      signature: '(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<3x1xf32>)',
      text: `
        %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        %1 = stablehlo.slice %0 [0:3, 1:2] : (tensor<3x2xf32>) -> tensor<3x1xf32>
        return %0, %1 : tensor<3x2xf32>, tensor<3x1xf32>`,
    },
  },
  'slice-pad': {
    signature: '(%x: tensor<4xf32>, %v: tensor<f32>) -> tensor<2xf32>',
    before: `
      %0 = stablehlo.pad %x, %v, low = [3], high = [1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
      %1 = stablehlo.slice %0 [4:6] : (tensor<8xf32>) -> tensor<2xf32>
      return %1 : tensor<2xf32>`,
    after: `
      %0 = stablehlo.slice %x [1:3] : (tensor<4xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>`,
    also: [
      {
        before: `
          %0 = stablehlo.pad %x, %v, low = [3], high = [1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
          %1 = stablehlo.slice %0 [1:3] : (tensor<8xf32>) -> tensor<2xf32>
          return %1 : tensor<2xf32>`,
        after: `
          %0 = stablehlo.broadcast_in_dim %v, dims = [] : (tensor<f32>) -> tensor<2xf32>
          return %0 : tensor<2xf32>`,
      },
    ],
    keeps: `
      %0 = stablehlo.pad %x, %v, low = [3], high = [1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
      %1 = stablehlo.slice %0 [2:4] : (tensor<8xf32>) -> tensor<2xf32>
      return %1 : tensor<2xf32>`,
  },
});
