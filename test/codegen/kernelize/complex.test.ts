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

  it.each([
    'stablehlo.transpose %x, dims = [1, 0] : (tensor<2x2xcomplex<f32>>) -> tensor<2x2xcomplex<f32>>',
    'stablehlo.add %x, %x : tensor<2x2xcomplex<f32>>',
    'stablehlo.cholesky %x : tensor<2x2xcomplex<f32>>',
    'stablehlo.reverse %x, dims = [0] : tensor<2x2xcomplex<f32>>',
  ])('are refused as a whole: %s', (op) => {
    const text = `func.func @main(%x: tensor<2x2xcomplex<f32>>) -> tensor<2x2xcomplex<f32>> {\n  %0 = ${op}\n  return %0 : tensor<2x2xcomplex<f32>>\n}`;
    expect(() => runBoth(text)).toThrow('kernels do not compute with elements of type');
  });
});
