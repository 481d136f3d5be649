import { complexRules } from '../../../passes/algebraic-simplify/complex-parts.ts';
import { testRules } from './rule-cases.ts';

const toComplex = 'stablehlo.complex %x, %y : tensor<16xcomplex<f32>>';

function partOfReal(op: string): string {
  return `
    %0 = stablehlo.${op} %x : (T) -> T
    return %0 : T`;
}

testRules('rules of complex parts', complexRules, {
  'real-complex': {
    of: '16xf32',
    before: `
      %0 = ${toComplex}
      %1 = stablehlo.real %0 : (tensor<16xcomplex<f32>>) -> T
      return %1 : T`,
    after: 'return %x : T',
    keeps: `
      %0 = ${toComplex}
      %1 = stablehlo.negate %0 : tensor<16xcomplex<f32>>
      %2 = stablehlo.real %1 : (tensor<16xcomplex<f32>>) -> T
      return %2 : T`,
  },
  'imag-complex': {
    of: '16xf32',
    before: `
      %0 = ${toComplex}
      %1 = stablehlo.imag %0 : (tensor<16xcomplex<f32>>) -> T
      return %1 : T`,
    after: 'return %y : T',
    keeps: `
      %0 = ${toComplex}
      %1 = stablehlo.abs %0 : (tensor<16xcomplex<f32>>) -> T
      return %1 : T`,
  },
  'complex-of-parts': {
    signature: '(%z: tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>',
    before: `
      %0 = stablehlo.real %z : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
      %1 = stablehlo.imag %z : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
      %2 = stablehlo.complex %0, %1 : tensor<4xcomplex<f32>>
      return %2 : tensor<4xcomplex<f32>>`,
    after: 'return %z : tensor<4xcomplex<f32>>',
    keeps: `
      %0 = stablehlo.real %z : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
      %1 = stablehlo.imag %z : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
      %2 = stablehlo.complex %1, %0 : tensor<4xcomplex<f32>>
      return %2 : tensor<4xcomplex<f32>>`,
  },
  'real-of-real': {
    of: '16xf64',
    before: partOfReal('real'),
    after: 'return %x : T',
    keeps: partOfReal('imag'),
  },
  'imag-of-real': {
    of: '16xf32',
    before: partOfReal('imag'),
    after: `
      %0 = stablehlo.constant dense<0.0> : T
      return %0 : T`,
    keeps: partOfReal('real'),
  },
  'is-finite-negate': {
    signature: '(%x: tensor<16xf32>) -> tensor<16xi1>',
    before: `
      %0 = stablehlo.negate %x : tensor<16xf32>
      %1 = stablehlo.is_finite %0 : (tensor<16xf32>) -> tensor<16xi1>
      return %1 : tensor<16xi1>`,
    after: `
      %0 = stablehlo.is_finite %x : (tensor<16xf32>) -> tensor<16xi1>
      return %0 : tensor<16xi1>`,
    keeps: `
      %0 = stablehlo.exponential %x : tensor<16xf32>
      %1 = stablehlo.is_finite %0 : (tensor<16xf32>) -> tensor<16xi1>
      return %1 : tensor<16xi1>`,
  },
});
