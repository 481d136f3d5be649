import { padRules } from '../../../passes/algebraic-simplify/pads.ts';
import { testRules } from './rule-cases.ts';

const square = '(%x: tensor<4xf32>, %v: tensor<f32>) -> tensor<4xf32>';
const grown = '(%x: tensor<4xf32>, %v: tensor<f32>) -> tensor<8xf32>';

testRules('rules of pad and reverse', padRules, {
  'pad-nothing': {
    signature: square,
    before: `
      %0 = stablehlo.pad %x, %v, low = [0], high = [0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>`,
    after: 'return %x : tensor<4xf32>',
    keeps: `
      %0 = stablehlo.pad %x, %v, low = [-1], high = [1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>`,
  },
  'pad-cuts': {
    signature: '(%x: tensor<4x3xf32>, %v: tensor<f32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.pad %x, %v, low = [-1, 0], high = [-1, 0], interior = [0, 0] : (tensor<4x3xf32>, tensor<f32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.slice %x [1:3, 0:3] : (tensor<4x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    keeps: `
      %0 = stablehlo.pad %x, %v, low = [-3, 0], high = [1, 0], interior = [0, 0] : (tensor<4x3xf32>, tensor<f32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
  },
  'pad-of-nothing': {
    signature: '(%x: tensor<0xf32>, %v: tensor<f32>) -> tensor<3xf32>',
    before: `
      %0 = stablehlo.pad %x, %v, low = [1], high = [2], interior = [0] : (tensor<0xf32>, tensor<f32>) -> tensor<3xf32>
      return %0 : tensor<3xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %v, dims = [] : (tensor<f32>) -> tensor<3xf32>
      return %0 : tensor<3xf32>`,
    keeps: {
      signature: grown,
      text: `
        %0 = stablehlo.pad %x, %v, low = [4], high = [0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
        return %0 : tensor<8xf32>`,
    },
  },
  'pad-pad': {
    signature: grown,
    before: `
      %0 = stablehlo.pad %x, %v, low = [1], high = [0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<5xf32>
      %1 = stablehlo.pad %0, %v, low = [2], high = [1], interior = [0] : (tensor<5xf32>, tensor<f32>) -> tensor<8xf32>
      return %1 : tensor<8xf32>`,
    after: `
      %0 = stablehlo.pad %x, %v, low = [3], high = [1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>`,
    also: [
      {
        before: `
          %a = stablehlo.constant dense<1.0> : tensor<f32>
          %b = stablehlo.constant dense<1.0> : tensor<f32>
          %0 = stablehlo.pad %x, %a, low = [1], high = [0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<5xf32>
          %1 = stablehlo.pad %0, %b, low = [2], high = [1], interior = [0] : (tensor<5xf32>, tensor<f32>) -> tensor<8xf32>
          return %1 : tensor<8xf32>`,
        after: `
          %b = stablehlo.constant dense<1.0> : tensor<f32>
          %0 = stablehlo.pad %x, %b, low = [3], high = [1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<8xf32>
          return %0 : tensor<8xf32>`,
      },
    ],
    keeps: [
      {
        text: `
          %0 = stablehlo.pad %x, %v, low = [-1], high = [0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<3xf32>
          %1 = stablehlo.pad %0, %v, low = [5], high = [0], interior = [0] : (tensor<3xf32>, tensor<f32>) -> tensor<8xf32>
          return %1 : tensor<8xf32>`,
      },
      {
        text: `
          %c = stablehlo.constant dense<0.0> : tensor<f32>
          %0 = stablehlo.pad %x, %v, low = [1], high = [0], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<5xf32>
          %1 = stablehlo.pad %0, %c, low = [3], high = [0], interior = [0] : (tensor<5xf32>, tensor<f32>) -> tensor<8xf32>
          return %1 : tensor<8xf32>`,
      },
    ],
  },
  'reverse-nothing': {
    of: '2x3xf32',
    before: `
      %0 = stablehlo.reverse %x, dims = [] : T
      return %0 : T`,
    after: 'return %x : T',
    keeps: `
      %0 = stablehlo.reverse %x, dims = [1] : T
      return %0 : T`,
  },
  'reverse-size-one': {
    of: '2x1xf32',
    before: `
      %0 = stablehlo.reverse %x, dims = [0, 1] : T
      return %0 : T`,
    after: `
      %0 = stablehlo.reverse %x, dims = [0] : T
      return %0 : T`,
    keeps: `
      %0 = stablehlo.reverse %x, dims = [0] : T
      return %0 : T`,
  },
  'reverse-reverse': {
    of: '2x3x4xf32',
    before: `
      %0 = stablehlo.reverse %x, dims = [0, 2] : T
      %1 = stablehlo.reverse %0, dims = [1, 0] : T
      return %1 : T`,
    after: `
      %0 = stablehlo.reverse %x, dims = [1, 2] : T
      return %0 : T`,
    keeps: `
      %0 = stablehlo.negate %x : T
      %1 = stablehlo.reverse %0, dims = [1] : T
      return %1 : T`,
  },
  'reverse-broadcast': {
    signature: '(%x: tensor<3xf32>) -> tensor<2x3xf32>',
    before: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
      %1 = stablehlo.reverse %0, dims = [0, 1] : tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
      %1 = stablehlo.reverse %0, dims = [1] : tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
    keeps: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
      %1 = stablehlo.reverse %0, dims = [1] : tensor<2x3xf32>
      return %1 : tensor<2x3xf32>`,
  },
});
