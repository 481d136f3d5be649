import { describe, expect, it } from 'vitest';
import { expandComplex } from '../../passes/expand-complex.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

const c = 'tensor<4xcomplex<f32>>';
const r = 'tensor<4xf32>';

/** From small whole numbers `%a`, `%b` (complex, exact under sums and products) to the parts of `%s`. */
function complexProgram(lines: string, result = '4x'): string {
  const [whole, part] = [`tensor<${result}complex<f32>>`, `tensor<${result}f32>`];
  return inFunction(
    `(%x: tensor<4xi8>, %y: tensor<4xi8>) -> (${part}, ${part})`,
    `%u = stablehlo.convert %x : (tensor<4xi8>) -> ${r}
    %v = stablehlo.convert %y : (tensor<4xi8>) -> ${r}
    %a = stablehlo.complex %u, %v : ${c}
    %b = stablehlo.constant dense<[(1.0, 2.0), (0.0, -1.0), (3.0, 0.0), (-2.0, 5.0)]> : ${c}
    ${lines}
    %re = stablehlo.real %s : (${whole}) -> ${part}
    %im = stablehlo.imag %s : (${whole}) -> ${part}
    return %re, %im : ${part}, ${part}`,
  );
}

/** Nothing complex is left, and the result is the same bit by bit. */
function expectExpanded(text: string): void {
  const outcome = runPass(expandComplex, text);
  expect(outcome.text).not.toContain('complex');
  expect(runPass(expandComplex, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text, 5)).toBeUndefined();
}

describe('expand-complex', () => {
  it('makes a product four products', () => {
    const before = inFunction(
      `(%a: ${r}, %b: ${r}, %c: ${r}, %d: ${r}) -> ${r}`,
      `%0 = stablehlo.complex %a, %b : ${c}
      %1 = stablehlo.complex %c, %d : ${c}
      %2 = stablehlo.multiply %0, %1 : ${c}
      %3 = stablehlo.imag %2 : (${c}) -> ${r}
      return %3 : ${r}`,
    );
    const after = inFunction(
      `(%a: ${r}, %b: ${r}, %c: ${r}, %d: ${r}) -> ${r}`,
      `%2 = stablehlo.multiply %a, %c : ${r}
      %3 = stablehlo.multiply %b, %d : ${r}
      %4 = stablehlo.subtract %2, %3 : ${r}
      %5 = stablehlo.multiply %a, %d : ${r}
      %6 = stablehlo.multiply %b, %c : ${r}
      %7 = stablehlo.add %5, %6 : ${r}
      return %7 : ${r}`,
    );
    expectRewrite(expandComplex, before, after, { evaluates: false });
  });

  it.each([
    ['sums', '%s = stablehlo.add %a, %b'],
    ['differences', '%s = stablehlo.subtract %a, %b'],
    ['products', '%s = stablehlo.multiply %a, %b'],
    ['maxima', '%s = stablehlo.maximum %a, %b'],
    ['minima', '%s = stablehlo.minimum %a, %b'],
    ['reversals', '%s = stablehlo.reverse %a, dims = [0]'],
  ])('computes %s on parts', (_, line) => {
    expectExpanded(complexProgram(`${line} : ${c}`));
  });

  it.each(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'])('compares %s', (direction) => {
    expectExpanded(
      complexProgram(`%q = stablehlo.constant dense<(1.0, 2.0)> : ${c}
      %p = stablehlo.compare ${direction}, %a, %b : (${c}, ${c}) -> tensor<4xi1>
      %s = stablehlo.select %p, %a, %q : tensor<4xi1>, ${c}`),
    );
  });

  it('contracts', () => {
    expectExpanded(
      complexProgram(
        `%s = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0] : (${c}, ${c}) -> tensor<complex<f32>>`,
        '',
      ),
    );
  });

  it('reduces by any body', () => {
    expectExpanded(
      complexProgram(
        `%one = stablehlo.constant dense<(1.0, 0.0)> : tensor<complex<f32>>
        %t = stablehlo.slice %b [0:2] : (${c}) -> tensor<2xcomplex<f32>>
        %s = stablehlo.reduce(%t init: %one) applies stablehlo.multiply across dimensions = [0] : (tensor<2xcomplex<f32>>, tensor<complex<f32>>) -> tensor<complex<f32>>`,
        '',
      ),
    );
  });

  it('carries parts through loops and branches', () => {
    expectExpanded(
      complexProgram(`%n = stablehlo.constant dense<2> : tensor<i32>
      %w:2 = stablehlo.while(%i = %n, %z = %a) : tensor<i32>, ${c} cond {
        %zero = stablehlo.constant dense<0> : tensor<i32>
        %p = stablehlo.compare GT, %i, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %p : tensor<i1>
      } do {
        %one = stablehlo.constant dense<1> : tensor<i32>
        %next = stablehlo.subtract %i, %one : tensor<i32>
        %sum = stablehlo.add %z, %b : ${c}
        stablehlo.return %next, %sum : tensor<i32>, ${c}
      }
      %zero = stablehlo.constant dense<0> : tensor<i32>
      %p = stablehlo.compare EQ, %w#0, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %s = "stablehlo.if"(%p) ({
        %t = stablehlo.negate %w#1 : ${c}
        stablehlo.return %t : ${c}
      }, {
        stablehlo.return %a : ${c}
      }) : (tensor<i1>) -> ${c}`),
    );
  });

  it('sorts by comparators of complex numbers', () => {
    expectExpanded(
      complexProgram(`%s = "stablehlo.sort"(%b) ({
        ^bb0(%l: tensor<complex<f32>>, %h: tensor<complex<f32>>):
        %p = stablehlo.compare LT, %l, %h : (tensor<complex<f32>>, tensor<complex<f32>>) -> tensor<i1>
        stablehlo.return %p : tensor<i1>
      }) {dimension = 0 : i64, is_stable = true} : (${c}) -> ${c}`),
    );
  });

  it('splits arguments and joins results at the boundary', () => {
    const { text } = runPass(
      expandComplex,
      inFunction(`(%x: ${c}) -> ${c}`, `%0 = stablehlo.negate %x : ${c}\nreturn %0 : ${c}`),
    );
    const ops = [...text.matchAll(/stablehlo\.(\w+)/g)].map(([, name]) => name);
    expect(ops).toEqual(['real', 'imag', 'negate', 'negate', 'complex']);
    expect(runPass(expandComplex, text).changed).toBe(false);
  });

  it('says what it leaves', () => {
    const text = inFunction(
      `(%x: ${c}) -> ${c}`,
      `%0 = stablehlo.fft %x, type = FFT, length = [4] : (${c}) -> ${c}\nreturn %0 : ${c}`,
    );
    const { changed, remarks } = runPass(expandComplex, text);
    expect(changed).toBe(false);
    expect(remarks).toEqual(['expand-complex: stablehlo.fft keeps its types: it has no form on parts']);
  });

  it('leaves real arithmetic as it is', () => {
    expectUnchanged(
      expandComplex,
      inFunction(`(%x: ${r}) -> ${r}`, `%0 = stablehlo.negate %x : ${r}\nreturn %0 : ${r}`),
    );
  });
});
