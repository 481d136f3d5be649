import { describe, expect, it } from 'vitest';
import { cse } from '../../passes/cse.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

const f32 = '(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32>';

describe('cse', () => {
  it('merges equal ops, and then what they lead to', () => {
    expectRewrite(
      cse,
      inFunction(
        f32,
        `%0 = stablehlo.add %x, %y : tensor<4xf32>
         %1 = stablehlo.add %x, %y : tensor<4xf32>
         %2 = stablehlo.negate %0 : tensor<4xf32>
         %3 = stablehlo.negate %1 : tensor<4xf32>
         %4 = stablehlo.multiply %2, %3 : tensor<4xf32>
         return %4 : tensor<4xf32>`,
      ),
      inFunction(
        f32,
        `%0 = stablehlo.add %x, %y : tensor<4xf32>
         %1 = stablehlo.negate %0 : tensor<4xf32>
         %2 = stablehlo.multiply %1, %1 : tensor<4xf32>
         return %2 : tensor<4xf32>`,
      ),
    );
  });

  it('leaves ops that differ in operands, attributes or types, and 0 beside -0', () => {
    expectUnchanged(
      cse,
      inFunction(
        '(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xi1>, tensor<f32>, tensor<f32>)',
        `%0 = stablehlo.subtract %x, %y : tensor<4xf32>
         %1 = stablehlo.subtract %y, %x : tensor<4xf32>
         %2 = stablehlo.compare LT, %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
         %3 = stablehlo.compare GT, %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
         %4 = stablehlo.constant dense<0.0> : tensor<f32>
         %5 = stablehlo.constant dense<-0.0> : tensor<f32>
         return %0, %1, %2, %3, %4, %5 : tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xi1>, tensor<f32>, tensor<f32>`,
      ),
    );
  });

  it('leaves random numbers and calls of custom code', () => {
    expectUnchanged(
      cse,
      inFunction(
        '(%a: tensor<f32>, %s: tensor<1xi64>) -> (tensor<?xf32>, tensor<?xf32>)',
        `%0 = stablehlo.rng %a, %a, %s, distribution = NORMAL : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<?xf32>
         %1 = stablehlo.rng %a, %a, %s, distribution = NORMAL : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<?xf32>
         return %0, %1 : tensor<?xf32>, tensor<?xf32>`,
      ),
    );
  });

  it('lets a branch use what was computed before it, and not the other branch', () => {
    expectRewrite(
      cse,
      inFunction(
        '(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32>',
        `%0 = stablehlo.negate %x : tensor<f32>
         %1 = "stablehlo.if"(%p) ({
           %2 = stablehlo.negate %x : tensor<f32>
           %3 = stablehlo.abs %2 : tensor<f32>
           stablehlo.return %3 : tensor<f32>
         }, {
           %2 = stablehlo.abs %0 : tensor<f32>
           stablehlo.return %2 : tensor<f32>
         }) : (tensor<i1>) -> tensor<f32>
         return %1 : tensor<f32>`,
      ),
      inFunction(
        '(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32>',
        `%0 = stablehlo.negate %x : tensor<f32>
         %1 = "stablehlo.if"(%p) ({
           %2 = stablehlo.abs %0 : tensor<f32>
           stablehlo.return %2 : tensor<f32>
         }, {
           %2 = stablehlo.abs %0 : tensor<f32>
           stablehlo.return %2 : tensor<f32>
         }) : (tensor<i1>) -> tensor<f32>
         return %1 : tensor<f32>`,
      ),
    );
  });

  it('keeps reducers closed', () => {
    expectUnchanged(
      cse,
      inFunction(
        '(%x: tensor<4xf32>) -> (tensor<f32>, tensor<f32>)',
        `%c = stablehlo.constant dense<0.0> : tensor<f32>
         %0 = stablehlo.reduce(%x init: %c) across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
          reducer(%a: tensor<f32>, %b: tensor<f32>) {
           %d = stablehlo.constant dense<0.0> : tensor<f32>
           %1 = stablehlo.maximum %b, %d : tensor<f32>
           %2 = stablehlo.add %a, %1 : tensor<f32>
           stablehlo.return %2 : tensor<f32>
         }
         return %0, %c : tensor<f32>, tensor<f32>`,
      ),
    );
  });

  it('merges equal reductions', () => {
    const reduction =
      'stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>';
    const text = inFunction(
      '(%x: tensor<4xf32>) -> tensor<f32>',
      `%c = stablehlo.constant dense<0.0> : tensor<f32>
       %0 = ${reduction}
       %1 = ${reduction}
       %2 = stablehlo.add %0, %1 : tensor<f32>
       return %2 : tensor<f32>`,
    );
    expect(runPass(cse, text).text).toContain('%1 = stablehlo.add %0, %0');
  });
});
