func.func @main(%x: tensor<2x14x14x8xf32>, %w: tensor<3x3x8x16xf32>, %b: tensor<16xf32>) -> tensor<2x7x7x16xf32> {
  %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {stride = [2, 2], pad = [[0, 1], [0, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x14x14x8xf32>, tensor<3x3x8x16xf32>) -> tensor<2x7x7x16xf32>
  %1 = stablehlo.broadcast_in_dim %b, dims = [3] : (tensor<16xf32>) -> tensor<2x7x7x16xf32>
  %2 = stablehlo.add %0, %1 : tensor<2x7x7x16xf32>
  %3 = stablehlo.constant dense<0.0> : tensor<2x7x7x16xf32>
  %4 = stablehlo.maximum %2, %3 : tensor<2x7x7x16xf32>
  return %4 : tensor<2x7x7x16xf32>
}
