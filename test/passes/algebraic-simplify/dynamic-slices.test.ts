import { dynamicSliceRules } from '../../../passes/algebraic-simplify/dynamic-slices.ts';
import { testRules } from './rule-cases.ts';

const indexed = '(%x: tensor<6x4xf32>, %u: tensor<2x4xf32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<6x4xf32>';
const sliced = '(%x: tensor<6x4xf32>, %u: tensor<2x4xf32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<2x4xf32>';
const updateType = '(tensor<6x4xf32>, tensor<2x4xf32>, tensor<i32>, tensor<i32>) -> tensor<6x4xf32>';
const sliceType = '(tensor<6x4xf32>, tensor<i32>, tensor<i32>) -> tensor<2x4xf32>';

function gather(
  indices: string,
  offsets: string,
  collapsed: string,
  map: string,
  sizes: string,
  types: string,
): string {
  return `
    %c = stablehlo.constant ${indices}
    %0 = "stablehlo.gather"(%x, %c) <{dimension_numbers = #stablehlo.gather<offset_dims = ${offsets},
      collapsed_slice_dims = ${collapsed}, start_index_map = ${map}, index_vector_dim = 0>,
      slice_sizes = array<i64: ${sizes}>}> : ${types}`;
}

testRules('rules of dynamic slices', dynamicSliceRules, {
  'dynamic-slice-constant': {
    signature: sliced,
    before: `
      %c = stablehlo.constant dense<9> : tensor<i32>
      %0 = stablehlo.dynamic_slice %x, %c, %j, sizes = [2, 4] : ${sliceType}
      return %0 : tensor<2x4xf32>`,
    after: `
      %0 = stablehlo.slice %x [4:6, 0:4] : (tensor<6x4xf32>) -> tensor<2x4xf32>
      return %0 : tensor<2x4xf32>`,
    also: [
      {
        signature: '(%x: tensor<6xf32>) -> tensor<2xf32>',
        before: `
          %c = stablehlo.constant dense<-3> : tensor<i64>
          %0 = stablehlo.dynamic_slice %x, %c, sizes = [2] : (tensor<6xf32>, tensor<i64>) -> tensor<2xf32>
          return %0 : tensor<2xf32>`,
        after: `
          %0 = stablehlo.slice %x [0:2] : (tensor<6xf32>) -> tensor<2xf32>
          return %0 : tensor<2xf32>`,
      },
    ],
    keeps: `
      %0 = stablehlo.dynamic_slice %x, %i, %j, sizes = [2, 4] : ${sliceType}
      return %0 : tensor<2x4xf32>`,
  },
  'dynamic-slice-of-update': {
    signature: sliced,
    before: `
      %0 = stablehlo.dynamic_update_slice %x, %u, %i, %j : ${updateType}
      %1 = stablehlo.dynamic_slice %0, %i, %j, sizes = [2, 4] : ${sliceType}
      return %1 : tensor<2x4xf32>`,
    after: 'return %u : tensor<2x4xf32>',
    keeps: [
      {
        text: `
          %0 = stablehlo.dynamic_update_slice %x, %u, %i, %j : ${updateType}
          %1 = stablehlo.dynamic_slice %0, %j, %i, sizes = [2, 4] : ${sliceType}
          return %1 : tensor<2x4xf32>`,
      },
      {
        signature: '(%x: tensor<6xf32>, %u: tensor<3xf32>, %i: tensor<i32>) -> tensor<2xf32>',
        text: `
          %0 = stablehlo.dynamic_update_slice %x, %u, %i : (tensor<6xf32>, tensor<3xf32>, tensor<i32>) -> tensor<6xf32>
          %1 = stablehlo.dynamic_slice %0, %i, sizes = [2] : (tensor<6xf32>, tensor<i32>) -> tensor<2xf32>
          return %1 : tensor<2xf32>`,
      },
    ],
  },
  'dynamic-update-slice-of-all': {
    signature: '(%x: tensor<6xf32>, %u: tensor<6xf32>, %i: tensor<i32>) -> tensor<6xf32>',
    before: `
      %0 = stablehlo.dynamic_update_slice %x, %u, %i : (tensor<6xf32>, tensor<6xf32>, tensor<i32>) -> tensor<6xf32>
      return %0 : tensor<6xf32>`,
    after: 'return %u : tensor<6xf32>',
    keeps: {
      signature: indexed,
      text: `
        %0 = stablehlo.dynamic_update_slice %x, %u, %i, %j : ${updateType}
        return %0 : tensor<6x4xf32>`,
    },
  },
  'dynamic-update-slice-of-nothing': {
    signature: '(%x: tensor<6xf32>, %u: tensor<0xf32>, %i: tensor<i32>) -> tensor<6xf32>',
    before: `
      %0 = stablehlo.dynamic_update_slice %x, %u, %i : (tensor<6xf32>, tensor<0xf32>, tensor<i32>) -> tensor<6xf32>
      return %0 : tensor<6xf32>`,
    after: 'return %x : tensor<6xf32>',
    keeps: {
      signature: indexed,
      text: `
        %0 = stablehlo.dynamic_update_slice %x, %u, %i, %j : ${updateType}
        return %0 : tensor<6x4xf32>`,
    },
  },
  'dynamic-update-slice-of-itself': {
    signature: indexed,
    before: `
      %0 = stablehlo.dynamic_slice %x, %i, %j, sizes = [2, 4] : ${sliceType}
      %1 = stablehlo.dynamic_update_slice %x, %0, %i, %j : ${updateType}
      return %1 : tensor<6x4xf32>`,
    after: 'return %x : tensor<6x4xf32>',
    keeps: `
      %0 = stablehlo.dynamic_slice %x, %i, %j, sizes = [2, 4] : ${sliceType}
      %1 = stablehlo.dynamic_update_slice %x, %0, %j, %i : ${updateType}
      return %1 : tensor<6x4xf32>`,
  },
  'dynamic-update-slice-twice': {
    signature: indexed,
    before: `
      %0 = stablehlo.negate %u : tensor<2x4xf32>
      %1 = stablehlo.dynamic_update_slice %x, %u, %i, %j : ${updateType}
      %2 = stablehlo.dynamic_update_slice %1, %0, %i, %j : ${updateType}
      return %2 : tensor<6x4xf32>`,
    after: `
      %0 = stablehlo.negate %u : tensor<2x4xf32>
      %1 = stablehlo.dynamic_update_slice %x, %0, %i, %j : ${updateType}
      return %1 : tensor<6x4xf32>`,
    keeps: `
      %0 = stablehlo.negate %u : tensor<2x4xf32>
      %1 = stablehlo.dynamic_update_slice %x, %u, %i, %j : ${updateType}
      %2 = stablehlo.dynamic_update_slice %1, %0, %j, %j : ${updateType}
      return %2 : tensor<6x4xf32>`,
  },
  'gather-constant': {
    signature: '(%x: tensor<6x4xf32>) -> tensor<3xf32>',
    before: `${gather('dense<[5, 9]> : tensor<2xi32>', '[0]', '[0]', '[0, 1]', '1, 3', '(tensor<6x4xf32>, tensor<2xi32>) -> tensor<3xf32>')}
      return %0 : tensor<3xf32>`,
    after: `
      %0 = stablehlo.slice %x [5:6, 1:4] : (tensor<6x4xf32>) -> tensor<1x3xf32>
      %1 = stablehlo.reshape %0 : (tensor<1x3xf32>) -> tensor<3xf32>
      return %1 : tensor<3xf32>`,
    also: [
      {
        signature: '(%x: tensor<6x4xf32>) -> tensor<1x1x6x2xf32>',
        before: `
          %c = stablehlo.constant dense<1> : tensor<1x1x1xi32>
          %0 = "stablehlo.gather"(%x, %c) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3],
            start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 6, 2>}>
            : (tensor<6x4xf32>, tensor<1x1x1xi32>) -> tensor<1x1x6x2xf32>
          return %0 : tensor<1x1x6x2xf32>`,
        after: `
          %0 = stablehlo.slice %x [0:6, 1:3] : (tensor<6x4xf32>) -> tensor<6x2xf32>
          %1 = stablehlo.reshape %0 : (tensor<6x2xf32>) -> tensor<1x1x6x2xf32>
          return %1 : tensor<1x1x6x2xf32>`,
      },
    ],
    keeps: {
      signature: '(%x: tensor<6x4xf32>) -> tensor<2x4xf32>',
      text: `
        %c = stablehlo.constant dense<[[3], [1]]> : tensor<2x1xi32>
        %0 = "stablehlo.gather"(%x, %c) <{dimension_numbers = #stablehlo.gather<offset_dims = [1],
          collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>}>
          : (tensor<6x4xf32>, tensor<2x1xi32>) -> tensor<2x4xf32>
        return %0 : tensor<2x4xf32>`,
    },
  },
});
