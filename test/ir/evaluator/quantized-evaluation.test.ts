import { describe, expect, it } from 'vitest';
import { values } from '../ops/run-text.ts';

const byte = '!quant.uniform<i8:f32, 0.5:10>';
const perAxis = '!quant.uniform<i8:f32:1, {0.5:0, 2.0:-10}>';

function main(results: string, body: string): string {
  return `func.func @main() -> (${results}) {\n${body}\n}`;
}

describe('quantised elements', () => {
  it('are integers at run time, rounded to even and clamped', () => {
    const text = main(
      'tensor<5xi8>',
      `  %x = stablehlo.constant dense<[0.0, 0.25, 0.75, 100.0, -100.0]> : tensor<5xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<5xf32>) -> tensor<5x${byte}>
  %r = stablehlo.bitcast_convert %q : (tensor<5x${byte}>) -> tensor<5xi8>
  return %r : tensor<5xi8>`,
    );
    expect(values(text)).toEqual([[10, 10, 12, 127, -128]]);
  });

  it('have a scale for each index of an axis', () => {
    const text = main(
      'tensor<2x2xi8>, tensor<2x2xf32>',
      `  %x = stablehlo.constant dense<[[1.0, 4.0], [2.0, 8.0]]> : tensor<2x2xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<2x2xf32>) -> tensor<2x2x${perAxis}>
  %i = stablehlo.bitcast_convert %q : (tensor<2x2x${perAxis}>) -> tensor<2x2xi8>
  %f = stablehlo.uniform_dequantize %q : (tensor<2x2x${perAxis}>) -> tensor<2x2xf32>
  return %i, %f : tensor<2x2xi8>, tensor<2x2xf32>`,
    );
    expect(values(text)).toEqual([
      [2, -8, 4, -6],
      [1, 4, 2, 8],
    ]);
  });

  it('are computed with as the floats they stand for', () => {
    const text = main(
      'tensor<2xf32>',
      `  %q = stablehlo.constant() {value = dense<[12, 20]> : tensor<2xi8>} : () -> tensor<2x${byte}>
  %s = stablehlo.multiply %q, %q : (tensor<2x${byte}>, tensor<2x${byte}>) -> tensor<2x!quant.uniform<i8:f32, 1.0>>
  %f = stablehlo.uniform_dequantize %s : (tensor<2x!quant.uniform<i8:f32, 1.0>>) -> tensor<2xf32>
  return %f : tensor<2xf32>`,
    ).replace('stablehlo.constant()', '"stablehlo.constant"()');
    expect(values(text)).toEqual([[1, 25]]);
  });

  it('pass through calls and branches', () => {
    const text = `func.func @main() -> tensor<i8> {
  %p = stablehlo.constant dense<true> : tensor<i1>
  %x = stablehlo.constant dense<1.0> : tensor<f32>
  %q = stablehlo.uniform_quantize %x : (tensor<f32>) -> tensor<${byte}>
  %r = call @same(%q) : (tensor<${byte}>) -> tensor<${byte}>
  %b = "stablehlo.if"(%p) ({
    stablehlo.return %r : tensor<${byte}>
  }, {
    stablehlo.return %q : tensor<${byte}>
  }) : (tensor<i1>) -> tensor<${byte}>
  %i = stablehlo.bitcast_convert %b : (tensor<${byte}>) -> tensor<i8>
  return %i : tensor<i8>
}
func.func private @same(%x: tensor<${byte}>) -> tensor<${byte}> {
  return %x : tensor<${byte}>
}`;
    expect(values(text)).toEqual([[12]]);
  });

  it('are reduced by a region', () => {
    const text = main(
      `tensor<${byte}>`,
      `  %x = stablehlo.constant dense<1.0> : tensor<2xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<2xf32>) -> tensor<2x${byte}>
  %z = stablehlo.constant dense<0.0> : tensor<f32>
  %i = stablehlo.uniform_quantize %z : (tensor<f32>) -> tensor<${byte}>
  %r = "stablehlo.reduce"(%q, %i) ({
    ^bb0(%a: tensor<${byte}>, %b: tensor<${byte}>):
    %s = stablehlo.add %a, %b : tensor<${byte}>
    stablehlo.return %s : tensor<${byte}>
  }) {dimensions = array<i64: 0>} : (tensor<2x${byte}>, tensor<${byte}>) -> tensor<${byte}>
  return %r : tensor<${byte}>`,
    );
    expect(values(text)).toEqual([[14]]);
  });
});
