import { choiceRules } from '../../../passes/algebraic-simplify/choices.ts';
import { testRules } from './rule-cases.ts';

const chosen = '(%p: tensor<16xi1>, %x: tensor<16xf32>, %y: tensor<16xf32>) -> tensor<16xf32>';
const booleans = '(%p: tensor<16xi1>) -> tensor<16xi1>';

function byConstant(op: string, value: string): string {
  return `
    %c = stablehlo.constant dense<${value}> : T
    %0 = stablehlo.${op} %x, %c : T
    return %0 : T`;
}

function clamp(low: string, high: string): string {
  return `
    %low = stablehlo.constant dense<${low}> : T
    %high = stablehlo.constant dense<${high}> : T
    %0 = stablehlo.clamp %low, %x, %high : T
    return %0 : T`;
}

const x = 'return %x : T';

testRules('rules of choices', choiceRules, {
  'select-constant': {
    of: '16xf32',
    before: `
      %p = stablehlo.constant dense<false> : tensor<i1>
      %0 = stablehlo.select %p, %x, %y : tensor<i1>, T
      return %0 : T`,
    after: 'return %y : T',
    keeps: {
      signature: chosen,
      text: `
        %0 = stablehlo.select %p, %x, %y : tensor<16xi1>, tensor<16xf32>
        return %0 : tensor<16xf32>`,
    },
  },
  'select-same': {
    signature: chosen,
    before: `
      %0 = stablehlo.select %p, %x, %x : tensor<16xi1>, tensor<16xf32>
      return %0 : tensor<16xf32>`,
    after: 'return %x : tensor<16xf32>',
    keeps: `
      %0 = stablehlo.select %p, %x, %y : tensor<16xi1>, tensor<16xf32>
      return %0 : tensor<16xf32>`,
  },
  'select-not': {
    signature: chosen,
    before: `
      %0 = stablehlo.not %p : tensor<16xi1>
      %1 = stablehlo.select %0, %x, %y : tensor<16xi1>, tensor<16xf32>
      return %1 : tensor<16xf32>`,
    after: `
      %0 = stablehlo.select %p, %y, %x : tensor<16xi1>, tensor<16xf32>
      return %0 : tensor<16xf32>`,
    keeps: `
      %0 = stablehlo.select %p, %x, %y : tensor<16xi1>, tensor<16xf32>
      return %0 : tensor<16xf32>`,
  },
  'select-boolean': {
    signature: booleans,
    before: `
      %t = stablehlo.constant dense<true> : tensor<16xi1>
      %f = stablehlo.constant dense<false> : tensor<16xi1>
      %0 = stablehlo.select %p, %f, %t : tensor<16xi1>, tensor<16xi1>
      return %0 : tensor<16xi1>`,
    after: `
      %0 = stablehlo.not %p : tensor<16xi1>
      return %0 : tensor<16xi1>`,
    also: [
      {
        before: `
          %t = stablehlo.constant dense<true> : tensor<16xi1>
          %f = stablehlo.constant dense<false> : tensor<16xi1>
          %0 = stablehlo.select %p, %t, %f : tensor<16xi1>, tensor<16xi1>
          return %0 : tensor<16xi1>`,
        after: 'return %p : tensor<16xi1>',
      },
    ],
    keeps: {
      signature: '(%p: tensor<i1>) -> tensor<16xi1>',
      text: `
        %t = stablehlo.constant dense<true> : tensor<16xi1>
        %f = stablehlo.constant dense<false> : tensor<16xi1>
        %0 = stablehlo.select %p, %t, %f : tensor<i1>, tensor<16xi1>
        return %0 : tensor<16xi1>`,
    },
  },
  'select-select': {
    signature: chosen,
    before: `
      %0 = stablehlo.negate %x : tensor<16xf32>
      %1 = stablehlo.select %p, %0, %y : tensor<16xi1>, tensor<16xf32>
      %2 = stablehlo.select %p, %x, %1 : tensor<16xi1>, tensor<16xf32>
      return %2 : tensor<16xf32>`,
    after: `
      %0 = stablehlo.select %p, %x, %y : tensor<16xi1>, tensor<16xf32>
      return %0 : tensor<16xf32>`,
    keeps: `
      %0 = stablehlo.not %p : tensor<16xi1>
      %1 = stablehlo.select %0, %x, %y : tensor<16xi1>, tensor<16xf32>
      %2 = stablehlo.select %p, %x, %1 : tensor<16xi1>, tensor<16xf32>
      return %2 : tensor<16xf32>`,
  },
  'extreme-itself': {
    of: '16xf32',
    before: `
      %0 = stablehlo.maximum %x, %x : T
      return %0 : T`,
    after: x,
    keeps: `
      %0 = stablehlo.minimum %x, %y : T
      return %0 : T`,
  },
  'extreme-neutral': {
    of: '16xf32',
    before: byConstant('maximum', '0xFF800000'),
    after: x,
    also: [
      { of: '16xi8', before: byConstant('minimum', '127'), after: x },
      { of: '16xui8', before: byConstant('maximum', '0'), after: x },
    ],
    keeps: byConstant('maximum', '0.0'),
  },
  'extreme-absorbing': {
    of: '16xi32',
    before: byConstant('maximum', '2147483647'),
    after: `
      %c = stablehlo.constant dense<2147483647> : T
      return %c : T`,
    keeps: { of: '16xf32', text: byConstant('maximum', '0x7F800000') },
  },
  'extreme-absorbs': {
    of: '16xi32',
    before: `
      %0 = stablehlo.minimum %y, %x : T
      %1 = stablehlo.maximum %x, %0 : T
      return %1 : T`,
    after: x,
    keeps: {
      of: '16xf32',
      text: `
        %0 = stablehlo.minimum %y, %x : T
        %1 = stablehlo.maximum %x, %0 : T
        return %1 : T`,
    },
  },
  'extreme-repeated': {
    of: '16xf32',
    before: `
      %0 = stablehlo.minimum %y, %x : T
      %1 = stablehlo.minimum %x, %0 : T
      return %1 : T`,
    after: `
      %0 = stablehlo.minimum %y, %x : T
      return %0 : T`,
    keeps: `
      %0 = stablehlo.minimum %y, %x : T
      %1 = stablehlo.maximum %x, %0 : T
      return %1 : T`,
  },
  'clamp-unbounded': {
    of: '16xi16',
    before: clamp('-32768', '32767'),
    after: x,
    also: [{ of: '16xf32', before: clamp('0xFF800000', '0x7F800000'), after: x }],
    keeps: clamp('-32768', '0'),
  },
  'clamp-one-bound': {
    of: '16xui8',
    before: clamp('0', '100'),
    after: byConstant('minimum', '100'),
    also: [{ before: clamp('3', '255'), after: byConstant('maximum', '3') }],
    keeps: clamp('1', '2'),
  },
  'clamp-clamp': {
    of: '16xf32',
    before: `
      %low = stablehlo.constant dense<-1.0> : tensor<f32>
      %0 = stablehlo.clamp %low, %x, %y : (tensor<f32>, T, T) -> T
      %1 = stablehlo.clamp %low, %0, %y : (tensor<f32>, T, T) -> T
      return %1 : T`,
    after: `
      %low = stablehlo.constant dense<-1.0> : tensor<f32>
      %0 = stablehlo.clamp %low, %x, %y : (tensor<f32>, T, T) -> T
      return %0 : T`,
    keeps: `
      %low = stablehlo.constant dense<-1.0> : tensor<f32>
      %0 = stablehlo.clamp %low, %x, %y : (tensor<f32>, T, T) -> T
      %1 = stablehlo.clamp %y, %0, %y : T
      return %1 : T`,
  },
});
