import { reshapeRules } from '../../../passes/algebraic-simplify/reshapes.ts';
import { testRules } from './rule-cases.ts';

testRules('rules of reshape and transpose', reshapeRules, {
  'reshape-same': {
    signature: '(%x: tensor<2x3xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.reshape %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: 'return %x : tensor<2x3xf32>',
    keeps: {
      signature: '(%x: tensor<2x3xf32>) -> tensor<3x2xf32>',
      text: `
        %0 = stablehlo.reshape %x : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %0 : tensor<3x2xf32>`,
    },
  },
  'reshape-reshape': {
    signature: '(%x: tensor<2x3xi8>) -> tensor<3x2xi8>',
    before: `
      %0 = stablehlo.reshape %x : (tensor<2x3xi8>) -> tensor<6xi8>
      %1 = stablehlo.reshape %0 : (tensor<6xi8>) -> tensor<3x2xi8>
      return %1 : tensor<3x2xi8>`,
    after: `
      %0 = stablehlo.reshape %x : (tensor<2x3xi8>) -> tensor<3x2xi8>
      return %0 : tensor<3x2xi8>`,
    keeps: `
      %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xi8>) -> tensor<3x2xi8>
      %1 = stablehlo.reshape %0 : (tensor<3x2xi8>) -> tensor<3x2xi8>
      return %1 : tensor<3x2xi8>`,
  },
  'reshape-broadcast': {
    signature: '(%x: tensor<3xf32>) -> tensor<4x1x3xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<4x3xf32>
      %1 = stablehlo.reshape %0 : (tensor<4x3xf32>) -> tensor<4x1x3xf32>
      return %1 : tensor<4x1x3xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [2] : (tensor<3xf32>) -> tensor<4x1x3xf32>
      return %0 : tensor<4x1x3xf32>`,
    keeps: {
      signature: '(%x: tensor<3xf32>) -> tensor<12xf32>',
      text: `
        %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<4x3xf32>
        %1 = stablehlo.reshape %0 : (tensor<4x3xf32>) -> tensor<12xf32>
        return %1 : tensor<12xf32>`,
    },
  },
  'transpose-identity': {
    signature: '(%x: tensor<2x3xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.transpose %x, dims = [0, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: 'return %x : tensor<2x3xf32>',
    keeps: {
      signature: '(%x: tensor<3x3xf32>) -> tensor<3x3xf32>',
      text: `
        %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<3x3xf32>) -> tensor<3x3xf32>
        return %0 : tensor<3x3xf32>`,
    },
  },
  'transpose-transpose': {
    signature: '(%x: tensor<2x3x4xf32>) -> tensor<4x2x3xf32>',
    before: `
      %0 = stablehlo.transpose %x, dims = [1, 2, 0] : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
      %1 = stablehlo.transpose %0, dims = [1, 2, 0] : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
      return %1 : tensor<4x2x3xf32>`,
    after: `
      %0 = stablehlo.transpose %x, dims = [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
      return %0 : tensor<4x2x3xf32>`,
    also: [
      {
        signature: '(%x: tensor<2x3xf32>) -> tensor<2x3xf32>',
        before: `
          %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
          %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<3x2xf32>) -> tensor<2x3xf32>
          return %1 : tensor<2x3xf32>`,
        after: 'return %x : tensor<2x3xf32>',
      },
    ],
    keeps: {
      signature: '(%x: tensor<3x3xf32>) -> tensor<3x3xf32>',
      text: `
        %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<3x3xf32>) -> tensor<3x3xf32>
        %1 = stablehlo.add %0, %x : tensor<3x3xf32>
        return %1 : tensor<3x3xf32>`,
    },
  },
  'transpose-of-size-one': {
    signature: '(%x: tensor<2x1x3xf32>) -> tensor<1x2x3xf32>',
    before: `
      %0 = stablehlo.transpose %x, dims = [1, 0, 2] : (tensor<2x1x3xf32>) -> tensor<1x2x3xf32>
      return %0 : tensor<1x2x3xf32>`,
    after: `
      %0 = stablehlo.reshape %x : (tensor<2x1x3xf32>) -> tensor<1x2x3xf32>
      return %0 : tensor<1x2x3xf32>`,
    keeps: {
      signature: '(%x: tensor<2x1x3xf32>) -> tensor<3x2x1xf32>',
      text: `
        %0 = stablehlo.transpose %x, dims = [2, 0, 1] : (tensor<2x1x3xf32>) -> tensor<3x2x1xf32>
        return %0 : tensor<3x2x1xf32>`,
    },
  },
  'transpose-broadcast': {
    signature: '(%x: tensor<2x3xf32>) -> tensor<3x4x2xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [0, 2] : (tensor<2x3xf32>) -> tensor<2x4x3xf32>
      %1 = stablehlo.transpose %0, dims = [2, 1, 0] : (tensor<2x4x3xf32>) -> tensor<3x4x2xf32>
      return %1 : tensor<3x4x2xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [2, 0] : (tensor<2x3xf32>) -> tensor<3x4x2xf32>
      return %0 : tensor<3x4x2xf32>`,
    keeps: {
      signature: '(%x: tensor<2x3xf32>) -> tensor<3x2xf32>',
      text: `
        %0 = stablehlo.reverse %x, dims = [0] : tensor<2x3xf32>
        %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %1 : tensor<3x2xf32>`,
    },
  },
  'transpose-iota': {
    signature: '() -> tensor<4x2x3xi32>',
    before: `
      %0 = stablehlo.iota dim = 2 : tensor<2x3x4xi32>
      %1 = stablehlo.transpose %0, dims = [2, 0, 1] : (tensor<2x3x4xi32>) -> tensor<4x2x3xi32>
      return %1 : tensor<4x2x3xi32>`,
    after: `
      %0 = stablehlo.iota dim = 0 : tensor<4x2x3xi32>
      return %0 : tensor<4x2x3xi32>`,
    keeps: {
      signature: '() -> tensor<2x3xi32>',
      text: `
        %0 = stablehlo.iota dim = 0 : tensor<6xi32>
        %1 = stablehlo.reshape %0 : (tensor<6xi32>) -> tensor<3x2xi32>
        %2 = stablehlo.transpose %1, dims = [1, 0] : (tensor<3x2xi32>) -> tensor<2x3xi32>
        return %2 : tensor<2x3xi32>`,
    },
  },
});
