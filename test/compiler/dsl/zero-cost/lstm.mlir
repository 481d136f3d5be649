func.func @main(%x: tensor<2x5x8xf32>, %wx: tensor<8x64xf32>, %wh: tensor<16x64xf32>, %b: tensor<64xf32>) -> tensor<2x5x16xf32> {
  %0 = stablehlo.dot_general %x, %wx, contracting_dims = [2] x [0] : (tensor<2x5x8xf32>, tensor<8x64xf32>) -> tensor<2x5x64xf32>
  %1 = stablehlo.broadcast_in_dim %b, dims = [2] : (tensor<64xf32>) -> tensor<2x5x64xf32>
  %zx = stablehlo.add %0, %1 : tensor<2x5x64xf32>
  %z = stablehlo.constant dense<0.0> : tensor<2x16xf32>
  %ys = stablehlo.constant dense<0.0> : tensor<2x5x16xf32>
  %i0 = stablehlo.constant dense<0> : tensor<i32>
  %r:4 = stablehlo.while(%i = %i0, %y = %z, %c = %z, %out = %ys) : tensor<i32>, tensor<2x16xf32>, tensor<2x16xf32>, tensor<2x5x16xf32>
    cond {
      %n = stablehlo.constant dense<5> : tensor<i32>
      %p = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    } do {
      %zero = stablehlo.constant dense<0> : tensor<i32>
      %one = stablehlo.constant dense<1> : tensor<i32>
      %s = stablehlo.dynamic_slice %zx, %zero, %i, %zero, sizes = [2, 1, 64] : (tensor<2x5x64xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x1x64xf32>
      %row = stablehlo.reshape %s : (tensor<2x1x64xf32>) -> tensor<2x64xf32>
      %h = stablehlo.dot_general %y, %wh, contracting_dims = [1] x [0] : (tensor<2x16xf32>, tensor<16x64xf32>) -> tensor<2x64xf32>
      %g = stablehlo.add %row, %h : tensor<2x64xf32>
      %a0 = stablehlo.slice %g [0:2, 0:16] : (tensor<2x64xf32>) -> tensor<2x16xf32>
      %a1 = stablehlo.slice %g [0:2, 16:32] : (tensor<2x64xf32>) -> tensor<2x16xf32>
      %a2 = stablehlo.slice %g [0:2, 32:48] : (tensor<2x64xf32>) -> tensor<2x16xf32>
      %a3 = stablehlo.slice %g [0:2, 48:64] : (tensor<2x64xf32>) -> tensor<2x16xf32>
      %sf = stablehlo.logistic %a1 : tensor<2x16xf32>
      %m0 = stablehlo.multiply %sf, %c : tensor<2x16xf32>
      %si = stablehlo.logistic %a0 : tensor<2x16xf32>
      %tg = stablehlo.tanh %a2 : tensor<2x16xf32>
      %m1 = stablehlo.multiply %si, %tg : tensor<2x16xf32>
      %c1 = stablehlo.add %m0, %m1 : tensor<2x16xf32>
      %so = stablehlo.logistic %a3 : tensor<2x16xf32>
      %tc = stablehlo.tanh %c1 : tensor<2x16xf32>
      %y1 = stablehlo.multiply %so, %tc : tensor<2x16xf32>
      %u = stablehlo.reshape %y1 : (tensor<2x16xf32>) -> tensor<2x1x16xf32>
      %o1 = stablehlo.dynamic_update_slice %out, %u, %zero, %i, %zero : (tensor<2x5x16xf32>, tensor<2x1x16xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x5x16xf32>
      %i1 = stablehlo.add %i, %one : tensor<i32>
      stablehlo.return %i1, %y1, %c1, %o1 : tensor<i32>, tensor<2x16xf32>, tensor<2x16xf32>, tensor<2x5x16xf32>
    }
  return %r#3 : tensor<2x5x16xf32>
}
