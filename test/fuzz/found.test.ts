/** What random programs found wrong, each as small as it became. */
import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../ir/dimension.ts';
import { checkProgram } from './check-program.ts';
import { readModule } from './read-program.ts';
import type { Profile } from './sample-values.ts';

/** Holds the compiled program to the evaluator on three sets of values. */
function expectAgreement(text: string, profiles: readonly Profile[], late: readonly [string, number][] = []): void {
  const symbols = late.map(([name, most]) => dimSymbol(name, most));
  for (const seed of [1, 2, 3]) {
    const verdict = checkProgram({ module: readModule(text), profiles, symbols }, seed);
    expect(verdict.kind, 'message' in verdict ? verdict.message : '').toBe('agreed');
  }
}

describe('found by random programs', () => {
  it('words of 32 bits, loaded with a sign or as floats, are not extended by it when two make one of 64', () => {
    for (const word of ['f32', 'i32', 'ui32'])
      expectAgreement(
        `func.func @main(%x: tensor<2x2x${word}>) -> tensor<2xi64> {
          %0 = stablehlo.bitcast_convert %x : (tensor<2x2x${word}>) -> tensor<2xi64>
          return %0 : tensor<2xi64>
        }`,
        ['wild'],
      );
  });

  it('weights that are all the same move with no feature: windows line by line read one element for all lanes', () => {
    expectAgreement(
      `func.func @main(%x: tensor<1x5x7xi32>) -> tensor<3x1x9xi32> {
        %w = stablehlo.constant dense<-1860521495> : tensor<9x5x5xi32>
        %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, f, 0]x[o, 0, i]->[0, b, f], window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x5x7xi32>, tensor<9x5x5xi32>) -> tensor<3x1x9xi32>
        return %0 : tensor<3x1x9xi32>
      }`,
      ['small'],
    );
  });

  it('a slice of a scalar has no start indices', () => {
    expectAgreement(
      `func.func @main(%x: tensor<f32>) -> tensor<f32> {
        %0 = "stablehlo.dynamic_slice"(%x) <{slice_sizes = array<i64>}> : (tensor<f32>) -> tensor<f32>
        %1 = stablehlo.negate %0 : tensor<f32>
        return %1 : tensor<f32>
      }`,
      ['unit'],
    );
  });

  it('a scan over nothing gives its carries', () => {
    expectAgreement(
      `func.func @main(%x: tensor<0x3xf32>, %init: tensor<3xf32>) -> (tensor<0x3xf32>, tensor<3xf32>) {
        %0:2 = chlo.scan(%x) inits(%init) dimension=0 {
        ^bb0(%input: tensor<3xf32>, %carry: tensor<3xf32>):
          %1 = stablehlo.subtract %carry, %input : tensor<3xf32>
          stablehlo.return %1, %1 : tensor<3xf32>, tensor<3xf32>
        } : (tensor<0x3xf32>, tensor<3xf32>) -> (tensor<0x3xf32>, tensor<3xf32>)
        return %0#0, %0#1 : tensor<0x3xf32>, tensor<3xf32>
      }`,
      ['unit', 'unit'],
    );
  });

  it('a slice that takes nothing of a strided one stays in bounds', () => {
    expectAgreement(
      `func.func @main(%x: tensor<9x4xi32>) -> tensor<0x2xi32> {
        %0 = stablehlo.slice %x [8:9:2, 0:4:1] : (tensor<9x4xi32>) -> tensor<1x4xi32>
        %1 = stablehlo.slice %0 [1:1:3, 1:3:1] : (tensor<1x4xi32>) -> tensor<0x2xi32>
        return %1 : tensor<0x2xi32>
      }`,
      ['small'],
    );
  });

  it.each(['7498477513387310367', '-7498477513387310367', '2147483648'])(
    'rows are gathered at the constant %s',
    (at) => {
      expectAgreement(
        `func.func @main(%x: tensor<9x1xf16>) -> tensor<17x1xf16> {
        %c = stablehlo.constant dense<${at}> : tensor<17xi64>
        %0 = "stablehlo.gather"(%x, %c) <{
          dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>,
          slice_sizes = array<i64: 1, 1>}> : (tensor<9x1xf16>, tensor<17xi64>) -> tensor<17x1xf16>
        return %0 : tensor<17x1xf16>
      }`,
        ['small'],
      );
    },
  );

  it('what cancels over a late size is a number spread, not a constant of an open shape', () => {
    const type = 'tensor<?x3xui64, #tessera.tensor<dims = [n <= 5, _]>>';
    expectAgreement(
      `func.func @main(%x: ${type}) -> ${type} {
        %0 = stablehlo.subtract %x, %x : ${type}
        %1 = stablehlo.add %0, %0 : ${type}
        return %1 : ${type}
      }`,
      ['small'],
      [['n', 5]],
    );
  });

  it('products of complex numbers that a scatter multiplies are rounded as others are', () => {
    expectAgreement(
      `func.func @main(%x: tensor<40xcomplex<f64>>, %by: tensor<3x28xcomplex<f64>>, %at: tensor<3x1xi8>) -> tensor<40xcomplex<f64>> {
        %0 = "stablehlo.scatter"(%x, %at, %by) <{scatter_dimension_numbers = #stablehlo.scatter<
          update_window_dims = [1], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
        ^bb0(%a: tensor<complex<f64>>, %b: tensor<complex<f64>>):
          %1 = stablehlo.multiply %a, %b : tensor<complex<f64>>
          stablehlo.return %1 : tensor<complex<f64>>
        }) : (tensor<40xcomplex<f64>>, tensor<3x1xi8>, tensor<3x28xcomplex<f64>>) -> tensor<40xcomplex<f64>>
        return %0 : tensor<40xcomplex<f64>>
      }`,
      ['unit', 'unit', 'index'],
    );
  });

  it('what is gathered of a padded sum is the padding where the index is there', () => {
    expectAgreement(
      `func.func @main(%x: tensor<1x5xf32>, %p: tensor<f32>, %at: tensor<9x1xi32>) -> tensor<9xf32> {
        %0 = stablehlo.reduce(%x init: %p) applies stablehlo.add across dimensions = [1] : (tensor<1x5xf32>, tensor<f32>) -> tensor<1xf32>
        %1 = stablehlo.pad %0, %p, low = [2], high = [3], interior = [0] : (tensor<1xf32>, tensor<f32>) -> tensor<6xf32>
        %2 = "stablehlo.gather"(%1, %at) <{dimension_numbers = #stablehlo.gather<
          collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>
        }> : (tensor<6xf32>, tensor<9x1xi32>) -> tensor<9xf32>
        return %2 : tensor<9xf32>
      }`,
      ['small', 'unit', 'index'],
    );
  });

  it('a tile of images that lie side by side element by element copies its own', () => {
    expectAgreement(
      `func.func @main(%x: tensor<7x1x5x2x3xui8>, %w: tensor<3x1x3x3x4xui8>) -> tensor<1x3x1x4x4xui8> {
        %0 = stablehlo.convolution(%x, %w) dim_numbers = [2, f, 1, 0, b]x[2, i, 1, 0, o]->[0, b, 1, 2, f],
          window = {stride = [2, 3, 1], pad = [[2, 0], [-1, 0], [0, -1]]}
          {batch_group_count = 1 : i64, feature_group_count = 1 : i64} :
          (tensor<7x1x5x2x3xui8>, tensor<3x1x3x3x4xui8>) -> tensor<1x3x1x4x4xui8>
        return %0 : tensor<1x3x1x4x4xui8>
      }`,
      ['small', 'small'],
    );
  });
});
