import { describe, expect, it } from 'vitest';
import { dce } from '../../passes/dce.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';

describe('dce', () => {
  it('erases ops whose results nobody uses, and what only they used', () => {
    expectRewrite(
      dce,
      inFunction(
        '(%x: tensor<4xf32>) -> tensor<4xf32>',
        `%0 = stablehlo.negate %x : tensor<4xf32>
         %1 = stablehlo.add %0, %0 : tensor<4xf32>
         return %x : tensor<4xf32>`,
      ),
      inFunction('(%x: tensor<4xf32>) -> tensor<4xf32>', 'return %x : tensor<4xf32>'),
    );
  });

  it('looks into regions', () => {
    const text = inFunction(
      '(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32>',
      `%0 = "stablehlo.if"(%p) ({
         %1 = stablehlo.negate %x : tensor<f32>
         stablehlo.return %x : tensor<f32>
       }, {
         stablehlo.return %x : tensor<f32>
       }) : (tensor<i1>) -> tensor<f32>
       return %0 : tensor<f32>`,
    );
    expect(runPass(dce, text).text).not.toContain('negate');
  });

  it('erases private functions that nobody calls, one after the other, and no public ones', () => {
    expectRewrite(
      dce,
      `func.func @f(%x: tensor<f32>) -> tensor<f32> {
         return %x : tensor<f32>
       }
       func.func private @g(%x: tensor<f32>) -> tensor<f32> {
         %0 = call @h(%x) : (tensor<f32>) -> tensor<f32>
         return %0 : tensor<f32>
       }
       func.func private @h(%x: tensor<f32>) -> tensor<f32> {
         return %x : tensor<f32>
       }
       func.func @k(%x: tensor<f32>) -> tensor<f32> {
         return %x : tensor<f32>
       }`,
      `func.func @f(%x: tensor<f32>) -> tensor<f32> {
         return %x : tensor<f32>
       }
       func.func @k(%x: tensor<f32>) -> tensor<f32> {
         return %x : tensor<f32>
       }`,
    );
  });

  it('erases private functions that only call each other', () => {
    const text = `func.func @f(%x: tensor<f32>) -> tensor<f32> {
        return %x : tensor<f32>
      }
      func.func private @g(%x: tensor<f32>) -> tensor<f32> {
        %0 = call @h(%x) : (tensor<f32>) -> tensor<f32>
        return %0 : tensor<f32>
      }
      func.func private @h(%x: tensor<f32>) -> tensor<f32> {
        %0 = call @g(%x) : (tensor<f32>) -> tensor<f32>
        return %0 : tensor<f32>
      }`;
    expect(runPass(dce, text).text).not.toContain('private');
  });

  it('keeps effects, and the loops and functions they stand in', () => {
    expectUnchanged(
      dce,
      `func.func @f(%x: tensor<i32>) -> tensor<i32> {
         %0 = call @g(%x) : (tensor<i32>) -> tensor<i32>
         %1 = stablehlo.while(%i = %x) : tensor<i32>
         cond {
           %2 = stablehlo.compare LT, %i, %x : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %2 : tensor<i1>
         } do {
           %2 = stablehlo.custom_call @log(%i) {has_side_effect = true} : (tensor<i32>) -> tensor<i32>
           %3 = stablehlo.add %i, %x : tensor<i32>
           stablehlo.return %3 : tensor<i32>
         }
         return %x : tensor<i32>
       }
       func.func private @g(%x: tensor<i32>) -> tensor<i32> {
         %0 = stablehlo.custom_call @log(%x) {has_side_effect = true} : (tensor<i32>) -> tensor<i32>
         return %x : tensor<i32>
       }`,
    );
  });
});
