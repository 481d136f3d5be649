import { describe, expect, it } from 'vitest';
import { constantFold } from '../../passes/constant-fold.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, load, runPass } from './pass-fixture.ts';

function fold(signature: string, before: string, after: string): void {
  expectRewrite(constantFold, inFunction(signature, before), inFunction(signature, after));
}

describe('constant-fold', () => {
  it('computes a chain of ops on constants in one sweep', () => {
    fold(
      '() -> tensor<2xi32>',
      `%0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
       %1 = stablehlo.add %0, %0 : tensor<2xi32>
       %2 = stablehlo.multiply %1, %0 : tensor<2xi32>
       return %2 : tensor<2xi32>`,
      `%0 = stablehlo.constant dense<[2, 8]> : tensor<2xi32>
       return %0 : tensor<2xi32>`,
    );
  });

  it('leaves ops with an operand that is not constant', () => {
    expectUnchanged(
      constantFold,
      inFunction(
        '(%x: tensor<2xi32>) -> tensor<2xi32>',
        `%0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
         %1 = stablehlo.add %0, %x : tensor<2xi32>
         return %1 : tensor<2xi32>`,
      ),
    );
  });

  it('keeps a splat one element, however large the tensor', () => {
    const size = '100000x100000';
    const outcome = runPass(
      constantFold,
      inFunction(
        `() -> tensor<${size}xf32>`,
        `%0 = stablehlo.constant dense<2.0> : tensor<f32>
         %1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<${size}xf32>
         %2 = stablehlo.multiply %1, %1 : tensor<${size}xf32>
         %3 = stablehlo.transpose %2, dims = [1, 0] : (tensor<${size}xf32>) -> tensor<${size}xf32>
         return %3 : tensor<${size}xf32>`,
      ),
    );
    expect(outcome.text).toContain(`stablehlo.constant dense<4.000000e+00> : tensor<${size}xf32>`);
    expect(outcome.text).not.toContain('multiply');
    expect(outcome.text).not.toContain('transpose');
  });

  it('gathers, slices and joins splats as splats', () => {
    fold(
      '(%i: tensor<i32>) -> tensor<4xf32>',
      `%0 = stablehlo.constant dense<3.0> : tensor<8xf32>
       %v = stablehlo.constant dense<3.0> : tensor<f32>
       %1 = stablehlo.dynamic_slice %0, %i, sizes = [2] : (tensor<8xf32>, tensor<i32>) -> tensor<2xf32>
       %2 = stablehlo.pad %1, %v, low = [1], high = [1], interior = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<4xf32>
       return %2 : tensor<4xf32>`,
      `%0 = stablehlo.constant dense<3.0> : tensor<4xf32>
       return %0 : tensor<4xf32>`,
    );
  });

  it('computes reductions, sorts and other ops with regions', () => {
    fold(
      '() -> tensor<i32>',
      `%0 = stablehlo.constant dense<[3, 1, 2]> : tensor<3xi32>
       %i = stablehlo.constant dense<0> : tensor<i32>
       %1 = stablehlo.reduce(%0 init: %i) applies stablehlo.add across dimensions = [0] : (tensor<3xi32>, tensor<i32>) -> tensor<i32>
       return %1 : tensor<i32>`,
      `%0 = stablehlo.constant dense<6> : tensor<i32>
       return %0 : tensor<i32>`,
    );
  });

  it('gives results of several types', () => {
    fold(
      '() -> (tensor<2xi32>, tensor<2xf32>)',
      `%0 = stablehlo.constant dense<[2, 1]> : tensor<2xi32>
       %1 = stablehlo.constant dense<[0.5, 1.5]> : tensor<2xf32>
       %2:2 = "stablehlo.sort"(%0, %1) <{dimension = 0 : i64}> ({
       ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<f32>, %d: tensor<f32>):
         %3 = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
         stablehlo.return %3 : tensor<i1>
       }) : (tensor<2xi32>, tensor<2xf32>) -> (tensor<2xi32>, tensor<2xf32>)
       return %2#0, %2#1 : tensor<2xi32>, tensor<2xf32>`,
      `%0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
       %1 = stablehlo.constant dense<[1.5, 0.5]> : tensor<2xf32>
       return %0, %1 : tensor<2xi32>, tensor<2xf32>`,
    );
  });

  it('gives a constant for a result without elements', () => {
    fold(
      '(%x: tensor<0x3xf32>) -> tensor<3x0xf32>',
      `%0 = stablehlo.negate %x : tensor<0x3xf32>
       %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<0x3xf32>) -> tensor<3x0xf32>
       return %1 : tensor<3x0xf32>`,
      `%0 = stablehlo.constant dense<> : tensor<3x0xf32>
       return %0 : tensor<3x0xf32>`,
    );
  });

  it('leaves barriers, random numbers, calls and loops', () => {
    expectUnchanged(
      constantFold,
      `func.func private @g(%x: tensor<i32>) -> tensor<i32> {
         return %x : tensor<i32>
       }
       func.func @f() -> (tensor<i32>, tensor<i32>, tensor<i32>, tensor<2xf32>) {
         %0 = stablehlo.constant dense<3> : tensor<i32>
         %n = stablehlo.constant dense<2> : tensor<1xi64>
         %l = stablehlo.constant dense<0.0> : tensor<f32>
         %1 = stablehlo.optimization_barrier %0 : tensor<i32>
         %2 = call @g(%0) : (tensor<i32>) -> tensor<i32>
         %3 = stablehlo.while(%i = %0) : tensor<i32>
         cond {
           %c = stablehlo.compare LT, %i, %i : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %c : tensor<i1>
         } do {
           %j = stablehlo.add %i, %i : tensor<i32>
           stablehlo.return %j : tensor<i32>
         }
         %4 = stablehlo.rng %l, %l, %n, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<2xf32>
         return %1, %2, %3, %4 : tensor<i32>, tensor<i32>, tensor<i32>, tensor<2xf32>
       }`,
    );
  });

  it('leaves results over the byte budget, and says so', () => {
    const text = inFunction(
      '() -> tensor<4xi32>',
      `%0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
       %1 = stablehlo.concatenate %0, %0, dim = 0 : (tensor<2xi32>, tensor<2xi32>) -> tensor<4xi32>
       return %1 : tensor<4xi32>`,
    );
    const outcome = runPass(constantFold, text, { bytes: 8 });
    expect(outcome.changed).toBe(false);
    expect(outcome.remarks).toEqual(['constant-fold: not folded: the result takes 16 bytes, the budget is 8']);
  });

  it('leaves large broadcasts, which cost a kernel nothing', () => {
    const broadcast = (rows: number): string =>
      inFunction(
        `() -> tensor<${rows}x2xi32>`,
        `%0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
         %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<2xi32>) -> tensor<${rows}x2xi32>
         return %1 : tensor<${rows}x2xi32>`,
      );
    expect(runPass(constantFold, broadcast(4)).changed).toBe(true);
    const large = runPass(constantFold, broadcast(1000));
    expect(large.changed).toBe(false);
    expect(large.remarks).toEqual([
      'constant-fold: not folded: a kernel repeats elements at no cost, a constant would take 8000 bytes',
    ]);
  });

  it('shrinks over the byte budget what goes with it', () => {
    const slice = inFunction(
      '() -> tensor<3xi32>',
      `%0 = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
       %1 = stablehlo.slice %0 [1:4] : (tensor<4xi32>) -> tensor<3xi32>
       return %1 : tensor<3xi32>`,
    );
    expect(runPass(constantFold, slice, { bytes: 8 }).text).toContain('dense<[2, 3, 4]>');
  });

  it('leaves computations over the work budget, and says so', () => {
    const text = inFunction(
      '() -> tensor<2x2xf32>',
      `%0 = stablehlo.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
       %1 = stablehlo.dot_general %0, %0, contracting_dims = [1] x [0] : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
       return %1 : tensor<2x2xf32>`,
    );
    const outcome = runPass(constantFold, text, { work: 7 });
    expect(outcome.changed).toBe(false);
    expect(outcome.remarks).toEqual(['constant-fold: not folded: it takes about 8 operations, the budget is 7']);
  });

  it('ends when all it may compute is computed, and says so', () => {
    const text = inFunction(
      '() -> (tensor<2xi32>, tensor<2xi32>)',
      `%0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
       %1 = stablehlo.add %0, %0 : tensor<2xi32>
       %2 = stablehlo.multiply %0, %0 : tensor<2xi32>
       return %1, %2 : tensor<2xi32>, tensor<2xi32>`,
    );
    const outcome = runPass(constantFold, text, { 'total-work': 3 });
    expect(outcome.text).toContain('dense<[2, 4]>');
    expect(outcome.text).toContain('stablehlo.multiply');
    expect(outcome.remarks).toEqual(['constant-fold: not folded: the budget of all folding is used up']);
  });

  it('reshapes constants of any size without a copy', () => {
    const module = inFunction(
      '() -> tensor<2x2xi32>',
      `%0 = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
       %1 = stablehlo.reshape %0 : (tensor<4xi32>) -> tensor<2x2xi32>
       return %1 : tensor<2x2xi32>`,
    );
    expect(runPass(constantFold, module, { bytes: 1, work: 1 }).text).toContain('dense<[[1, 2], [3, 4]]>');
  });

  it('folds inside regions, with constants from outside', () => {
    const text = inFunction(
      '(%p: tensor<i1>, %x: tensor<i32>) -> tensor<i32>',
      `%0 = stablehlo.constant dense<3> : tensor<i32>
       %1 = "stablehlo.if"(%p) ({
         %2 = stablehlo.add %0, %0 : tensor<i32>
         stablehlo.return %2 : tensor<i32>
       }, {
         stablehlo.return %x : tensor<i32>
       }) : (tensor<i1>) -> tensor<i32>
       return %1 : tensor<i32>`,
    );
    expect(runPass(constantFold, text).text).toContain('dense<6>');
  });

  it('leaves what the evaluator cannot do, and says so', () => {
    const text = `func.func @f() -> tensor<i32> {
       %0 = stablehlo.constant dense<3> : tensor<i32>
       %1 = stablehlo.custom_call @foo(%0) : (tensor<i32>) -> tensor<i32>
       return %1 : tensor<i32>
     }`;
    expect(load(text)).toBeDefined();
    expect(runPass(constantFold, text).changed).toBe(false);
  });
});
