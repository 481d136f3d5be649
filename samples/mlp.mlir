// A multilayer perceptron that computes "exclusive or", one example a row: two inputs, two hidden units, one output.
//   hidden = max(x W1 + b1, 0)      [4,2] x [2,2] -> [4,2]
//   y      = hidden W2              [4,2] x [2,1] -> [4,1]
// The first hidden unit counts the ones, the second sees only a pair of them, and y = first - 2 second.
//
//   tessera run samples/mlp.mlir --target reference --in arg0=samples/mlp-arg0.npy
//
// prints 0, 1, 1, 0 for the rows (0,0), (0,1), (1,0), (1,1) of mlp-arg0.npy.
module @mlp {
  func.func @main(%arg0: tensor<4x2xf32>) -> tensor<4x1xf32> {
    %w1 = stablehlo.constant dense<1.0> : tensor<2x2xf32>
    %b1 = stablehlo.constant dense<[0.0, -1.0]> : tensor<2xf32>
    %w2 = stablehlo.constant dense<[[1.0], [-2.0]]> : tensor<2x1xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>

    %product = stablehlo.dot_general %arg0, %w1, contracting_dims = [1] x [0] : (tensor<4x2xf32>, tensor<2x2xf32>) -> tensor<4x2xf32>
    %bias = stablehlo.broadcast_in_dim %b1, dims = [1] : (tensor<2xf32>) -> tensor<4x2xf32>
    %sum = stablehlo.add %product, %bias : tensor<4x2xf32>
    %floor = stablehlo.broadcast_in_dim %zero, dims = [] : (tensor<f32>) -> tensor<4x2xf32>
    %hidden = stablehlo.maximum %sum, %floor : tensor<4x2xf32>
    %y = stablehlo.dot_general %hidden, %w2, contracting_dims = [1] x [0] : (tensor<4x2xf32>, tensor<2x1xf32>) -> tensor<4x1xf32>
    return %y : tensor<4x1xf32>
  }
}
