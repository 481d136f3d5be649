import { concatenationRules } from '../../../passes/algebraic-simplify/concatenations.ts';
import { testRules } from './rule-cases.ts';

testRules('rules of concatenations', concatenationRules, {
  'concatenate-one': {
    of: '3xf32',
    before: `
      %0 = stablehlo.concatenate %x, dim = 0 : (T) -> T
      return %0 : T`,
    after: 'return %x : T',
    keeps: {
      signature: '(%x: tensor<3xf32>) -> tensor<6xf32>',
      text: `
        %0 = stablehlo.concatenate %x, %x, dim = 0 : (tensor<3xf32>, tensor<3xf32>) -> tensor<6xf32>
        return %0 : tensor<6xf32>`,
    },
  },
  'concatenate-empty': {
    signature: '(%x: tensor<2x3xf32>, %y: tensor<2x0xf32>) -> tensor<2x6xf32>',
    before: `
      %0 = stablehlo.concatenate %x, %y, %x, dim = 1 : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
      return %0 : tensor<2x6xf32>`,
    after: `
      %0 = stablehlo.concatenate %x, %x, dim = 1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
      return %0 : tensor<2x6xf32>`,
    keeps: {
      signature: '(%y: tensor<2x0xf32>) -> tensor<4x0xf32>',
      text: `
        %0 = stablehlo.concatenate %y, %y, dim = 0 : (tensor<2x0xf32>, tensor<2x0xf32>) -> tensor<4x0xf32>
        return %0 : tensor<4x0xf32>`,
    },
  },
  'concatenate-nested': {
    signature: '(%x: tensor<2xf32>, %y: tensor<3xf32>) -> tensor<7xf32>',
    before: `
      %0 = stablehlo.concatenate %y, %x, dim = 0 : (tensor<3xf32>, tensor<2xf32>) -> tensor<5xf32>
      %1 = stablehlo.concatenate %x, %0, dim = 0 : (tensor<2xf32>, tensor<5xf32>) -> tensor<7xf32>
      return %1 : tensor<7xf32>`,
    after: `
      %0 = stablehlo.concatenate %x, %y, %x, dim = 0 : (tensor<2xf32>, tensor<3xf32>, tensor<2xf32>) -> tensor<7xf32>
      return %0 : tensor<7xf32>`,
    keeps: {
      signature: '(%x: tensor<2x1xf32>) -> tensor<4x2xf32>',
      text: `
        %0 = stablehlo.concatenate %x, %x, dim = 1 : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
        %1 = stablehlo.reverse %0, dims = [0] : tensor<2x2xf32>
        %2 = stablehlo.concatenate %1, %0, dim = 0 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
        return %2 : tensor<4x2xf32>`,
    },
  },
  'concatenate-slices': {
    signature: '(%x: tensor<2x8xf32>, %y: tensor<2x1xf32>) -> tensor<2x7xf32>',
    before: `
      %0 = stablehlo.slice %x [0:2, 1:3] : (tensor<2x8xf32>) -> tensor<2x2xf32>
      %1 = stablehlo.slice %x [0:2, 3:7] : (tensor<2x8xf32>) -> tensor<2x4xf32>
      %2 = stablehlo.concatenate %y, %0, %1, dim = 1 : (tensor<2x1xf32>, tensor<2x2xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
      return %2 : tensor<2x7xf32>`,
    after: `
      %0 = stablehlo.slice %x [0:2, 1:7] : (tensor<2x8xf32>) -> tensor<2x6xf32>
      %1 = stablehlo.concatenate %y, %0, dim = 1 : (tensor<2x1xf32>, tensor<2x6xf32>) -> tensor<2x7xf32>
      return %1 : tensor<2x7xf32>`,
    also: [
      {
        signature: '(%x: tensor<8xf32>) -> tensor<8xf32>',
        before: `
          %0 = stablehlo.slice %x [0:3] : (tensor<8xf32>) -> tensor<3xf32>
          %1 = stablehlo.slice %x [3:8] : (tensor<8xf32>) -> tensor<5xf32>
          %2 = stablehlo.concatenate %0, %1, dim = 0 : (tensor<3xf32>, tensor<5xf32>) -> tensor<8xf32>
          return %2 : tensor<8xf32>`,
        after: 'return %x : tensor<8xf32>',
      },
    ],
    keeps: {
      signature: '(%x: tensor<8xf32>) -> tensor<8xf32>',
      text: `
        %0 = stablehlo.slice %x [0:3] : (tensor<8xf32>) -> tensor<3xf32>
        %1 = stablehlo.slice %x [3:8] : (tensor<8xf32>) -> tensor<5xf32>
        %2 = stablehlo.concatenate %1, %0, dim = 0 : (tensor<5xf32>, tensor<3xf32>) -> tensor<8xf32>
        return %2 : tensor<8xf32>`,
    },
  },
});
