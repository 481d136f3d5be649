import { broadcastRules } from '../../../passes/algebraic-simplify/broadcasts.ts';
import { testRules } from './rule-cases.ts';

testRules('rules of broadcasts', broadcastRules, {
  'broadcast-same': {
    signature: '(%x: tensor<2x3xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [0, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: 'return %x : tensor<2x3xf32>',
    keeps: [
      {
        signature: '(%x: tensor<1x3xf32>) -> tensor<2x3xf32>',
        text: `
          %0 = stablehlo.broadcast_in_dim %x, dims = [0, 1] : (tensor<1x3xf32>) -> tensor<2x3xf32>
          return %0 : tensor<2x3xf32>`,
      },
      {
        signature: '(%x: tensor<3x3xf32>) -> tensor<3x3xf32>',
        text: `
          %0 = stablehlo.broadcast_in_dim %x, dims = [1, 0] : (tensor<3x3xf32>) -> tensor<3x3xf32>
          return %0 : tensor<3x3xf32>`,
      },
    ],
  },
  'broadcast-broadcast': {
    signature: '(%x: tensor<3xf32>) -> tensor<3x4x2xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [2, 0] : (tensor<2x3xf32>) -> tensor<3x4x2xf32>
      return %1 : tensor<3x4x2xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [0] : (tensor<3xf32>) -> tensor<3x4x2xf32>
      return %0 : tensor<3x4x2xf32>`,
    keeps: `
      %0 = stablehlo.negate %x : tensor<3xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<3xf32>) -> tensor<3x4x2xf32>
      return %1 : tensor<3x4x2xf32>`,
  },
  'broadcast-transpose': {
    signature: '(%x: tensor<2x3xf32>) -> tensor<4x3x2xf32>',
    before: `
      %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [1, 2] : (tensor<3x2xf32>) -> tensor<4x3x2xf32>
      return %1 : tensor<4x3x2xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [2, 1] : (tensor<2x3xf32>) -> tensor<4x3x2xf32>
      return %0 : tensor<4x3x2xf32>`,
    keeps: `
      %0 = stablehlo.reverse %x, dims = [1] : tensor<2x3xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [2, 1] : (tensor<2x3xf32>) -> tensor<4x3x2xf32>
      return %1 : tensor<4x3x2xf32>`,
  },
  'broadcast-reshape': {
    signature: '(%x: tensor<3xf32>) -> tensor<4x3xf32>',
    before: `
      %0 = stablehlo.reshape %x : (tensor<3xf32>) -> tensor<1x3xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [0, 1] : (tensor<1x3xf32>) -> tensor<4x3xf32>
      return %1 : tensor<4x3xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<4x3xf32>
      return %0 : tensor<4x3xf32>`,
    also: [
      {
        signature: '(%x: tensor<1xf32>) -> tensor<4x3xf32>',
        before: `
          %0 = stablehlo.reshape %x : (tensor<1xf32>) -> tensor<1x1xf32>
          %1 = stablehlo.broadcast_in_dim %0, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<4x3xf32>
          return %1 : tensor<4x3xf32>`,
        after: `
          %0 = stablehlo.broadcast_in_dim %x, dims = [0] : (tensor<1xf32>) -> tensor<4x3xf32>
          return %0 : tensor<4x3xf32>`,
      },
    ],
    keeps: {
      signature: '(%x: tensor<6xf32>) -> tensor<4x2x3xf32>',
      text: `
        %0 = stablehlo.reshape %x : (tensor<6xf32>) -> tensor<2x3xf32>
        %1 = stablehlo.broadcast_in_dim %0, dims = [1, 2] : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
        return %1 : tensor<4x2x3xf32>`,
    },
  },
  'broadcast-iota': {
    signature: '() -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.iota dim = 0 : tensor<3xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.iota dim = 1 : tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    keeps: `
      %0 = stablehlo.iota dim = 0 : tensor<1xf32>
      %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<1xf32>) -> tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
  },
  'broadcast-of-all': {
    signature: '(%x: tensor<3xf32>) -> tensor<1x3x1xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<1x3x1xf32>
      return %0 : tensor<1x3x1xf32>`,
    after: `
      %0 = stablehlo.reshape %x : (tensor<3xf32>) -> tensor<1x3x1xf32>
      return %0 : tensor<1x3x1xf32>`,
    keeps: {
      signature: '(%x: tensor<2x3xf32>) -> tensor<3x2xf32>',
      text: `
        %0 = stablehlo.broadcast_in_dim %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %0 : tensor<3x2xf32>`,
    },
  },
});
