import { describe, expect, it } from 'vitest';
import { pairProducts } from '../../passes/pair-products.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

function dot(lhs: string, rhs: string, result: string, contracted = '[1] x [0]', body = ''): string {
  return inFunction(
    `(%x: tensor<${lhs}>, %w: tensor<${rhs}>) -> tensor<${result}>`,
    body === ''
      ? `%0 = stablehlo.dot_general %x, %w, contracting_dims = ${contracted} : (tensor<${lhs}>, tensor<${rhs}>) -> tensor<${result}>
    return %0 : tensor<${result}>`
      : body,
  );
}

function convolution(lhs: string, rhs: string, result: string, groups = 1): string {
  return inFunction(
    `(%x: tensor<${lhs}>, %w: tensor<${rhs}>) -> tensor<${result}>`,
    `%0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}
      {batch_group_count = 1 : i64, feature_group_count = ${groups} : i64} : (tensor<${lhs}>, tensor<${rhs}>) -> tensor<${result}>
    return %0 : tensor<${result}>`,
  );
}

/** Less 3, in i32, as a zero point is taken off. */
const zeroPoint = `%a = stablehlo.convert %x : (tensor<8x32xui8>) -> tensor<8x32xi32>
    %z = stablehlo.constant dense<3> : tensor<8x32xi32>
    %b = stablehlo.subtract %a, %z : tensor<8x32xi32>
    %c = stablehlo.convert %w : (tensor<32x8xi8>) -> tensor<32x8xi32>
    %0 = stablehlo.dot_general %b, %c, contracting_dims = [1] x [0] : (tensor<8x32xi32>, tensor<32x8xi32>) -> tensor<8x8xi32>
    return %0 : tensor<8x8xi32>`;

const constantWeights = inFunction(
  '(%x: tensor<3x5xi8>) -> tensor<3x4xi32>',
  `%w = stablehlo.constant dense<[[1, -2, 0, 0], [3, 4, 0, 0], [-5, 6, 0, 0], [127, -128, 0, 0], [9, 10, 0, 0]]> : tensor<5x4xi8>
    %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (tensor<3x5xi8>, tensor<5x4xi8>) -> tensor<3x4xi32>
    return %0 : tensor<3x4xi32>`,
);

function expectPairs(text: string): string {
  const outcome = runPass(pairProducts, text);
  expect(outcome.text).toContain('_pairs');
  expect(runPass(pairProducts, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text)).toBeUndefined();
  return outcome.text;
}

describe('pair-products', () => {
  it('makes words of neighbours by a cast, of others by shifts', () => {
    const text = expectPairs(dot('8x32xi8', '32x8xi8', '8x8xi32'));
    expect([...text.matchAll(/(?<!#)(?:stablehlo|tessera)\.(\w+)/g)].map(([, name]) => name)).toEqual([
      'reshape', 'convert', 'bitcast_convert', 'slice', 'convert', 'slice', 'convert', 'constant', 'and', 'constant', 'shift_left', 'or',
      'dot_general_pairs',
    ]); // prettier-ignore
  });

  it('makes the words of a constant', () => {
    const text = expectPairs(constantWeights);
    // 1 and 3; -2 and 4; -5 and 127; 6 and -128; 9, 10.
    expect(text).toContain('[[196609, 327678, 0, 0], [8388603, -8388602, 0, 0], [9, 10, 0, 0]]');
  });

  it.each([
    ['bytes without a sign', dot('8x32xui8', '32x8xui8', '8x8xi32')],
    ['16 bits, whose products wrap', dot('8x32xi16', '32x8xi16', '8x8xi32')],
    ['an odd number of products', dot('8x31xi8', '31x9xi8', '8x9xi32')],
    ['right sides that lie the other way', dot('8x32xi8', '8x32xi8', '8x8xi32', '[1] x [1]')],
    ['left sides that lie the other way', dot('32x8xi8', '32x8xi8', '8x8xi32', '[0] x [0]')],
    ['several contracted dimensions', dot('8x4x8xi8', '4x8x8xi8', '8x8xi32', '[1, 2] x [0, 1]')],
    ['what a zero point was taken off', dot('8x32xui8', '32x8xi8', '8x8xi32', '', zeroPoint)],
    ['windows', convolution('1x6x6x4xi8', '3x3x4x8xi8', '1x6x6x8xi32')],
    ['windows over an odd number of features', convolution('1x6x6x3xi8', '3x3x3x8xi8', '1x6x6x8xi32')],
    ['groups of whole pairs', convolution('1x6x6x8xi8', '3x3x4x8xi8', '1x6x6x8xi32', 2)],
  ])('takes %s', (_, text) => {
    expectPairs(text);
  });

  it('takes sizes bound late around pairs side by side', () => {
    const { text } = runPass(pairProducts, dot('?x32xi8', '32x8xi8', '?x8xi32'));
    expect(text).toContain('_pairs');
  });

  it.each([
    ['floats', dot('8x32xf32', '32x8xf32', '8x8xf32')],
    ['wide integers', dot('8x32xi32', '32x8xi32', '8x8xi32')],
    ['16 bits without a sign', dot('8x32xui16', '32x8xui16', '8x8xi32')],
    ['one product', dot('8x1xi8', '1x8xi8', '8x8xi32')],
    ['no products', dot('8x0xi8', '0x8xi8', '8x8xi32')],
    ['sums in bytes', dot('8x32xi8', '32x8xi8', '8x8xi8')],
    ['operands that are used once', dot('1x32xi8', '32x8xi8', '1x8xi32')],
    ['groups of an odd number of features', convolution('1x6x6x6xi8', '3x3x3x8xi8', '1x6x6x8xi32', 2)],
    ['sizes bound late around pairs that lie apart', dot('32x?xi8', '32x8xi8', '?x8xi32', '[0] x [0]')],
    ['a late number of products', dot('8x?xi8', '?x8xi8', '8x8xi32')],
  ])('leaves %s', (_, text) => {
    expectUnchanged(pairProducts, text);
  });
});
