func.func @main(%x: tensor<8x96xf32>, %w: tensor<96x40xf32>, %b: tensor<40xf32>) -> tensor<8x40xf32> {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<8x96xf32>, tensor<96x40xf32>) -> tensor<8x40xf32>
  %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<40xf32>) -> tensor<8x40xf32>
  %2 = stablehlo.add %0, %1 : tensor<8x40xf32>
  %3 = stablehlo.constant dense<0.0> : tensor<8x40xf32>
  %4 = stablehlo.maximum %2, %3 : tensor<8x40xf32>
  return %4 : tensor<8x40xf32>
}
