import { describe, expect, it } from 'vitest';
import { fuse } from '../../../passes/fuse.ts';
import { expectRewrite, expectUnchanged } from '../expect-pass.ts';
import { inFunction, runPass } from '../pass-fixture.ts';
import { differenceOfTexts } from '../same-meaning.ts';

/** The names of the ops in each fusion, constants apart, and the ops outside. */
function structureOf(text: string): { readonly fusions: string[]; readonly outside: string[] } {
  const fusions: string[] = [];
  const outside: string[] = [];
  let current: string[] | undefined;
  for (const line of text.split('\n')) {
    const name = /(?:= |^\s*)"?((?:stablehlo|tessera|func)\.\w+|return)/.exec(line)?.[1] ?? '';
    if (name === 'tessera.fusion') current = [];
    else if (current !== undefined && name === 'stablehlo.return') {
      fusions.push(current.join(' '));
      current = undefined;
    } else if (name !== '' && name !== 'stablehlo.constant' && name !== 'func.func')
      (current ?? outside).push(name.replace('stablehlo.', ''));
  }
  return { fusions, outside };
}

/** The pass keeps the meaning, finds nothing the second time, and gives these fusions. */
function expectFusions(text: string, fusions: readonly string[]): readonly string[] {
  const outcome = runPass(fuse, text);
  expect(structureOf(outcome.text).fusions).toEqual(fusions);
  expect(runPass(fuse, outcome.text).changed, 'the pass is idempotent').toBe(false);
  expect(differenceOfTexts(text, outcome.text)).toBeUndefined();
  return outcome.remarks;
}

describe('fuse', () => {
  it('puts a chain of elementwise ops into one fusion, with its splats', () => {
    expectRewrite(
      fuse,
      inFunction(
        '(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>',
        `%c = stablehlo.constant dense<2.0> : tensor<4xf32>
         %0 = stablehlo.multiply %a, %c : tensor<4xf32>
         %1 = stablehlo.add %0, %b : tensor<4xf32>
         return %1 : tensor<4xf32>`,
      ),
      inFunction(
        '(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>',
        `%0 = "tessera.fusion"(%a, %b) ({
         ^bb0(%x: tensor<4xf32>, %y: tensor<4xf32>):
           %c = stablehlo.constant dense<2.0> : tensor<4xf32>
           %1 = stablehlo.multiply %x, %c : tensor<4xf32>
           %2 = stablehlo.add %1, %y : tensor<4xf32>
           stablehlo.return %2 : tensor<4xf32>
         }) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
         return %0 : tensor<4xf32>`,
      ),
    );
  });

  it('says what was gained', () => {
    const remarks = expectFusions(
      inFunction(
        '(%a: tensor<4xf32>) -> tensor<4xf32>',
        '%0 = stablehlo.negate %a : tensor<4xf32> %1 = stablehlo.abs %0 : tensor<4xf32> return %1 : tensor<4xf32>',
      ),
      ['negate abs'],
    );
    expect(remarks).toEqual(['fuse: 2 ops in one kernel (negate, abs): 32 bytes moved instead of 64, 32 less']);
  });

  it('leaves what does not compute, and functions of nothing', () => {
    expectUnchanged(fuse, inFunction('(%a: tensor<4xf32>) -> tensor<4xf32>', 'return %a : tensor<4xf32>'));
    expectUnchanged(
      fuse,
      inFunction(
        '() -> tensor<2xf32>',
        '%c = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32> return %c : tensor<2xf32>',
      ),
    );
  });

  it('keeps constants of many elements outside: they are weights', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<2xf32>) -> tensor<2xf32>',
        '%c = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32> %0 = stablehlo.add %a, %c : tensor<2xf32> return %0 : tensor<2xf32>',
      ),
      ['add'],
    );
  });

  it('gives each user its own views, and drops those that nobody reads', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<4x5xf32>, %b: tensor<5x4xf32>, %c: tensor<4x3xf32>) -> (tensor<5x4xf32>, tensor<5x3xf32>)',
        `%t = stablehlo.transpose %a, dims = [1, 0] : (tensor<4x5xf32>) -> tensor<5x4xf32>
         %0 = stablehlo.add %t, %b : tensor<5x4xf32>
         %1 = stablehlo.dot_general %t, %c, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4x3xf32>) -> tensor<5x3xf32>
         return %0, %1 : tensor<5x4xf32>, tensor<5x3xf32>`,
      ),
      ['transpose add', 'transpose dot_general'],
    );
  });

  it('makes a kernel of a view that is returned', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<4x5xf32>) -> tensor<5x4xf32>',
        '%0 = stablehlo.negate %a : tensor<4x5xf32> %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<4x5xf32>) -> tensor<5x4xf32> return %1 : tensor<5x4xf32>',
      ),
      ['negate transpose'],
    );
  });

  it('writes what others need as a second result', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<64x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>)',
        `%0 = stablehlo.exponential %a : tensor<64x64xf32>
         %1 = stablehlo.add %0, %a : tensor<64x64xf32>
         return %0, %1 : tensor<64x64xf32>, tensor<64x64xf32>`,
      ),
      ['exponential add'],
    );
  });

  it('reads a tensor once for two results over the same elements', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<64x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>)',
        `%0 = stablehlo.exponential %a : tensor<64x64xf32>
         %1 = stablehlo.abs %a : tensor<64x64xf32>
         return %0, %1 : tensor<64x64xf32>, tensor<64x64xf32>`,
      ),
      ['exponential abs'],
    );
  });

  it('never closes a cycle', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32>',
        `%0 = stablehlo.negate %a : tensor<4x4xf32>
         %1 = stablehlo.dot_general %0, %w, contracting_dims = [1] x [0] : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
         %2 = stablehlo.dot_general %1, %w, contracting_dims = [1] x [0] : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
         %3 = stablehlo.add %2, %0 : tensor<4x4xf32>
         return %3 : tensor<4x4xf32>`,
      ),
      ['negate', 'dot_general', 'dot_general add'],
    );
  });

  it('leaves control flow outside, with fusions in its regions', () => {
    const text = inFunction(
      '(%a: tensor<4xf32>, %n: tensor<i32>) -> tensor<4xf32>',
      `%zero = stablehlo.constant dense<0> : tensor<i32>
       %one = stablehlo.constant dense<1> : tensor<i32>
       %limit = stablehlo.constant dense<3> : tensor<i32>
       %b = stablehlo.negate %a : tensor<4xf32>
       %0:2 = stablehlo.while(%i = %zero, %x = %b) : tensor<i32>, tensor<4xf32>
         cond {
           %p = stablehlo.compare LT, %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
           stablehlo.return %p : tensor<i1>
         } do {
           %j = stablehlo.add %i, %one : tensor<i32>
           %y = stablehlo.add %x, %b : tensor<4xf32>
           %z = stablehlo.abs %y : tensor<4xf32>
           stablehlo.return %j, %z : tensor<i32>, tensor<4xf32>
         }
       %1 = stablehlo.abs %0#1 : tensor<4xf32>
       return %1 : tensor<4xf32>`,
    );
    expectFusions(text, ['negate', 'compare', 'add', 'add abs', 'abs']);
    expect(structureOf(runPass(fuse, text).text).outside).toEqual(['while', 'return', 'return', 'return']);
  });

  it('does not compute anew what a window reads many times', () => {
    const window =
      '({ ^bb0(%l: tensor<f32>, %r: tensor<f32>): %o = stablehlo.maximum %l, %r : tensor<f32> stablehlo.return %o : tensor<f32> }) {window_dimensions = array<i64: 8, 8>}';
    const pooled = (op: string): string =>
      inFunction(
        '(%a: tensor<64x64xf32>, %i: tensor<f32>) -> tensor<57x57xf32>',
        `%0 = stablehlo.${op} %a : tensor<64x64xf32>
         %1 = "stablehlo.reduce_window"(%0, %i) ${window} : (tensor<64x64xf32>, tensor<f32>) -> tensor<57x57xf32>
         return %1 : tensor<57x57xf32>`,
      );
    expectFusions(pooled('negate'), ['negate reduce_window maximum']);
    expectFusions(pooled('exponential'), ['exponential', 'reduce_window maximum']);
  });

  it('updates in place: the operand of an update stays outside', () => {
    expectFusions(
      inFunction(
        '(%a: tensor<64x64xf32>, %u: tensor<1x64xf32>, %i: tensor<i32>) -> tensor<64x64xf32>',
        `%z = stablehlo.constant dense<0> : tensor<i32>
         %0 = stablehlo.negate %a : tensor<64x64xf32>
         %1 = stablehlo.abs %u : tensor<1x64xf32>
         %2 = stablehlo.dynamic_update_slice %0, %1, %i, %z : (tensor<64x64xf32>, tensor<1x64xf32>, tensor<i32>, tensor<i32>) -> tensor<64x64xf32>
         %3 = stablehlo.abs %2 : tensor<64x64xf32>
         return %3 : tensor<64x64xf32>`,
      ),
      ['negate', 'abs dynamic_update_slice', 'abs'],
    );
  });

  it('takes a cheap prologue into a contraction when nobody else needs it, an expensive one not', () => {
    const product = (op: string): string =>
      inFunction(
        '(%a: tensor<64x64xf32>, %w: tensor<64x64xf32>) -> tensor<64x64xf32>',
        `%0 = stablehlo.${op} %a : tensor<64x64xf32>
         %1 = stablehlo.dot_general %0, %w, contracting_dims = [1] x [0] : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
         return %1 : tensor<64x64xf32>`,
      );
    expectFusions(product('abs'), ['abs dot_general']);
    expectFusions(product('tanh'), ['tanh', 'dot_general']);
  });

  it('gives an opaque kernel its operands in memory, constants too', () => {
    const text = inFunction(
      '(%a: tensor<2x2xf32>) -> tensor<2x2xf32>',
      `%b = stablehlo.constant dense<1.0> : tensor<2x2xf32>
       %0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x2xf32>) -> tensor<2x2xf32>
       %1 = "stablehlo.triangular_solve"(%0, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
       %2 = stablehlo.add %1, %b : tensor<2x2xf32>
       return %2 : tensor<2x2xf32>`,
    );
    expectFusions(text, ['transpose', 'triangular_solve', 'add']);
  });

  it('keeps ops with an effect in their order, outside', () => {
    const text = inFunction(
      '(%a: tensor<4xf32>) -> tensor<4xf32>',
      `%0 = stablehlo.negate %a : tensor<4xf32>
       %1 = stablehlo.optimization_barrier %0 : tensor<4xf32>
       %2 = stablehlo.abs %1 : tensor<4xf32>
       return %2 : tensor<4xf32>`,
    );
    expectFusions(text, ['negate', 'abs']);
    expect(structureOf(runPass(fuse, text).text).outside).toEqual(['optimization_barrier', 'return']);
  });
});
