import { reductionRules } from '../../../passes/algebraic-simplify/reductions.ts';
import { testRules } from './rule-cases.ts';

function reduce(dims: string, operand: string, result: string): string {
  return `
    %0 = stablehlo.reduce(%x init: %i) applies stablehlo.add across dimensions = ${dims} : (${operand}, tensor<f32>) -> ${result}
    return %0 : ${result}`;
}

function map(body: string): string {
  return `
    %0 = "stablehlo.map"(%x, %y) <{dimensions = array<i64: 0>}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      ${body}
      stablehlo.return %r : tensor<f32>
    }) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    return %0 : tensor<16xf32>`;
}

function sort(axis: number): string {
  return `
    %0:2 = "stablehlo.sort"(%x, %y) <{dimension = ${axis} : i64}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>, %d: tensor<f32>):
      %1 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    }) : (tensor<4x1xf32>, tensor<4x1xf32>) -> (tensor<4x1xf32>, tensor<4x1xf32>)
    return %0#0, %0#1 : tensor<4x1xf32>, tensor<4x1xf32>`;
}

testRules('rules of reductions', reductionRules, {
  'reduce-size-one': {
    signature: '(%x: tensor<4x1x3xf32>, %i: tensor<f32>) -> tensor<4x3xf32>',
    before: reduce('[1]', 'tensor<4x1x3xf32>', 'tensor<4x3xf32>'),
    after: `
      %0 = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<f32>) -> tensor<4x3xf32>
      %1 = stablehlo.reshape %x : (tensor<4x1x3xf32>) -> tensor<4x3xf32>
      %2 = stablehlo.add %0, %1 : tensor<4x3xf32>
      return %2 : tensor<4x3xf32>`,
    also: [
      {
        signature: '(%x: tensor<4x3xf32>, %i: tensor<f32>) -> tensor<4x3xf32>',
        before: reduce('[]', 'tensor<4x3xf32>', 'tensor<4x3xf32>'),
        after: `
          %0 = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<f32>) -> tensor<4x3xf32>
          %1 = stablehlo.add %0, %x : tensor<4x3xf32>
          return %1 : tensor<4x3xf32>`,
      },
    ],
    keeps: {
      signature: '(%x: tensor<4x1x3xf32>, %i: tensor<f32>) -> tensor<4xf32>',
      text: reduce('[1, 2]', 'tensor<4x1x3xf32>', 'tensor<4xf32>'),
    },
  },
  'map-elementwise': {
    signature: '(%x: tensor<16xf32>, %y: tensor<16xf32>) -> tensor<16xf32>',
    before: map(`
      %two = stablehlo.constant dense<2.0> : tensor<f32>
      %s = stablehlo.multiply %a, %two : tensor<f32>
      %r = stablehlo.subtract %s, %b : tensor<f32>`),
    after: `
      %c = stablehlo.constant dense<2.0> : tensor<f32>
      %0 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<f32>) -> tensor<16xf32>
      %1 = stablehlo.multiply %x, %0 : tensor<16xf32>
      %2 = stablehlo.subtract %1, %y : tensor<16xf32>
      return %2 : tensor<16xf32>`,
    keeps: map(`
      %p = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %r = stablehlo.select %p, %a, %b : tensor<i1>, tensor<f32>`),
  },
  'sort-size-one': {
    signature: '(%x: tensor<4x1xf32>, %y: tensor<4x1xf32>) -> (tensor<4x1xf32>, tensor<4x1xf32>)',
    before: sort(1),
    after: 'return %x, %y : tensor<4x1xf32>, tensor<4x1xf32>',
    also: [{ before: sort(-1), after: 'return %x, %y : tensor<4x1xf32>, tensor<4x1xf32>' }],
    keeps: sort(0),
  },
  'iota-size-one': {
    signature: '() -> tensor<1x3xi32>',
    before: `
      %0 = stablehlo.iota dim = 0 : tensor<1x3xi32>
      return %0 : tensor<1x3xi32>`,
    after: `
      %0 = stablehlo.constant dense<0> : tensor<1x3xi32>
      return %0 : tensor<1x3xi32>`,
    keeps: `
      %0 = stablehlo.iota dim = 1 : tensor<1x3xi32>
      return %0 : tensor<1x3xi32>`,
  },
});
