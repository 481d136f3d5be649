import { describe, expect, it } from 'vitest';
import { expandHalf } from '../../passes/expand-half.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

function binary(op: string, element: string): string {
  const type = `tensor<16x${element}>`;
  return inFunction(
    `(%x: ${type}, %y: ${type}) -> ${type}`,
    `%0 = stablehlo.${op} %x, %y : ${type}\nreturn %0 : ${type}`,
  );
}

function conversion(from: string, to: string): string {
  return inFunction(
    `(%x: tensor<16x${from}>) -> tensor<16x${to}>`,
    `%0 = stablehlo.convert %x : (tensor<16x${from}>) -> tensor<16x${to}>\nreturn %0 : tensor<16x${to}>`,
  );
}

describe('expand-half', () => {
  it('computes in f32', () => {
    const after = inFunction(
      '(%x: tensor<16xbf16>, %y: tensor<16xbf16>) -> tensor<16xbf16>',
      `%0 = stablehlo.convert %x : (tensor<16xbf16>) -> tensor<16xf32>
      %1 = stablehlo.convert %y : (tensor<16xbf16>) -> tensor<16xf32>
      %2 = stablehlo.add %0, %1 : tensor<16xf32>
      %3 = stablehlo.convert %2 : (tensor<16xf32>) -> tensor<16xbf16>
      return %3 : tensor<16xbf16>`,
    );
    expectRewrite(expandHalf, binary('add', 'bf16'), after);
  });

  it.each(
    ['add', 'subtract', 'multiply', 'divide', 'maximum', 'remainder'].flatMap((op) =>
      ['f16', 'bf16'].map((element) => [op, element] as const),
    ),
  )('%s of %s is the same bit by bit', (op, element) => {
    const text = binary(op, element);
    expect(differenceOfTexts(text, runPass(expandHalf, text).text, 8)).toBeUndefined();
  });

  it.each([
    ['f16', 'bf16'],
    ['bf16', 'f16'],
    ['bf16', 'i32'],
    ['f16', 'f64'],
    ['i16', 'bf16'],
    ['i64', 'f16'],
    ['i1', 'f16'],
  ])('converts %s to %s by way of f32', (from, to) => {
    const text = conversion(from, to);
    const outcome = runPass(expandHalf, text);
    expect(outcome.text).toContain('f32');
    expect(runPass(expandHalf, outcome.text).changed).toBe(false);
    expect(differenceOfTexts(text, outcome.text, 8)).toBeUndefined();
  });

  it.each([
    ['f64', 'f16'],
    ['i32', 'bf16'],
    ['f32', 'bf16'],
  ])('leaves the conversion of %s to %s, which would round twice or is one already', (from, to) => {
    expectUnchanged(expandHalf, conversion(from, to));
  });

  it('reduces in f32', () => {
    const text = inFunction(
      '(%x: tensor<4x4xbf16>) -> tensor<4xbf16>',
      `%z = stablehlo.constant dense<0.0> : tensor<bf16>
      %0 = stablehlo.reduce(%x init: %z) applies stablehlo.add across dimensions = [1] : (tensor<4x4xbf16>, tensor<bf16>) -> tensor<4xbf16>
      return %0 : tensor<4xbf16>`,
    );
    expect(runPass(expandHalf, text).text).toMatch(/applies stablehlo.add .* : \(tensor<4x4xf32>, tensor<f32>\)/);
  });

  it('leaves the formats that a target has', () => {
    expectUnchanged(expandHalf, binary('add', 'f16'), { formats: 'bf16' });
  });

  it('leaves data movement', () => {
    const type = 'tensor<4xbf16>';
    expectUnchanged(
      expandHalf,
      inFunction(`(%x: ${type}) -> ${type}`, `%0 = stablehlo.reverse %x, dims = [0] : ${type}\nreturn %0 : ${type}`),
    );
  });
});
