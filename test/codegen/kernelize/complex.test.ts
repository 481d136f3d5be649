import { describe, expect, it } from 'vitest';
import { runBoth } from '../plan/run-plan.ts';

describe('complex tensors', () => {
  it('are taken apart and put together at the boundary', () => {
    const { actual, expected } =
      runBoth(`func.func @main(%x: tensor<3xcomplex<f32>>) -> (tensor<3xcomplex<f32>>, tensor<3xf32>) {
  %0 = stablehlo.real %x : (tensor<3xcomplex<f32>>) -> tensor<3xf32>
  %1 = stablehlo.imag %x : (tensor<3xcomplex<f32>>) -> tensor<3xf32>
  %2 = stablehlo.complex %1, %0 : tensor<3xcomplex<f32>>
  return %2, %1 : tensor<3xcomplex<f32>>, tensor<3xf32>
}`);
    expect(actual).toEqual(expected);
  });

  const run = (results: string, op: string): ReturnType<typeof runBoth> =>
    runBoth(`func.func @main(%x: tensor<2x3xcomplex<f32>>, %y: tensor<1x1xcomplex<f32>>, %z: tensor<complex<f32>>, %i: tensor<i32>) -> ${results} {
  %0 = ${op}
  return %0 : ${results}
}`);

  it.each([
    [
      'tensor<3x2xcomplex<f32>>',
      'stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>>',
    ],
    ['tensor<2x3xcomplex<f32>>', 'stablehlo.reverse %x, dims = [0, 1] : tensor<2x3xcomplex<f32>>'],
    ['tensor<3x2xcomplex<f32>>', 'stablehlo.reshape %x : (tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>>'],
    [
      'tensor<1x2xcomplex<f32>>',
      'stablehlo.slice %x [1:2, 0:3:2] : (tensor<2x3xcomplex<f32>>) -> tensor<1x2xcomplex<f32>>',
    ],
    [
      'tensor<2x4x3xcomplex<f32>>',
      'stablehlo.broadcast_in_dim %x, dims = [0, 2] : (tensor<2x3xcomplex<f32>>) -> tensor<2x4x3xcomplex<f32>>',
    ],
    [
      'tensor<4x6xcomplex<f32>>',
      'stablehlo.pad %x, %z, low = [1, 0], high = [0, 1], interior = [1, 1] : (tensor<2x3xcomplex<f32>>, tensor<complex<f32>>) -> tensor<4x6xcomplex<f32>>',
    ],
    [
      'tensor<4x3xcomplex<f32>>',
      'stablehlo.concatenate %x, %x, dim = 0 : (tensor<2x3xcomplex<f32>>, tensor<2x3xcomplex<f32>>) -> tensor<4x3xcomplex<f32>>',
    ],
    [
      'tensor<1x2xcomplex<f32>>',
      'stablehlo.dynamic_slice %x, %i, %i, sizes = [1, 2] : (tensor<2x3xcomplex<f32>>, tensor<i32>, tensor<i32>) -> tensor<1x2xcomplex<f32>>',
    ],
    [
      'tensor<2x3xcomplex<f32>>',
      'stablehlo.dynamic_update_slice %x, %y, %i, %i : (tensor<2x3xcomplex<f32>>, tensor<1x1xcomplex<f32>>, tensor<i32>, tensor<i32>) -> tensor<2x3xcomplex<f32>>',
    ],
  ])('are moved as pairs to %s', (results, op) => {
    const { actual, expected } = run(results, op);
    expect(actual).toEqual(expected);
  });

  it.each(['add %x, %x', 'negate %x', 'tanh %x'])('are refused by arithmetic: %s', (op) => {
    const type = 'tensor<2x3xcomplex<f32>>';
    expect(() => run(type, `stablehlo.${op} : ${type}`)).toThrow(`with elements of type ${type}`);
  });
});
