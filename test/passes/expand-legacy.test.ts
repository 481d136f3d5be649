import { describe, expect, it } from 'vitest';
import { expandLegacy } from '../../passes/expand-legacy.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

function einsum(config: string, operands: readonly [string, string], result: string): string {
  const [a, b] = operands.map((shape) => `tensor<${shape}>`);
  return inFunction(
    `(%a: ${a}, %b: ${b}) -> tensor<${result}>`,
    `%0 = stablehlo.einsum %a, %b, config = "${config}" : (${a}, ${b}) -> tensor<${result}>
     return %0 : tensor<${result}>`,
  );
}

function unaryEinsum(config: string, operand: string, result: string): string {
  return inFunction(
    `(%a: tensor<${operand}>) -> tensor<${result}>`,
    `%0 = stablehlo.unary_einsum %a, config = "${config}" : (tensor<${operand}>) -> tensor<${result}>
     return %0 : tensor<${result}>`,
  );
}

function expectExpanded(text: string): void {
  const outcome = runPass(expandLegacy, text);
  expect(outcome.text).not.toMatch(/einsum|torch_index_select/);
  expect(runPass(expandLegacy, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text)).toBeUndefined();
}

describe('expand-legacy', () => {
  it('makes an einsum a contraction and a transpose', () => {
    expectRewrite(
      expandLegacy,
      einsum('ij,jk->ki', ['2x3xi32', '3x4xi32'], '4x2xi32'),
      inFunction(
        '(%a: tensor<2x3xi32>, %b: tensor<3x4xi32>) -> tensor<4x2xi32>',
        `%0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<2x3xi32>, tensor<3x4xi32>) -> tensor<2x4xi32>
         %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<2x4xi32>) -> tensor<4x2xi32>
         return %1 : tensor<4x2xi32>`,
      ),
    );
  });

  it.each([
    ['bij,bjk->bik', '2x3x4xf64', '2x4x5xf64', '2x3x5xf64'],
    ['ij,ij->', '2x3xf64', '2x3xf64', 'f64'],
    ['i,j->ji', '2xf64', '3xf64', '3x2xf64'],
    ['ij,k->i', '2x3xf64', '4xf64', '2xf64'],
    ['iij,jk->ik', '3x3x2xf64', '2x4xf64', '3x4xf64'],
    ['...ij,...jk->...ik', '1x2x3xf64', '4x3x5xf64', '4x2x5xf64'],
    ['a...,b->b...', '2x1x3xf64', '4xf64', '4x1x3xf64'],
    ['ij,jk->ik', '2x3xcomplex<f64>', '3x4xcomplex<f64>', '2x4xcomplex<f64>'],
  ])('keeps the meaning of %s', (config, a, b, result) => expectExpanded(einsum(config, [a, b], result)));

  it.each([
    ['ij->ji', '2x3xf64', '3x2xf64'],
    ['ijk->j', '2x3x4xf64', '3xf64'],
    ['ii->i', '3x3xf64', '3xf64'],
    ['ijij->', '2x3x2x3xi32', 'i32'],
    ['i...->...', '2x3xcomplex<f64>', '3xcomplex<f64>'],
  ])('keeps the meaning of the unary %s', (config, operand, result) =>
    expectExpanded(unaryEinsum(config, operand, result)),
  );

  it.each([
    [1, 1, '2x5', '2x5x4'],
    [2, 0, '', '2x3'],
    [0, 0, '2x3', '2x3x3x4'],
    [2, 2, '2x3x2', '2x3x2'],
  ])('selects along dim %i with %i batch dimensions by a gather', (dim, batch, index, result) => {
    const indexType = `tensor<${index === '' ? '' : `${index}x`}i32>`;
    expectExpanded(
      inFunction(
        `(%a: tensor<2x3x4xf32>, %i: ${indexType}) -> tensor<${result}xf32>`,
        `%0 = "stablehlo.torch_index_select"(%a, %i) {dim = ${dim} : i64, batch_dims = ${batch} : i64} : (tensor<2x3x4xf32>, ${indexType}) -> tensor<${result}xf32>
         return %0 : tensor<${result}xf32>`,
      ),
    );
  });

  it('selects nothing of an empty batch', () => {
    expectExpanded(
      inFunction(
        '(%a: tensor<0x3xf32>, %i: tensor<0x2xi32>) -> tensor<0x2xf32>',
        `%0 = "stablehlo.torch_index_select"(%a, %i) {dim = 1 : i64, batch_dims = 1 : i64} : (tensor<0x3xf32>, tensor<0x2xi32>) -> tensor<0x2xf32>
         return %0 : tensor<0x2xf32>`,
      ),
    );
  });

  it('leaves what has operands of open sizes, and says so', () => {
    const text = einsum('ij,jk->ik', ['?x3xf32', '3x4xf32'], '?x4xf32');
    expectUnchanged(expandLegacy, text);
    expect(runPass(expandLegacy, text).remarks.join()).toContain('its sizes are not known');
  });
});
