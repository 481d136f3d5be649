import { sumRules } from '../../../passes/algebraic-simplify/sums.ts';
import { testRules } from './rule-cases.ts';

testRules('rules of sums', sumRules, {
  'add-zero': {
    of: '16xi32',
    before: `
      %c = stablehlo.constant dense<0> : T
      %0 = stablehlo.add %c, %x : T
      return %0 : T`,
    after: 'return %x : T',
    also: [
      {
        of: '16xf32',
        before: `
          %c = stablehlo.constant dense<-0.0> : T
          %0 = stablehlo.add %x, %c : T
          return %0 : T`,
        after: 'return %x : T',
      },
    ],
    keeps: {
      of: '16xf32',
      text: `
      %c = stablehlo.constant dense<0.0> : T
      %0 = stablehlo.add %x, %c : T
      return %0 : T`,
    },
  },
  'add-negate': {
    of: '16xf32',
    before: `
      %0 = stablehlo.negate %y : T
      %1 = stablehlo.add %x, %0 : T
      return %1 : T`,
    after: `
      %0 = stablehlo.subtract %x, %y : T
      return %0 : T`,
    also: [
      {
        before: `
          %0 = stablehlo.negate %x : T
          %1 = stablehlo.add %0, %y : T
          return %1 : T`,
        after: `
          %0 = stablehlo.subtract %y, %x : T
          return %0 : T`,
      },
    ],
    keeps: {
      signature: '(%x: tensor<4xcomplex<f32>>, %y: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>',
      text: `
      %0 = stablehlo.negate %y : tensor<4xcomplex<f32>>
      %1 = stablehlo.add %x, %0 : tensor<4xcomplex<f32>>
      return %1 : tensor<4xcomplex<f32>>`,
    },
  },
  'add-cancel': {
    of: '16xi32',
    before: `
      %0 = stablehlo.subtract %x, %y : T
      %1 = stablehlo.add %0, %y : T
      return %1 : T`,
    after: 'return %x : T',
    keeps: {
      of: '16xf32',
      text: `
      %0 = stablehlo.subtract %x, %y : T
      %1 = stablehlo.add %0, %y : T
      return %1 : T`,
    },
  },
  'subtract-zero': {
    of: '16xf32',
    before: `
      %c = stablehlo.constant dense<0.0> : T
      %0 = stablehlo.subtract %x, %c : T
      return %0 : T`,
    after: 'return %x : T',
    keeps: `
      %c = stablehlo.constant dense<-0.0> : T
      %0 = stablehlo.subtract %x, %c : T
      return %0 : T`,
  },
  'zero-subtract': {
    of: '16xf32',
    before: `
      %c = stablehlo.constant dense<-0.0> : T
      %0 = stablehlo.subtract %c, %x : T
      return %0 : T`,
    after: `
      %0 = stablehlo.negate %x : T
      return %0 : T`,
    keeps: `
      %c = stablehlo.constant dense<0.0> : T
      %0 = stablehlo.subtract %c, %x : T
      return %0 : T`,
  },
  'subtract-itself': {
    of: '16xi32',
    before: `
      %0 = stablehlo.subtract %x, %x : T
      return %0 : T`,
    after: `
      %0 = stablehlo.constant dense<0> : T
      return %0 : T`,
    keeps: {
      of: '16xf32',
      text: `
      %0 = stablehlo.subtract %x, %x : T
      return %0 : T`,
    },
  },
  'subtract-negate': {
    of: '16xf32',
    before: `
      %0 = stablehlo.negate %y : T
      %1 = stablehlo.subtract %x, %0 : T
      return %1 : T`,
    after: `
      %0 = stablehlo.add %x, %y : T
      return %0 : T`,
    keeps: `
      %0 = stablehlo.negate %x : T
      %1 = stablehlo.subtract %0, %y : T
      return %1 : T`,
  },
  'subtract-cancel': {
    of: '16xi32',
    before: `
      %0 = stablehlo.add %y, %x : T
      %1 = stablehlo.subtract %0, %y : T
      return %1 : T`,
    after: 'return %x : T',
    also: [
      {
        before: `
          %0 = stablehlo.subtract %x, %y : T
          %1 = stablehlo.subtract %x, %0 : T
          return %1 : T`,
        after: 'return %y : T',
      },
    ],
    keeps: {
      of: '16xf32',
      text: `
      %0 = stablehlo.add %x, %y : T
      %1 = stablehlo.subtract %0, %y : T
      return %1 : T`,
    },
  },
  'negate-negate': {
    of: '16xf32',
    before: `
      %0 = stablehlo.negate %x : T
      %1 = stablehlo.negate %0 : T
      return %1 : T`,
    after: 'return %x : T',
    keeps: `
      %0 = stablehlo.abs %x : T
      %1 = stablehlo.negate %0 : T
      return %1 : T`,
  },
  'negate-subtract': {
    of: '16xi32',
    before: `
      %0 = stablehlo.subtract %x, %y : T
      %1 = stablehlo.negate %0 : T
      return %1 : T`,
    after: `
      %0 = stablehlo.subtract %y, %x : T
      return %0 : T`,
    keeps: {
      of: '16xf32',
      text: `
      %0 = stablehlo.subtract %x, %y : T
      %1 = stablehlo.negate %0 : T
      return %1 : T`,
    },
  },
  'abs-abs': {
    of: '16xf32',
    before: `
      %0 = stablehlo.abs %x : T
      %1 = stablehlo.abs %0 : T
      return %1 : T`,
    after: `
      %0 = stablehlo.abs %x : T
      return %0 : T`,
    keeps: `
      %0 = stablehlo.sine %x : T
      %1 = stablehlo.abs %0 : T
      return %1 : T`,
  },
  'abs-negate': {
    of: '16xi32',
    before: `
      %0 = stablehlo.negate %x : T
      %1 = stablehlo.abs %0 : T
      return %1 : T`,
    after: `
      %0 = stablehlo.abs %x : T
      return %0 : T`,
    keeps: {
      signature: '(%x: tensor<4xcomplex<f32>>) -> tensor<4xf32>',
      text: `
      %0 = stablehlo.negate %x : tensor<4xcomplex<f32>>
      %1 = stablehlo.abs %0 : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
      return %1 : tensor<4xf32>`,
    },
  },
});
