import { describe, expect, it } from 'vitest';
import { expandComplex } from '../../passes/expand-complex.ts';
import { expandLinearAlgebra } from '../../passes/expand-linear-algebra.ts';
import { ordinaryTensor, relativeDistance } from './close-meaning.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { tensorType } from '../../ir/types.ts';

const tolerances = { f32: 2e-6, f64: 1e-14, 'complex<f32>': 2e-6, 'complex<f64>': 1e-14 } as const;

/** `x x^H + 8 I` is positive definite; its factor. */
function cholesky(element: string, lower: boolean, batch = ''): string {
  const [type, slots] = [`tensor<${batch}4x4x${element}>`, element.startsWith('c')];
  const part = element.replace('complex<', '').replace('>', '');
  const conjugate = slots
    ? `%r = stablehlo.real %x : (${type}) -> tensor<${batch}4x4x${part}>
       %i = stablehlo.imag %x : (${type}) -> tensor<${batch}4x4x${part}>
       %n = stablehlo.negate %i : tensor<${batch}4x4x${part}>
       %y = stablehlo.complex %r, %n : ${type}`
    : `%y = stablehlo.negate %x : ${type}
       %m = stablehlo.negate %y : ${type}`;
  const rank = batch === '' ? 0 : 1;
  const dims = `${rank === 1 ? 'batching_dims = [0] x [0], ' : ''}contracting_dims = [${rank + 1}] x [${rank + 1}]`;
  const diagonal = `dense<[[8.0, 0.0, 0.0, 0.0], [0.0, 8.0, 0.0, 0.0], [0.0, 0.0, 8.0, 0.0], [0.0, 0.0, 0.0, 8.0]]>`;
  const complexDiagonal = slots
    ? `%zero = stablehlo.constant dense<0.0> : tensor<4x4x${part}>
       %e = stablehlo.complex %d, %zero : tensor<4x4x${element}>`
    : `%e = stablehlo.negate %d : tensor<4x4x${part}>`;
  const combine = slots ? 'add' : 'subtract';
  return inFunction(
    `(%x: ${type}) -> ${type}`,
    `${conjugate}
    %p = stablehlo.dot_general %x, ${slots ? '%y' : '%m'}, ${dims} : (${type}, ${type}) -> ${type}
    %d = stablehlo.constant ${diagonal} : tensor<4x4x${part}>
    ${complexDiagonal}
    %s = stablehlo.broadcast_in_dim %e, dims = [${rank}, ${rank + 1}] : (tensor<4x4x${element}>) -> ${type}
    %a = stablehlo.${combine} %p, %s : ${type}
    %l = stablehlo.cholesky %a, lower = ${lower} : ${type}
    return %l : ${type}`,
  );
}

function solve(element: string, attributes: string, shapes: readonly [string, string]): string {
  const [a, b] = shapes.map((shape) => `tensor<${shape}x${element}>`);
  return inFunction(
    `(%a: ${a}, %b: ${b}) -> ${b}`,
    `%x = "stablehlo.triangular_solve"(%a, %b) {${attributes}} : (${a}, ${b}) -> ${b}
    return %x : ${b}`,
  );
}

function expectNear(text: string, tolerance: number): void {
  const outcome = runPass(expandLinearAlgebra, text);
  expect(outcome.text).not.toMatch(/cholesky|triangular_solve/);
  expect(runPass(expandLinearAlgebra, outcome.text).changed).toBe(false);
  expect(relativeDistance(text, outcome.text)).toBeLessThan(tolerance);
}

const flags = [true, false];
const elements = Object.keys(tolerances) as (keyof typeof tolerances)[];

describe('expand-linear-algebra', () => {
  it.each(elements.flatMap((element) => flags.map((lower) => [element, lower] as const)))(
    'factors matrices of %s, lower = %s',
    (element, lower) => {
      expectNear(cholesky(element, lower), tolerances[element]);
      expectNear(cholesky(element, lower, '3x'), tolerances[element]);
    },
  );

  it('gives NaN where a matrix is not positive definite', () => {
    const type = 'tensor<2x2xf32>';
    const text = inFunction(
      `() -> ${type}`,
      `%a = stablehlo.constant dense<[[-1.0, 0.0], [1.0, 2.0]]> : ${type}
      %l = stablehlo.cholesky %a, lower = true : ${type}
      return %l : ${type}`,
    );
    expectNear(text, 1e-6);
  });

  const cases = flags.flatMap((left) =>
    flags.flatMap((lower) =>
      flags.flatMap((unit) =>
        ['NO_TRANSPOSE', 'TRANSPOSE', 'ADJOINT'].map((turn) => [left, lower, unit, turn] as const),
      ),
    ),
  );

  it.each(cases)('solves systems: left %s, lower %s, unit %s, %s', (left, lower, unit, turn) => {
    const attributes = `left_side = ${left}, lower = ${lower}, unit_diagonal = ${unit}, transpose_a = #stablehlo<transpose ${turn}>`;
    for (const element of elements) {
      expectNear(solve(element, attributes, ['4x4', left ? '4x3' : '3x4']), 100 * tolerances[element]);
      expectNear(solve(element, attributes, ['2x3x3', left ? '2x3x1' : '2x1x3']), 100 * tolerances[element]);
    }
  });

  it('becomes real arithmetic with expand-complex', () => {
    const text = cholesky('complex<f64>', true);
    const real = runPass(expandComplex, runPass(expandLinearAlgebra, text).text).text;
    expect(relativeDistance(text, real, [ordinaryTensor(tensorType([4, 4], 'complex<f64>'), 1)])).toBeLessThan(1e-14);
  });

  it('leaves matrices of unknown size, with a remark', () => {
    const text = inFunction(
      '(%a: tensor<?x2x2xf32>) -> tensor<?x2x2xf32>',
      '%l = stablehlo.cholesky %a, lower = true : tensor<?x2x2xf32>\nreturn %l : tensor<?x2x2xf32>',
    );
    expectUnchanged(expandLinearAlgebra, text);
    expect(runPass(expandLinearAlgebra, text).remarks).toHaveLength(1);
  });
});
