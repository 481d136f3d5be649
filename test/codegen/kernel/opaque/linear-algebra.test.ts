import { describe, expect, it } from 'vitest';
import { runBoth } from '../../plan/run-plan.ts';

/** Systems with a unit in the sum, so that none is singular. */
function solve(a: string, b: string, attributes: string, element = 'f32'): string {
  const [ta, tb] = [`tensor<${a}x${element}>`, `tensor<${b}x${element}>`];
  return `func.func @main(%a: ${ta}, %b: ${tb}) -> ${tb} {
    %three = stablehlo.constant dense<3.0> : ${ta}
    %c = stablehlo.add %a, %three : ${ta}
    %0 = "stablehlo.triangular_solve"(%c, %b) {${attributes}} : (${ta}, ${tb}) -> ${tb}
    return %0 : ${tb}
  }`;
}

describe('triangular_solve in loops', () => {
  const cases = [true, false].flatMap((left) =>
    [true, false].flatMap((lower) =>
      (['NO_TRANSPOSE', 'TRANSPOSE'] as const).flatMap((transpose) =>
        [true, false].map((unit) => ({ left, lower, transpose, unit })),
      ),
    ),
  );
  it.each(cases)('solves with %o', ({ left, lower, transpose, unit }) => {
    const attributes = `left_side = ${left}, lower = ${lower}, unit_diagonal = ${unit}, transpose_a = #stablehlo<transpose ${transpose}>`;
    const { actual, expected } = runBoth(solve('2x4x4', left ? '2x4x3' : '2x3x4', attributes));
    expect(actual).toEqual(expected);
  });
});

describe('cholesky in loops', () => {
  it.each([
    ['the lower factor of f32', 'f32', true],
    ['the upper factor of f32', 'f32', false],
    ['the lower factor of f64', 'f64', true],
  ])('gives %s, and NaN where there is none', (_, element, lower) => {
    const type = `tensor<2x3x3x${element}>`;
    const { actual, expected } = runBoth(`func.func @main(%x: ${type}) -> (${type}, ${type}) {
      %t = stablehlo.transpose %x, dims = [0, 2, 1] : (${type}) -> ${type}
      %i = stablehlo.constant dense<[[[9.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 9.0]], [[8.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 8.0]]]> : ${type}
      %s = stablehlo.add %x, %t : ${type}
      %a = stablehlo.add %s, %i : ${type}
      %0 = stablehlo.cholesky %a, lower = ${lower} : ${type}
      %1 = stablehlo.cholesky %x, lower = ${lower} : ${type}
      return %0, %1 : ${type}, ${type}
    }`);
    expect(actual).toEqual(expected);
  });
});

/** The greatest distance of two results, the greatest number being about 10. */
function distance({ actual, expected }: ReturnType<typeof runBoth>): number {
  const pairs = actual.flatMap((list, index) => list.map((value, at) => Number(value) - Number(expected[index]?.[at])));
  return Math.max(...pairs.map(Math.abs));
}

describe.each([
  ['complex<f32>', 'f32', 1e-5],
  ['complex<f64>', 'f64', 1e-13],
] as const)('linear algebra of %s', (element, part, tolerance) => {
  const flags = [true, false].flatMap((left) =>
    [true, false].flatMap((lower) =>
      (['NO_TRANSPOSE', 'TRANSPOSE', 'ADJOINT'] as const).flatMap((transpose) =>
        [true, false].map((unit) => ({ left, lower, transpose, unit })),
      ),
    ),
  );
  it.each(flags)('solves with %o', ({ left, lower, transpose, unit }) => {
    const [a, b] = [`tensor<2x3x3x${element}>`, `tensor<2x${left ? '3x2' : '2x3'}x${element}>`];
    const attributes = `left_side = ${left}, lower = ${lower}, unit_diagonal = ${unit}, transpose_a = #stablehlo<transpose ${transpose}>`;
    const real = `tensor<2x3x3x${part}>`;
    const outcome = runBoth(`func.func @main(%x: ${real}, %y: ${real}, %b: ${b}) -> ${b} {
      %seven = stablehlo.constant dense<7.0> : ${real}
      %s = stablehlo.add %x, %seven : ${real}
      %a = stablehlo.complex %s, %y : ${a}
      %0 = "stablehlo.triangular_solve"(%a, %b) {${attributes}} : (${a}, ${b}) -> ${b}
      return %0 : ${b}
    }`);
    expect(distance(outcome)).toBeLessThan(tolerance * (unit ? 1000 : 1));
    expect(outcome.actual[0]?.some((value) => value !== 0)).toBe(true);
  });

  it.each([true, false])('factors, lower = %s', (lower) => {
    const [real, type] = [`tensor<2x3x3x${part}>`, `tensor<2x3x3x${element}>`];
    const outcome = runBoth(`func.func @main(%x: ${real}, %y: ${real}) -> ${type} {
      %i = stablehlo.constant dense<[[32.0, 0.0, 0.0], [0.0, 40.0, 0.0], [0.0, 0.0, 50.0]]> : tensor<3x3x${part}>
      %d = stablehlo.broadcast_in_dim %i, dims = [1, 2] : (tensor<3x3x${part}>) -> ${real}
      %xt = stablehlo.transpose %x, dims = [0, 2, 1] : (${real}) -> ${real}
      %yt = stablehlo.transpose %y, dims = [0, 2, 1] : (${real}) -> ${real}
      %s = stablehlo.add %x, %xt : ${real}
      %re = stablehlo.add %s, %d : ${real}
      %im = stablehlo.subtract %y, %yt : ${real}
      %a = stablehlo.complex %re, %im : ${type}
      %0 = stablehlo.cholesky %a, lower = ${lower} : ${type}
      return %0 : ${type}
    }`);
    expect(outcome.actual.flat().some(Number.isNaN)).toBe(false);
    expect(distance(outcome)).toBeLessThan(tolerance);
  });
});
