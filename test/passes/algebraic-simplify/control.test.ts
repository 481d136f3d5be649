import { controlRules } from '../../../passes/algebraic-simplify/control.ts';
import { testRules } from './rule-cases.ts';

const scalars = '(%x: tensor<f32>, %p: tensor<i1>, %n: tensor<i32>) -> tensor<f32>';

function choose(predicate: string): string {
  return `
    ${predicate}
    %0 = "stablehlo.if"(%c) ({
      %1 = stablehlo.negate %x : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }, {
      stablehlo.return %x : tensor<f32>
    }) : (tensor<i1>) -> tensor<f32>
    return %0 : tensor<f32>`;
}

function branches(index: string): string {
  return `
    ${index}
    %0 = "stablehlo.case"(%c) ({
      %1 = stablehlo.negate %x : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }, {
      %1 = stablehlo.abs %x : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>
    return %0 : tensor<f32>`;
}

function loop(condition: string): string {
  return `
    %0 = stablehlo.while(%a = %x) : tensor<f32>
    cond {
      ${condition}
      stablehlo.return %c : tensor<i1>
    } do {
      %1 = stablehlo.add %a, %a : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }
    return %0 : tensor<f32>`;
}

function allReduce(groups: string, channel = ''): string {
  return `
    %0 = "stablehlo.all_reduce"(%x) <{replica_groups = ${groups}${channel}}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %1 = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }) : (tensor<16xf32>) -> tensor<16xf32>
    return %0 : tensor<16xf32>`;
}

function allToAll(groups: string, count: number): string {
  return `
    %0 = "stablehlo.all_to_all"(%x) <{split_dimension = 0 : i64, concat_dimension = 0 : i64,
      split_count = ${count} : i64, replica_groups = ${groups}}> : (tensor<16xf32>) -> tensor<16xf32>
    return %0 : tensor<16xf32>`;
}

const negated = `
  %0 = stablehlo.negate %x : tensor<f32>
  return %0 : tensor<f32>`;
const one = 'dense<[[0], [1]]> : tensor<2x1xi64>';
const two = 'dense<[[0, 1]]> : tensor<1x2xi64>';

testRules('rules of control flow', controlRules, {
  'if-constant': {
    signature: scalars,
    before: choose('%c = stablehlo.constant dense<true> : tensor<i1>'),
    after: negated,
    also: [{ before: choose('%c = stablehlo.constant dense<false> : tensor<i1>'), after: 'return %x : tensor<f32>' }],
    keeps: choose('%c = stablehlo.not %p : tensor<i1>'),
  },
  'case-constant': {
    signature: scalars,
    before: branches('%c = stablehlo.constant dense<0> : tensor<i32>'),
    after: negated,
    also: [
      {
        before: branches('%c = stablehlo.constant dense<-1> : tensor<i32>'),
        after: `
          %0 = stablehlo.abs %x : tensor<f32>
          return %0 : tensor<f32>`,
      },
    ],
    keeps: branches('%c = stablehlo.abs %n : tensor<i32>'),
  },
  'while-never': {
    signature: '(%x: tensor<f32>) -> tensor<f32>',
    before: loop('%c = stablehlo.constant dense<false> : tensor<i1>'),
    after: 'return %x : tensor<f32>',
    keeps: loop('%c = stablehlo.compare LT, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>'),
  },
  'element-of-tuple': {
    signature: '(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32>',
    before: `
      %0 = stablehlo.tuple %x, %y : tuple<tensor<f32>, tensor<f32>>
      %1 = stablehlo.get_tuple_element %0[1] : (tuple<tensor<f32>, tensor<f32>>) -> tensor<f32>
      return %1 : tensor<f32>`,
    after: 'return %y : tensor<f32>',
    keeps: `
      %0 = stablehlo.tuple %x, %y : tuple<tensor<f32>, tensor<f32>>
      %1 = stablehlo.optimization_barrier %0 : tuple<tensor<f32>, tensor<f32>>
      %2 = stablehlo.get_tuple_element %1[1] : (tuple<tensor<f32>, tensor<f32>>) -> tensor<f32>
      return %2 : tensor<f32>`,
  },
  'tuple-of-elements': {
    signature: '(%x: tensor<f32>, %y: tensor<f32>) -> tuple<tensor<f32>, tensor<f32>>',
    before: `
      %0 = stablehlo.tuple %x, %y : tuple<tensor<f32>, tensor<f32>>
      %1 = stablehlo.get_tuple_element %0[0] : (tuple<tensor<f32>, tensor<f32>>) -> tensor<f32>
      %2 = stablehlo.get_tuple_element %0[1] : (tuple<tensor<f32>, tensor<f32>>) -> tensor<f32>
      %3 = stablehlo.tuple %1, %2 : tuple<tensor<f32>, tensor<f32>>
      return %3 : tuple<tensor<f32>, tensor<f32>>`,
    after: `
      %0 = stablehlo.tuple %x, %y : tuple<tensor<f32>, tensor<f32>>
      return %0 : tuple<tensor<f32>, tensor<f32>>`,
    keeps: `
      %0 = stablehlo.tuple %x, %y : tuple<tensor<f32>, tensor<f32>>
      %1 = stablehlo.get_tuple_element %0[0] : (tuple<tensor<f32>, tensor<f32>>) -> tensor<f32>
      %2 = stablehlo.get_tuple_element %0[1] : (tuple<tensor<f32>, tensor<f32>>) -> tensor<f32>
      %3 = stablehlo.tuple %2, %1 : tuple<tensor<f32>, tensor<f32>>
      return %3 : tuple<tensor<f32>, tensor<f32>>`,
  },
  'collective-of-one': {
    signature: '(%x: tensor<16xf32>) -> tensor<16xf32>',
    before: allReduce(one),
    after: 'return %x : tensor<16xf32>',
    keeps: [
      { text: allReduce(two) },
      { text: allReduce(one, ', channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>') },
    ],
  },
  'all-to-all-of-one': {
    signature: '(%x: tensor<16xf32>) -> tensor<16xf32>',
    before: allToAll(one, 1),
    after: 'return %x : tensor<16xf32>',
    keeps: allToAll(two, 2),
  },
});
