import { describe, expect, it } from 'vitest';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { evaluateFunction } from '../../ir/evaluator/interpreter.ts';
import { expandRng } from '../../passes/expand-rng.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, load, runPass } from './pass-fixture.ts';

function draw(element: string, distribution: string, shape = '3x5'): string {
  const [scalar, type] = [`tensor<${element}>`, `tensor<${shape}x${element}>`];
  const sizes = shape.split('x');
  const line = (name: string): string =>
    `${name} = stablehlo.rng %a, %b, %s, distribution = ${distribution} : (${scalar}, ${scalar}, tensor<${sizes.length}xi64>) -> ${type}`;
  return inFunction(
    `(%a: ${scalar}, %b: ${scalar}) -> (${type}, ${type})`,
    `%s = stablehlo.constant dense<[${sizes.join(', ')}]> : tensor<${sizes.length}xi64>
     ${line('%0')}
     ${line('%1')}
     return %0, %1 : ${type}, ${type}`,
  );
}

function results(text: string, inputs: readonly Tensor[]): readonly (readonly number[])[] {
  return evaluateFunction(load(text), 'f', inputs).map((value) =>
    value instanceof Tensor ? Array.from(value.values as ArrayLike<number | bigint>, Number) : [],
  );
}

function scalars(element: string, a: number | bigint, b: number | bigint): readonly Tensor[] {
  return [a, b].map((number) => {
    const tensor = Tensor.zeros(element as 'f32', []);
    tensor.values[0] = number;
    return tensor;
  });
}

function expectExpanded(text: string): string {
  const outcome = runPass(expandRng, text);
  expect(outcome.changed).toBe(true);
  expect(outcome.text).not.toContain('stablehlo.rng ');
  expect(runPass(expandRng, outcome.text).changed).toBe(false);
  return outcome.text;
}

describe('expand-rng', () => {
  it.each([
    ['f32', -1, 3],
    ['f64', 0, 1e300],
    ['i32', -7, 9],
    ['i32', 5, 5],
    ['i8', -128, 127],
    ['ui8', 200, 3],
    ['i1', 0, 1],
    ['i64', -(2n ** 63n), 2n ** 63n - 1n],
    ['ui64', 1n, 2n ** 64n - 1n],
  ] as const)('gives the very uniform %s of [%s, %s)', (element, a, b) => {
    const text = draw(element, 'UNIFORM');
    const inputs = scalars(element, a, b);
    const expected = results(text, inputs);
    expect(results(expectExpanded(text), inputs)).toEqual(expected);
    if (Number(b) - Number(a) > 1) expect(expected[0], 'each draw gives others').not.toEqual(expected[1]);
  });

  it.each(['f32', 'f64'])('gives the normal %s', (element) => {
    const text = draw(element, 'NORMAL');
    const inputs = scalars(element, 2, 0.5);
    const expected = results(text, inputs).flat();
    const actual = results(expectExpanded(text), inputs).flat();
    expect(Math.max(...actual.map((value, index) => Math.abs(value - (expected[index] ?? NaN))))).toBeLessThan(
      element === 'f32' ? 1e-6 : 1e-14,
    );
  });

  it('keeps all draws of a function where one is in a loop, and says so', () => {
    const text = inFunction(
      '(%a: tensor<f32>, %p: tensor<i1>) -> tensor<2xf32>',
      `%s = stablehlo.constant dense<2> : tensor<1xi64>
       %0 = stablehlo.rng %a, %a, %s, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<2xf32>
       %1 = "stablehlo.if"(%p) ({
         %2 = stablehlo.rng %a, %a, %s, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<2xf32>
         stablehlo.return %2 : tensor<2xf32>
       }, {
         stablehlo.return %0 : tensor<2xf32>
       }) : (tensor<i1>) -> tensor<2xf32>
       return %1 : tensor<2xf32>`,
    );
    expectUnchanged(expandRng, text);
    expect(runPass(expandRng, text).remarks.join()).toContain('is not known');
  });
});
