// What the constraints of ops say, and where. Under each line that is wrong a comment marks the text that the message
// points to, and gives the code and the constraint it cites; op-constraints.test.ts reads the marks.
func.func @main(%a: tensor<2xcomplex<f32>>) {
  %0 = stablehlo.abs %a : (tensor<2xcomplex<f32>>) -> tensor<3xf32>
//     ^~~~~~~~~~~~~ E2008 abs C1, C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) {
  %0 = "stablehlo.add"(%a, %b) : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~ E2102 add C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.bitcast_convert %a : (tensor<2x3xf32>) -> tensor<2x3xi16>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~ E2008 bitcast_convert C1
  return
}
// -----
func.func @main(%a: tensor<2xcomplex<f32>>) {
  %0 = stablehlo.bitcast_convert %a : (tensor<2xcomplex<f32>>) -> tensor<2xf64>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~ E2105 bitcast_convert C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %m: tensor<3xf32>, %x: tensor<f32>) {
  %0 = stablehlo.clamp %m, %a, %x : (tensor<3xf32>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~ E2108 clamp C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %m: tensor<f64>, %x: tensor<f32>) {
  %0 = stablehlo.clamp %m, %a, %x : (tensor<f64>, tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~ E2108 clamp C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x3xf64>) {
  %0 = stablehlo.compare LT, %a, %b : (tensor<2x3xf32>, tensor<2x3xf64>) -> tensor<2x3xi1>
//     ^~~~~~~~~~~~~~~~~ E2109 compare C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  %0 = stablehlo.compare LT, %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
//     ^~~~~~~~~~~~~~~~~ E2109 compare C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.compare LT, %a, %a, SIGNED : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
//     ^~~~~~~~~~~~~~~~~ E2109 compare C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x3xf64>) {
  %0 = "stablehlo.complex"(%a, %b) : (tensor<2x3xf32>, tensor<2x3xf64>) -> tensor<2x3xcomplex<f32>>
//     ^~~~~~~~~~~~~~~~~~~ E2110 complex C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.exponential"(%a) <{result_accuracy = #stablehlo.result_accuracy<atol = -1.0, rtol = 0.0, ulps = 0, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~ E2116 exponential A1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.log"(%a) <{result_accuracy = #stablehlo.result_accuracy<atol = 1.0, rtol = 0.0, ulps = 0, mode = #stablehlo.result_accuracy_mode<DEFAULT>>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~ E2121 log A2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.reduce_precision %a, format = e0m3 : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2133 reduce_precision C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %p: tensor<3xi1>) {
  %0 = stablehlo.select %p, %a, %a : tensor<3xi1>, tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~ E2138 select C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<3xf32>, %p: tensor<i1>) {
  %0 = "stablehlo.select"(%p, %a, %b) : (tensor<i1>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2138 select C2
  return
}
// -----
func.func @main(%a: tensor<2x!quant.uniform<i8:f32, 0.5>>) {
  %0 = stablehlo.uniform_dequantize %a : (tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2xf64>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2008 uniform_dequantize C1, C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.broadcast %a, sizes = [-1] : (tensor<2x3xf32>) -> tensor<1x2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~ E2201 broadcast C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.broadcast_in_dim %a, dims = [0] : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2202 broadcast_in_dim C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.broadcast_in_dim %a, dims = [0, 2] : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2202 broadcast_in_dim C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.broadcast_in_dim %a, dims = [1, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2202 broadcast_in_dim C4
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2202 broadcast_in_dim C5
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.broadcast_in_dim %a, dims = [0, 1] : (tensor<2x3xf32>) -> tensor<2x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2202 broadcast_in_dim C5
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  %0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2203 concatenate C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.concatenate %a, %a, dim = 2 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2203 concatenate C4
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %s: tensor<3xi64>) {
  %0 = stablehlo.dynamic_broadcast_in_dim %a, %s, dims = [0, 1] : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<?x?xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2204 dynamic_broadcast_in_dim C7
  return
}
// -----
func.func @main(%s: tensor<3xi64>) {
  %0 = stablehlo.dynamic_iota %s, dim = 0 : (tensor<3xi64>) -> tensor<?x?xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~ E2206 dynamic_iota C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>, %s: tensor<1xi64>) {
  %0 = stablehlo.dynamic_pad %a, %z, %s, %s, %s : (tensor<2x3xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x?xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2207 dynamic_pad C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %s: tensor<1xi64>) {
  %0 = stablehlo.dynamic_reshape %a, %s : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<?x?xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~ E2208 dynamic_reshape C4
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<i64>) {
  %0 = stablehlo.dynamic_slice %a, %i, sizes = [1, 1] : (tensor<2x3xf32>, tensor<i64>) -> tensor<1x1xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~ E2209 dynamic_slice C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<i64>) {
  %0 = stablehlo.dynamic_slice %a, %i, %i, sizes = [1, 4] : (tensor<2x3xf32>, tensor<i64>, tensor<i64>) -> tensor<1x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~ E2209 dynamic_slice C4
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %u: tensor<3x3xf32>, %i: tensor<i64>) {
  %0 = stablehlo.dynamic_update_slice %a, %u, %i, %i : (tensor<2x3xf32>, tensor<3x3xf32>, tensor<i64>, tensor<i64>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2210 dynamic_update_slice C6
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x1xi64>) {
  %0 = "stablehlo.gather"(%a, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1, 2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 3>}> : (tensor<2x3xf32>, tensor<4x1xi64>) -> tensor<4x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2211 gather C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x1xi64>) {
  %0 = "stablehlo.gather"(%a, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 3>, indices_are_sorted = false, slice_sizes = array<i64: 1, 3>}> : (tensor<2x3xf32>, tensor<4x1xi64>) -> tensor<4x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2211 gather C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x1xi64>) {
  %0 = "stablehlo.gather"(%a, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0, 1], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, 3>}> : (tensor<2x3xf32>, tensor<4x1xi64>) -> tensor<4x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2211 gather C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<4x1xi64>) {
  %0 = "stablehlo.gather"(%a, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 2, 3>}> : (tensor<2x3xf32>, tensor<4x1xi64>) -> tensor<4x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2211 gather C9
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.get_dimension_size %a, dim = 2 : (tensor<2x3xf32>) -> tensor<i32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2212 get_dimension_size C1
  return
}
// -----
func.func @main() {
  %0 = stablehlo.iota dim = 1 : tensor<4xi32>
//     ^~~~~~~~~~~~~~ E2213 iota C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.map"(%a) <{dimensions = array<i64: 0>}> ({
//     ^~~~~~~~~~~~~~~ E2214 map C3
  ^bb0(%x: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  %0 = stablehlo.pad %a, %z, low = [0], high = [0, 0], interior = [0, 0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~ E2215 pad C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  %0 = stablehlo.pad %a, %z, low = [0, 0], high = [0, 0], interior = [0, -1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~ E2215 pad C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f64>) {
  %0 = "stablehlo.reduce"(%a, %z) <{dimensions = array<i64: 0>}> ({
//     ^~~~~~~~~~~~~~~~~~ E2217 reduce C2
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>, tensor<f64>) -> tensor<3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  %0 = stablehlo.reduce(%a init: %z) applies stablehlo.add across dimensions = [2] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
//     ^~~~~~~~~~~~~~~~ E2217 reduce C4
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  %0 = stablehlo.reduce(%a init: %z) applies stablehlo.add across dimensions = [1, 1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
//     ^~~~~~~~~~~~~~~~ E2217 reduce C5
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%a, %z) <{window_dimensions = array<i64: 2>}> ({
//     ^~~~~~~~~~~~~~~~~~~~~~~~~ E2218 reduce_window C4
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %z: tensor<f32>) {
  %0 = "stablehlo.reduce_window"(%a, %z) <{window_dimensions = array<i64: 0, 1>}> ({
//     ^~~~~~~~~~~~~~~~~~~~~~~~~ E2218 reduce_window C5
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.reshape %a : (tensor<2x3xf32>) -> tensor<7xf32>
//     ^~~~~~~~~~~~~~~~~ E2219 reshape C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.reverse %a, dims = [0, 0] : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~ E2220 reverse C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.reverse %a, dims = [2] : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~ E2220 reverse C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %n: tensor<i32>) {
  %0 = stablehlo.set_dimension_size %a, %n, dim = 2 : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2223 set_dimension_size C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.slice"(%a) <{start_indices = array<i64: 0, 0>, limit_indices = array<i64: 2, 4>, strides = array<i64: 1, 1>}> : (tensor<2x3xf32>) -> tensor<2x4xf32>
//     ^~~~~~~~~~~~~~~~~ E2224 slice C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.slice"(%a) <{start_indices = array<i64: 0, 0>, limit_indices = array<i64: 2, 3>, strides = array<i64: 1, 0>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~ E2224 slice C4
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.sort"(%a) <{dimension = 2 : i64}> ({
//     ^~~~~~~~~~~~~~~~ E2225 sort C4
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    %1 = stablehlo.compare LT, %x, %y : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.sort"(%a) <{dimension = 1 : i64}> ({
//     ^~~~~~~~~~~~~~~~ E2225 sort C5
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %i: tensor<2xi32>) {
  %0 = "stablehlo.torch_index_select"(%a, %i) <{batch_dims = 0 : i64, dim = 2 : i64}> : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2226 torch_index_select C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.transpose %a, dims = [0, 0] : (tensor<2x3xf32>) -> tensor<2x2xf32>
//     ^~~~~~~~~~~~~~~~~~~ E2227 transpose C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %v: tensor<3xf32>) {
  %0 = "stablehlo.batch_norm_inference"(%a, %v, %v, %v, %v) <{epsilon = 1.0e-3 : f32, feature_index = 2 : i64}> : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2302 batch_norm_inference C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %v: tensor<2xf32>) {
  %0:3 = "stablehlo.batch_norm_training"(%a, %v, %v) <{epsilon = 1.0e-3 : f32, feature_index = 1 : i64}> : (tensor<2x3xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<2x3xf32>, tensor<2xf32>, tensor<2xf32>)
//       ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2303 batch_norm_training C3
  return
}
// -----
func.func @main(%a: tensor<3xf32>) {
  %0 = stablehlo.cholesky %a, lower = true : tensor<3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2304 cholesky C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.cholesky %a, lower = true : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2304 cholesky C3
  return
}
// -----
func.func @main(%a: tensor<1x8x2xf32>, %b: tensor<3x2x4xf32>) {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {stride = [0]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x2xf32>, tensor<3x2x4xf32>) -> tensor<1x6x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C3
  return
}
// -----
func.func @main(%a: tensor<1x8x2xf32>, %b: tensor<3x2x4xf32>) {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {lhs_dilate = [0]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x2xf32>, tensor<3x2x4xf32>) -> tensor<1x6x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C6
  return
}
// -----
func.func @main(%a: tensor<1x8x2xf32>, %b: tensor<3x2x4xf32>) {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {rhs_dilate = [0]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x2xf32>, tensor<3x2x4xf32>) -> tensor<1x6x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C8
  return
}
// -----
func.func @main(%a: tensor<1x8x2xf32>, %b: tensor<3x2x4xf32>) {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 3 : i64, feature_group_count = 1 : i64} : (tensor<1x8x2xf32>, tensor<3x2x4xf32>) -> tensor<1x6x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C10
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C15
  return
}
// -----
func.func @main(%a: tensor<1x8x2xf32>, %b: tensor<3x2x4xf32>) {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 3 : i64} : (tensor<1x8x2xf32>, tensor<3x2x4xf32>) -> tensor<1x6x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C11
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C16
  return
}
// -----
func.func @main(%a: tensor<1x8x2xf32>, %b: tensor<3x3x4xf32>) {
  %0 = stablehlo.convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x8x2xf32>, tensor<3x3x4xf32>) -> tensor<1x6x4xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2305 convolution C14
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.dot_general"(%a, %a) <{dot_dimension_numbers = #stablehlo.dot<lhs_batching_dimensions = [0], rhs_batching_dimensions = [], lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1]>}> : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~ E2307 dot_general C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [0, 1] x [0] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2307 dot_general C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [2] x [0] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2307 dot_general C6
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2307 dot_general C10
  return
}
// -----
func.func @main(%a: tensor<4xcomplex<f32>>) {
  %0 = stablehlo.fft %a, type = FFT, length = [] : (tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>
//     ^~~~~~~~~~~~~ E2310 fft C3
  return
}
// -----
func.func @main(%a: tensor<4xf32>) {
  %0 = stablehlo.fft %a, type = RFFT, length = [3] : (tensor<4xf32>) -> tensor<2xcomplex<f32>>
//     ^~~~~~~~~~~~~ E2310 fft C4
  return
}
// -----
func.func @main(%a: tensor<i32>, %s: tensor<1xi64>) {
  %0 = stablehlo.rng %a, %a, %s, distribution = NORMAL : (tensor<i32>, tensor<i32>, tensor<1xi64>) -> tensor<?xi32>
//     ^~~~~~~~~~~~~ E2311 rng C2
  return
}
// -----
func.func @main(%a: tensor<4xui64>) {
  %0:2 = stablehlo.rng_bit_generator %a, algorithm = THREE_FRY : (tensor<4xui64>) -> (tensor<4xui64>, tensor<2xui32>)
//       ^~~~~~~~~~~~~~~~~~~~~~~~~~~ E2312 rng_bit_generator C2
  return
}
// -----
func.func @main(%a: tensor<2x2xf32>, %b: tensor<3x2xf32>) {
  %0 = "stablehlo.triangular_solve"(%a, %b) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>, unit_diagonal = false}> : (tensor<2x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2313 triangular_solve C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.einsum %a, %a, config = "ab,bc->ac" : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~ E2309 einsum C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = func.call @nowhere(%a) : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~ E2408 func.call F1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  func.return %a : tensor<2x3xf32>
//^~~~~~~~~~~ E2410 func.return F2
}
// -----
func.func @main(%i: tensor<i32>, %a: tensor<f32>, %b: tensor<f64>) {
  %0 = "stablehlo.case"(%i) ({
//     ^~~~~~~~~~~~~~~~ E2417 case C3
    stablehlo.return %a : tensor<f32>
  }, {
    stablehlo.return %b : tensor<f64>
  }) : (tensor<i32>) -> tensor<f32>
  return
}
// -----
func.func @main(%i: tensor<i1>, %a: tensor<f32>, %b: tensor<f64>) {
  %0 = "stablehlo.if"(%i) ({
//     ^~~~~~~~~~~~~~ E2422 if C2
    stablehlo.return %a : tensor<f32>
  }, {
    stablehlo.return %b : tensor<f64>
  }) : (tensor<i1>) -> tensor<f32>
  return
}
// -----
func.func @main(%i: tensor<1xi1>, %a: tensor<f32>) {
  %0 = "stablehlo.if"(%i) ({
//     ^~~~~~~~~~~~~~ E2422 if I1
    stablehlo.return %a : tensor<f32>
  }, {
    stablehlo.return %a : tensor<f32>
  }) : (tensor<1xi1>) -> tensor<f32>
  return
}
// -----
func.func @main(%a: tensor<f32>) {
  %0 = stablehlo.while(%x = %a) : tensor<f32>
//     ^~~~~~~~~~~~~~~ E2430 while C1
  cond {
    stablehlo.return %x : tensor<f32>
  } do {
    stablehlo.return %x : tensor<f32>
  }
  return
}
// -----
func.func @main(%a: tensor<f32>, %c: tensor<i1>) {
  %0 = stablehlo.while(%x = %a) : tensor<f32>
//     ^~~~~~~~~~~~~~~ E2430 while C2
  cond {
    stablehlo.return %c : tensor<i1>
  } do {
    stablehlo.return %c : tensor<i1>
  }
  return
}
// -----
func.func @main(%a: tensor<f32>) {
  %0 = stablehlo.composite "my.op" %a {decomposition = @nowhere} : (tensor<f32>) -> tensor<f32>
//     ^~~~~~~~~~~~~~~~~~~ E2418 composite C2
  return
}
// -----
func.func @main(%a: tensor<f32>) {
  %0 = stablehlo.composite "op" %a {decomposition = @main} : (tensor<f32>) -> tensor<f32>
//     ^~~~~~~~~~~~~~~~~~~ E2418 composite C1
//     ^~~~~~~~~~~~~~~~~~~ E2418 composite C4
  return
}
// -----
func.func @main(%a: tuple<tensor<f32>>) {
  %0 = stablehlo.get_tuple_element %a[1] : (tuple<tensor<f32>>) -> tensor<f32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~ E2421 get_tuple_element C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = stablehlo.custom_call @f(%a) {operand_layouts = [dense<[1, 0]> : tensor<2xindex>]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~ E2420 custom_call V1
  return
}
// -----
func.func @main(%a: tensor<f32>) {
  stablehlo.return %a : tensor<f32>
//^~~~~~~~~~~~~~~~ E2427 return R1
}
// -----
func.func @main(%t: !stablehlo.token) {
  %0:2 = "stablehlo.recv"(%t) <{channel_handle = #stablehlo.channel_handle<handle = 0, type = 1>, is_host_transfer = true}> : (!stablehlo.token) -> (tensor<f32>, !stablehlo.token)
//       ^~~~~~~~~~~~~~~~ E2426 recv C1
  return
}
// -----
func.func @main(%a: tensor<f32>, %t: !stablehlo.token) {
  %0 = "stablehlo.send"(%a, %t) <{channel_handle = #stablehlo.channel_handle<handle = 0, type = 1>, is_host_transfer = true}> : (tensor<f32>, !stablehlo.token) -> !stablehlo.token
//     ^~~~~~~~~~~~~~~~ E2428 send C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.all_gather"(%a) <{all_gather_dim = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x3xf32>) -> tensor<2x6xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~ E2501 all_gather C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.all_reduce"(%a) <{replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>}> ({
//     ^~~~~~~~~~~~~~~~~~~~~~ E2502 all_reduce C1
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.all_to_all"(%a) <{split_dimension = 1 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<2x3xf32>) -> tensor<4x1xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~ E2503 all_to_all C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.collective_broadcast"(%a) <{replica_groups = dense<[[1, 1]]> : tensor<1x2xi64>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2504 collective_broadcast C1
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.collective_permute"(%a) <{source_target_pairs = dense<[[0, 1], [0, 2]]> : tensor<2x2xi64>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2505 collective_permute C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.collective_permute"(%a) <{source_target_pairs = dense<[[0, 1], [2, 1]]> : tensor<2x2xi64>}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ E2505 collective_permute C3
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "stablehlo.reduce_scatter"(%a) <{scatter_dimension = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
//     ^~~~~~~~~~~~~~~~~~~~~~~~~~ E2509 reduce_scatter C2
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    stablehlo.return %x : tensor<f32>
  }) : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>, %b: tensor<4xf32>) {
  %0 = chlo.broadcast_add %a, %b : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~~ E2609 chlo.broadcast_add C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0:2 = chlo.top_k(%a, k = 4) : tensor<2x3xf32> -> (tensor<2x4xf32>, tensor<2x4xi32>)
//       ^~~~~~~~~~ E2650 chlo.top_k C2
  return
}
// -----
func.func @main(%a: tensor<2x3xf32>) {
  %0 = "chlo.constant_like"(%a) <{value = 1.0 : f32}> : (tensor<2x3xf32>) -> tensor<3xf32>
//     ^~~~~~~~~~~~~~~~~~~~ E2008 constant_like C1, C2
  return
}
// -----
// Three mistakes of three kinds give three messages: what can be read is verified even where some cannot.
func.func @main(%a: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = stablehlo.subtrac %a, %a : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~ E1101 there is no operation 'stablehlo.subtrac'
  %1 = stablehlo.popcnt %a : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~ E2002 stablehlo.popcnt
  %2 = stablehlo.reverse %a, dims = [2] : tensor<2x3xf32>
//     ^~~~~~~~~~~~~~~~~ E2220 reverse C3
  return %a : tensor<2x3xf32>
}
