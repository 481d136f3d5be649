import { describe, expect, it } from 'vitest';
import { expandSort } from '../../passes/expand-sort.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

function sorted(shape: string, dimension: number, element = 'f32', comparison = 'LT, %a, %b, TOTALORDER'): string {
  const [type, scalar] = [`tensor<${shape}x${element}>`, `tensor<${element}>`];
  return inFunction(
    `(%x: ${type}) -> ${type}`,
    `%0 = "stablehlo.sort"(%x) ({
      ^bb0(%a: ${scalar}, %b: ${scalar}):
      %p = stablehlo.compare ${comparison} : (${scalar}, ${scalar}) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    }) {dimension = ${dimension} : i64, is_stable = true} : (${type}) -> ${type}
    return %0 : ${type}`,
  );
}

function expectSorted(text: string): void {
  const outcome = runPass(expandSort, text);
  expect(outcome.text).not.toContain('stablehlo.sort');
  expect(runPass(expandSort, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text, 5)).toBeUndefined();
}

describe('expand-sort', () => {
  it('makes a line of one element nothing', () => {
    const type = 'tensor<3x1xf32>';
    expectRewrite(expandSort, sorted('3x1', 1), inFunction(`(%x: ${type}) -> ${type}`, `return %x : ${type}`));
  });

  it.each(['2', '3', '4', '5', '8', '13', '33', '64'])(
    'sorts a line of %s, with NaN, infinities and zeros',
    (shape) => {
      expectSorted(sorted(shape, 0));
    },
  );

  it.each([0, 1, 2, -1])('sorts along dimension %i', (dimension) => expectSorted(sorted('3x5x4', dimension)));

  it('sorts descending and integers', () => {
    expectSorted(sorted('11', 0, 'i32', 'GT, %a, %b, SIGNED'));
    expectSorted(sorted('11', 0, 'ui8', 'GT, %a, %b, UNSIGNED'));
  });

  it('is stable, and takes other operands along', () => {
    const [keys, values] = ['tensor<21xi8>', 'tensor<21xi32>'];
    expectSorted(
      inFunction(
        `(%x: ${keys}, %m: tensor<i8>) -> (${keys}, ${values})`,
        `%v = stablehlo.iota dim = 0 : ${values}
        %0:2 = "stablehlo.sort"(%x, %v) ({
          ^bb0(%a: tensor<i8>, %b: tensor<i8>, %c: tensor<i32>, %d: tensor<i32>):
          %three = stablehlo.constant dense<3> : tensor<i8>
          %l = stablehlo.and %a, %three : tensor<i8>
          %r = stablehlo.and %b, %three : tensor<i8>
          %l2 = stablehlo.xor %l, %m : tensor<i8>
          %r2 = stablehlo.xor %r, %m : tensor<i8>
          %isLess = stablehlo.compare LT, %l2, %r2 : (tensor<i8>, tensor<i8>) -> tensor<i1>
          %p = stablehlo.select %isLess, %isLess, %isLess : tensor<i1>, tensor<i1>
          stablehlo.return %p : tensor<i1>
        }) {dimension = 0 : i64, is_stable = true} : (${keys}, ${values}) -> (${keys}, ${values})
        return %0#0, %0#1 : ${keys}, ${values}`,
      ),
    );
  });

  it('leaves lines of unknown size, with a remark', () => {
    expectUnchanged(expandSort, sorted('?', 0));
    expect(runPass(expandSort, sorted('?', 0)).remarks).toHaveLength(1);
  });
});
