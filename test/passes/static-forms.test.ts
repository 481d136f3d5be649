import { describe, it } from 'vitest';
import { canonicalize } from '../../passes/canonicalize.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction } from './pass-fixture.ts';

interface FormCase {
  readonly title: string;
  readonly signature: string;
  readonly before: string;
  readonly after: string;
}

const cases: readonly FormCase[] = [
  {
    title: 'dynamic_reshape to a static shape is reshape',
    signature: '(%x: tensor<6xf32>, %s: tensor<2xi32>) -> tensor<2x3xf32>',
    before: `
      %c = stablehlo.constant dense<[2, 3]> : tensor<2xi32>
      %0 = stablehlo.dynamic_reshape %x, %c : (tensor<6xf32>, tensor<2xi32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.reshape %x : (tensor<6xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
  },
  {
    title: 'dynamic_broadcast_in_dim to a static shape is broadcast_in_dim',
    signature: '(%x: tensor<3xf32>) -> tensor<2x3xf32>',
    before: `
      %c = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
      %0 = stablehlo.dynamic_broadcast_in_dim %x, %c, dims = [1] : (tensor<3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
    after: `
      %0 = stablehlo.broadcast_in_dim %x, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>`,
  },
  {
    title: 'dynamic_iota of a static shape is iota',
    signature: '() -> tensor<2x3xi32>',
    before: `
      %c = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
      %0 = stablehlo.dynamic_iota %c, dim = 1 : (tensor<2xi64>) -> tensor<2x3xi32>
      return %0 : tensor<2x3xi32>`,
    after: `
      %0 = stablehlo.iota dim = 1 : tensor<2x3xi32>
      return %0 : tensor<2x3xi32>`,
  },
  {
    title: 'dynamic_pad by constants is pad',
    signature: '(%x: tensor<3xf32>, %v: tensor<f32>) -> tensor<8xf32>',
    before: `
      %l = stablehlo.constant dense<1> : tensor<1xi64>
      %h = stablehlo.constant dense<2> : tensor<1xi64>
      %0 = stablehlo.dynamic_pad %x, %v, %l, %h, %l : (tensor<3xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<8xf32>
      return %0 : tensor<8xf32>`,
    after: `
      %0 = stablehlo.pad %x, %v, low = [1], high = [2], interior = [1] : (tensor<3xf32>, tensor<f32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>`,
  },
  {
    title: 'real_dynamic_slice by constants is slice',
    signature: '(%x: tensor<8xf32>) -> tensor<3xf32>',
    before: `
      %s = stablehlo.constant dense<1> : tensor<1xi64>
      %l = stablehlo.constant dense<7> : tensor<1xi64>
      %t = stablehlo.constant dense<2> : tensor<1xi64>
      %0 = stablehlo.real_dynamic_slice %x, %s, %l, %t : (tensor<8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xf32>
      return %0 : tensor<3xf32>`,
    after: `
      %0 = stablehlo.slice %x [1:7:2] : (tensor<8xf32>) -> tensor<3xf32>
      return %0 : tensor<3xf32>`,
  },
  {
    title: 'dynamic_gather of constant sizes is gather',
    signature: '(%x: tensor<6x4xf32>, %i: tensor<2x1xi32>) -> tensor<2x4xf32>',
    before: `
      %c = stablehlo.constant dense<[1, 4]> : tensor<2xi32>
      %0 = "stablehlo.dynamic_gather"(%x, %i, %c) <{dimension_numbers = #stablehlo.gather<offset_dims = [1],
        collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>}>
        : (tensor<6x4xf32>, tensor<2x1xi32>, tensor<2xi32>) -> tensor<2x4xf32>
      return %0 : tensor<2x4xf32>`,
    after: `
      %0 = "stablehlo.gather"(%x, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1],
        collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>}>
        : (tensor<6x4xf32>, tensor<2x1xi32>) -> tensor<2x4xf32>
      return %0 : tensor<2x4xf32>`,
  },
  {
    title: 'dynamic_conv with constant padding is convolution',
    signature: '(%x: tensor<1x4x1xf32>, %k: tensor<3x1x1xf32>) -> tensor<1x4x1xf32>',
    before: `
      %c = stablehlo.constant dense<1> : tensor<1x2xi32>
      %0 = "stablehlo.dynamic_conv"(%x, %k, %c) <{batch_group_count = 1 : i64, feature_group_count = 1 : i64,
        dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>}>
        : (tensor<1x4x1xf32>, tensor<3x1x1xf32>, tensor<1x2xi32>) -> tensor<1x4x1xf32>
      return %0 : tensor<1x4x1xf32>`,
    after: `
      %0 = "stablehlo.convolution"(%x, %k) <{batch_group_count = 1 : i64, feature_group_count = 1 : i64,
        dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, padding = dense<1> : tensor<1x2xi64>}>
        : (tensor<1x4x1xf32>, tensor<3x1x1xf32>) -> tensor<1x4x1xf32>
      return %0 : tensor<1x4x1xf32>`,
  },
  {
    title: 'get_dimension_size of a known size is a constant',
    signature: '(%x: tensor<6x4xf32>) -> tensor<i32>',
    before: `
      %0 = stablehlo.get_dimension_size %x, dim = 1 : (tensor<6x4xf32>) -> tensor<i32>
      return %0 : tensor<i32>`,
    after: `
      %0 = stablehlo.constant dense<4> : tensor<i32>
      return %0 : tensor<i32>`,
  },
  {
    title: 'set_dimension_size to the whole size is nothing',
    signature: '(%x: tensor<6xf32>) -> tensor<6xf32>',
    before: `
      %c = stablehlo.constant dense<6> : tensor<i32>
      %0 = stablehlo.set_dimension_size %x, %c, dim = 0 : (tensor<6xf32>, tensor<i32>) -> tensor<6xf32>
      return %0 : tensor<6xf32>`,
    after: 'return %x : tensor<6xf32>',
  },
];

describe('static forms', () => {
  for (const { title, signature, before, after } of cases) {
    it(title, () => expectRewrite(canonicalize, inFunction(signature, before), inFunction(signature, after)));
  }

  it('wait for shape refinement where the result is open', () => {
    expectUnchanged(
      canonicalize,
      inFunction(
        '(%x: tensor<6xf32>) -> tensor<?x?xf32>',
        `%c = stablehlo.constant dense<[2, 3]> : tensor<2xi32>
         %0 = stablehlo.dynamic_reshape %x, %c : (tensor<6xf32>, tensor<2xi32>) -> tensor<?x?xf32>
         return %0 : tensor<?x?xf32>`,
      ),
    );
  });

  it('need constant operands where the result type does not tell all', () => {
    expectUnchanged(
      canonicalize,
      inFunction(
        '(%x: tensor<8xf32>, %s: tensor<1xi64>) -> tensor<3xf32>',
        `%0 = stablehlo.real_dynamic_slice %x, %s, %s, %s : (tensor<8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xf32>
         return %0 : tensor<3xf32>`,
      ),
    );
  });
});
