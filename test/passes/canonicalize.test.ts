import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../passes/canonicalize.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

describe('canonicalize', () => {
  it('puts constants on the right of commutative ops and of comparisons', () => {
    expectRewrite(
      canonicalize,
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xi1>',
        `%c = stablehlo.constant dense<2.0> : tensor<4xf32>
         %0 = stablehlo.multiply %c, %x : tensor<4xf32>
         %1 = stablehlo.compare LT, %c, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
         return %1 : tensor<4xi1>`,
      ),
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xi1>',
        `%c = stablehlo.constant dense<2.0> : tensor<4xf32>
         %0 = stablehlo.multiply %x, %c : tensor<4xf32>
         %1 = stablehlo.compare GT, %0, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
         return %1 : tensor<4xi1>`,
      ),
    );
  });

  it('leaves what is canonical alone', () => {
    expectUnchanged(
      canonicalize,
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xf32>',
        `%c = stablehlo.constant dense<2.0> : tensor<4xf32>
         %0 = stablehlo.subtract %c, %x : tensor<4xf32>
         return %0 : tensor<4xf32>`,
      ),
    );
  });

  it('writes older ops as newer ones', () => {
    expectRewrite(
      canonicalize,
      inFunction(
        '(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<4x2xf32>',
        `%0 = stablehlo.dot %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32>
         %1 = stablehlo.broadcast %0, sizes = [4] : (tensor<2xf32>) -> tensor<4x2xf32>
         return %1 : tensor<4x2xf32>`,
      ),
      inFunction(
        '(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<4x2xf32>',
        `%0 = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32>
         %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<2xf32>) -> tensor<4x2xf32>
         return %1 : tensor<4x2xf32>`,
      ),
    );
  });
});

describe('canonicalize of while', () => {
  const signature = '(%x: tensor<f32>, %n: tensor<i32>) -> (tensor<f32>, tensor<f32>)';
  const header = `
    %c0 = stablehlo.constant dense<0> : tensor<i32>
    %c1 = stablehlo.constant dense<1> : tensor<i32>
    %c5 = stablehlo.constant dense<5> : tensor<i32>`;

  it('drops carries that never change and carries that only lead to themselves', () => {
    expectRewrite(
      canonicalize,
      inFunction(
        signature,
        `${header}
         %0:4 = stablehlo.while(%i = %c0, %w = %x, %s = %x, %dead = %n) : tensor<i32>, tensor<f32>, tensor<f32>, tensor<i32>
         cond {
           %1 = stablehlo.compare LT, %i, %c5 : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %1 : tensor<i1>
         } do {
           %1 = stablehlo.add %i, %c1 : tensor<i32>
           %2 = stablehlo.add %s, %w : tensor<f32>
           %3 = stablehlo.multiply %dead, %i : tensor<i32>
           stablehlo.return %1, %w, %2, %3 : tensor<i32>, tensor<f32>, tensor<f32>, tensor<i32>
         }
         return %0#1, %0#2 : tensor<f32>, tensor<f32>`,
      ),
      inFunction(
        signature,
        `${header}
         %0:2 = stablehlo.while(%i = %c0, %s = %x) : tensor<i32>, tensor<f32>
         cond {
           %1 = stablehlo.compare LT, %i, %c5 : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %1 : tensor<i1>
         } do {
           %1 = stablehlo.add %i, %c1 : tensor<i32>
           %2 = stablehlo.add %s, %x : tensor<f32>
           stablehlo.return %1, %2 : tensor<i32>, tensor<f32>
         }
         return %x, %0#1 : tensor<f32>, tensor<f32>`,
      ),
    );
  });

  it('merges carries that begin and go on alike', () => {
    const outcome = runPass(
      canonicalize,
      inFunction(
        signature,
        `${header}
         %0:3 = stablehlo.while(%i = %c0, %s = %x, %t = %x) : tensor<i32>, tensor<f32>, tensor<f32>
         cond {
           %1 = stablehlo.compare LT, %i, %c5 : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %1 : tensor<i1>
         } do {
           %1 = stablehlo.add %i, %c1 : tensor<i32>
           %2 = stablehlo.add %s, %t : tensor<f32>
           stablehlo.return %1, %2, %2 : tensor<i32>, tensor<f32>, tensor<f32>
         }
         return %0#1, %0#2 : tensor<f32>, tensor<f32>`,
      ),
    );
    expect(outcome.text).toContain('%0:2 = stablehlo.while');
    expect(outcome.text).toContain('return %0#1, %0#1');
  });

  it('keeps carries that depend on each other and reach a result', () => {
    expectUnchanged(
      canonicalize,
      inFunction(
        '(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32>',
        `${header}
         %0:3 = stablehlo.while(%i = %c0, %a = %x, %b = %y) : tensor<i32>, tensor<f32>, tensor<f32>
         cond {
           %1 = stablehlo.compare LT, %i, %c5 : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %1 : tensor<i1>
         } do {
           %1 = stablehlo.add %i, %c1 : tensor<i32>
           stablehlo.return %1, %b, %a : tensor<i32>, tensor<f32>, tensor<f32>
         }
         return %0#1 : tensor<f32>`,
      ),
    );
  });
});

describe('canonicalize of if and case', () => {
  it('drops results without uses and those that all branches take from outside', () => {
    expectRewrite(
      canonicalize,
      inFunction(
        '(%p: tensor<i1>, %x: tensor<f32>) -> (tensor<f32>, tensor<f32>)',
        `%0:3 = "stablehlo.if"(%p) ({
           %1 = stablehlo.negate %x : tensor<f32>
           %2 = stablehlo.abs %x : tensor<f32>
           stablehlo.return %1, %2, %x : tensor<f32>, tensor<f32>, tensor<f32>
         }, {
           stablehlo.return %x, %x, %x : tensor<f32>, tensor<f32>, tensor<f32>
         }) : (tensor<i1>) -> (tensor<f32>, tensor<f32>, tensor<f32>)
         return %0#0, %0#2 : tensor<f32>, tensor<f32>`,
      ),
      inFunction(
        '(%p: tensor<i1>, %x: tensor<f32>) -> (tensor<f32>, tensor<f32>)',
        `%0 = "stablehlo.if"(%p) ({
           %1 = stablehlo.negate %x : tensor<f32>
           stablehlo.return %1 : tensor<f32>
         }, {
           stablehlo.return %x : tensor<f32>
         }) : (tensor<i1>) -> tensor<f32>
         return %0, %x : tensor<f32>, tensor<f32>`,
      ),
    );
  });

  it('drops a choice between equals', () => {
    expectRewrite(
      canonicalize,
      inFunction(
        '(%n: tensor<i32>, %x: tensor<f32>) -> tensor<f32>',
        `%0 = "stablehlo.case"(%n) ({
           stablehlo.return %x : tensor<f32>
         }, {
           stablehlo.return %x : tensor<f32>
         }) : (tensor<i32>) -> tensor<f32>
         return %0 : tensor<f32>`,
      ),
      inFunction('(%n: tensor<i32>, %x: tensor<f32>) -> tensor<f32>', 'return %x : tensor<f32>'),
    );
  });
});
