import { convolutionRules } from '../../../passes/algebraic-simplify/convolutions.ts';
import { testRules } from './rule-cases.ts';

/** A convolution over one dimension with weights that are known. */
function convolution(window: string, size: number, columns: number, output: number, weights = '1.5'): string {
  return `
    %w = stablehlo.constant dense<${weights}> : tensor<${columns}x1x1xf32>
    %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {${window}}
      {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x${size}x1xf32>, tensor<${columns}x1x1xf32>) -> tensor<1x${output}x1xf32>
    return %0 : tensor<1x${output}x1xf32>`;
}

function signature(size: number, output: number): string {
  return `(%x: tensor<1x${size}x1xf32>) -> tensor<1x${output}x1xf32>`;
}

testRules('rules of convolutions', convolutionRules, {
  'convolution-transposed': {
    signature: signature(4, 8),
    before: convolution('pad = [[1, 2]], lhs_dilate = [2]', 4, 3, 8, '[[[1.0]], [[2.0]], [[3.0]]]'),
    after: `
      %w = stablehlo.constant dense<[[[1.0]], [[2.0]], [[3.0]]]> : tensor<3x1x1xf32>
      %0 = stablehlo.slice %w [1:2:2, 0:1, 0:1] : (tensor<3x1x1xf32>) -> tensor<1x1x1xf32>
      %1 = stablehlo.convolution(%x, %0) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[0, 0]], lhs_dilate = [1]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x1xf32>, tensor<1x1x1xf32>) -> tensor<1x4x1xf32>
      %2 = stablehlo.slice %w [0:3:2, 0:1, 0:1] : (tensor<3x1x1xf32>) -> tensor<2x1x1xf32>
      %3 = stablehlo.convolution(%x, %2) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[0, 1]], lhs_dilate = [1]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x1xf32>, tensor<2x1x1xf32>) -> tensor<1x4x1xf32>
      %4 = stablehlo.reshape %1 : (tensor<1x4x1xf32>) -> tensor<1x4x1x1xf32>
      %5 = stablehlo.reshape %3 : (tensor<1x4x1xf32>) -> tensor<1x4x1x1xf32>
      %6 = stablehlo.concatenate %4, %5, dim = 2 : (tensor<1x4x1x1xf32>, tensor<1x4x1x1xf32>) -> tensor<1x4x2x1xf32>
      %7 = stablehlo.reshape %6 : (tensor<1x4x2x1xf32>) -> tensor<1x8x1xf32>
      return %7 : tensor<1x8x1xf32>`,
    also: [
      {
        signature: signature(3, 8),
        before: convolution(
          'pad = [[2, 2]], lhs_dilate = [3], reverse = [true]',
          3,
          4,
          8,
          '[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]',
        ),
        after: `
          %w = stablehlo.constant dense<[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]> : tensor<4x1x1xf32>
          %0 = stablehlo.slice %w [1:2:3, 0:1, 0:1] : (tensor<4x1x1xf32>) -> tensor<1x1x1xf32>
          %1 = stablehlo.convolution(%x, %0) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[0, 0]], lhs_dilate = [1], reverse = [true]}
            {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xf32>, tensor<1x1x1xf32>) -> tensor<1x3x1xf32>
          %2 = stablehlo.slice %w [2:3:3, 0:1, 0:1] : (tensor<4x1x1xf32>) -> tensor<1x1x1xf32>
          %3 = stablehlo.convolution(%x, %2) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[0, 0]], lhs_dilate = [1], reverse = [true]}
            {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xf32>, tensor<1x1x1xf32>) -> tensor<1x3x1xf32>
          %4 = stablehlo.slice %w [0:4:3, 0:1, 0:1] : (tensor<4x1x1xf32>) -> tensor<2x1x1xf32>
          %5 = stablehlo.convolution(%x, %4) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[0, 1]], lhs_dilate = [1], reverse = [true]}
            {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xf32>, tensor<2x1x1xf32>) -> tensor<1x3x1xf32>
          %6 = stablehlo.reshape %1 : (tensor<1x3x1xf32>) -> tensor<1x3x1x1xf32>
          %7 = stablehlo.reshape %3 : (tensor<1x3x1xf32>) -> tensor<1x3x1x1xf32>
          %8 = stablehlo.reshape %5 : (tensor<1x3x1xf32>) -> tensor<1x3x1x1xf32>
          %9 = stablehlo.concatenate %6, %7, %8, dim = 2 : (tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>) -> tensor<1x3x3x1xf32>
          %10 = stablehlo.reshape %9 : (tensor<1x3x3x1xf32>) -> tensor<1x9x1xf32>
          %11 = stablehlo.slice %10 [0:1, 0:8, 0:1] : (tensor<1x9x1xf32>) -> tensor<1x8x1xf32>
          return %11 : tensor<1x8x1xf32>`,
      },
    ],
    keeps: [
      { signature: signature(4, 2), text: convolution('stride = [3], pad = [[0, 0]], lhs_dilate = [2]', 4, 3, 2) },
      { signature: signature(4, 9), text: convolution('pad = [[0, 0]], lhs_dilate = [3]', 4, 2, 9) },
      { signature: signature(4, 2), text: convolution('pad = [[0, 0]]', 4, 3, 2) },
      { signature: signature(4, 5), text: convolution('pad = [[0, 0]], lhs_dilate = [2]', 4, 3, 5, '0x7F800000') },
    ],
  },
});
