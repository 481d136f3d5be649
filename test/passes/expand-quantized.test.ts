import { describe, expect, it } from 'vitest';
import { expandQuantized } from '../../passes/expand-quantized.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

const byte = '!quant.uniform<i8:f32, 0.5:3>';

/** From floats to floats through quantised values `%q` and `%r`; `lines` define `%s`. */
function quantised(lines: string, element = byte, result = element, type = '4x'): string {
  const floats = `tensor<${type}f32>`;
  return inFunction(
    `(%x: ${floats}, %y: ${floats}) -> ${floats}`,
    `%q = stablehlo.uniform_quantize %x : (${floats}) -> tensor<${type}${element}>
    %r = stablehlo.uniform_quantize %y : (${floats}) -> tensor<${type}${element}>
    ${lines}
    %z = stablehlo.uniform_dequantize %s : (tensor<${type}${result}>) -> ${floats}
    return %z : ${floats}`,
  );
}

/** Nothing quantised is left, and the result is the same bit by bit. */
function expectExpanded(text: string): void {
  const outcome = runPass(expandQuantized, text);
  expect(outcome.changed).toBe(true);
  expect(outcome.text).not.toContain('quant');
  expect(runPass(expandQuantized, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text, 6)).toBeUndefined();
}

describe('expand-quantized', () => {
  it('makes dequantisation a difference and a product', () => {
    const type = 'tensor<4x!quant.uniform<i8:f32, 0.5:3>>';
    const before = inFunction(
      '() -> tensor<4xf32>',
      `%c = "stablehlo.constant"() {value = dense<[1, 2, 3, -128]> : tensor<4xi8>} : () -> ${type}
      %0 = stablehlo.uniform_dequantize %c : (${type}) -> tensor<4xf32>
      return %0 : tensor<4xf32>`,
    );
    const after = inFunction(
      '() -> tensor<4xf32>',
      `%c = stablehlo.constant dense<[1, 2, 3, -128]> : tensor<4xi8>
      %0 = stablehlo.convert %c : (tensor<4xi8>) -> tensor<4xf32>
      %c_0 = stablehlo.constant dense<3.0> : tensor<4xf32>
      %1 = stablehlo.subtract %0, %c_0 : tensor<4xf32>
      %c_1 = stablehlo.constant dense<0.5> : tensor<4xf32>
      %2 = stablehlo.multiply %1, %c_1 : tensor<4xf32>
      return %2 : tensor<4xf32>`,
    );
    expectRewrite(expandQuantized, before, after);
  });

  it.each(['add', 'multiply', 'subtract', 'maximum', 'divide', 'atan2'])('computes %s as the evaluator does', (op) => {
    expectExpanded(quantised(`%s = stablehlo.${op} %q, %r : tensor<4x${byte}>`));
  });

  it.each([
    '!quant.uniform<i4:f32, 0.25>',
    '!quant.uniform<u8:f32, 0.1:128>',
    '!quant.uniform<i8<-127:127>:f32, 0.3:-5>',
    '!quant.uniform<i16:f32, 0.001:7>',
    '!quant.uniform<i32:f32, 0.001:7>',
    '!quant.uniform<i8:f32:0, {0.5, 0.25:1, 0.1:-3, 2.0}>',
  ])('knows the element type %s', (element) => {
    expectExpanded(quantised(`%s = stablehlo.add %q, %r : tensor<4x${element}>`, element));
  });

  it('moves integers', () => {
    const text = quantised(`%s = stablehlo.reverse %q, dims = [0] : tensor<4x${byte}>`);
    expectExpanded(text);
    expect(runPass(expandQuantized, text).text).toContain('stablehlo.reverse %6, dims = [0] : tensor<4xi8>');
  });

  it('carries integers through loops', () => {
    const type = `tensor<4x${byte}>`;
    expectExpanded(
      quantised(`%n = stablehlo.constant dense<3> : tensor<i32>
      %w:2 = stablehlo.while(%i = %n, %s0 = %q) : tensor<i32>, ${type} cond {
        %zero = stablehlo.constant dense<0> : tensor<i32>
        %p = stablehlo.compare GT, %i, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %p : tensor<i1>
      } do {
        %one = stablehlo.constant dense<1> : tensor<i32>
        %next = stablehlo.subtract %i, %one : tensor<i32>
        %sum = stablehlo.add %s0, %r : ${type}
        stablehlo.return %next, %sum : tensor<i32>, ${type}
      }
      %s = stablehlo.reverse %w#1, dims = [0] : ${type}`),
    );
  });

  it('keeps the types of arguments and results', () => {
    const type = `tensor<4x${byte}>`;
    const { text } = runPass(
      expandQuantized,
      inFunction(`(%x: ${type}) -> ${type}`, `%0 = stablehlo.negate %x : ${type}\nreturn %0 : ${type}`),
    );
    expect(text).toContain(`stablehlo.bitcast_convert %arg0 : (${type}) -> tensor<4xi8>`);
    expect(text).toMatch(/bitcast_convert %\d+ : \(tensor<4xi8>\)/);
    expect(runPass(expandQuantized, text).changed).toBe(false);
  });

  it('leaves a module without quantised types as it is', () => {
    expectUnchanged(
      expandQuantized,
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xf32>',
        '%0 = stablehlo.negate %x : tensor<4xf32>\nreturn %0 : tensor<4xf32>',
      ),
    );
  });
});
