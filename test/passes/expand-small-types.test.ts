import { describe, expect, it } from 'vitest';
import { expandSmallTypes } from '../../passes/expand-small-types.ts';
import { expectRewrite, expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

function apply(op: string, element: string, operands = 2): string {
  const type = `tensor<32x${element}>`;
  const names = ['%x', '%y'].slice(0, operands).join(', ');
  return inFunction(
    `(%x: ${type}, %y: ${type}) -> ${type}`,
    `%0 = stablehlo.${op} ${names} : ${type}\nreturn %0 : ${type}`,
  );
}

function expectSame(text: string): void {
  const outcome = runPass(expandSmallTypes, text);
  expect(outcome.changed).toBe(true);
  expect(runPass(expandSmallTypes, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text, 8)).toBeUndefined();
}

const binary = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'remainder',
  'maximum',
  'minimum',
  'power',
  'and',
  'or',
  'xor',
];
const shifts = ['shift_left', 'shift_right_logical', 'shift_right_arithmetic'];
const integers = ['i2', 'i4', 'ui2', 'ui4'];

describe('expand-small-types', () => {
  it('multiplies in 8 bits', () => {
    const after = inFunction(
      '(%x: tensor<32xi4>, %y: tensor<32xi4>) -> tensor<32xi4>',
      `%0 = stablehlo.convert %x : (tensor<32xi4>) -> tensor<32xi8>
      %1 = stablehlo.convert %y : (tensor<32xi4>) -> tensor<32xi8>
      %2 = stablehlo.multiply %0, %1 : tensor<32xi8>
      %3 = stablehlo.convert %2 : (tensor<32xi8>) -> tensor<32xi4>
      return %3 : tensor<32xi4>`,
    );
    expectRewrite(expandSmallTypes, apply('multiply', 'i4'), after);
  });

  it.each([...binary, ...shifts].flatMap((op) => integers.map((element) => [op, element] as const)))(
    '%s of %s is the same bit by bit',
    (op, element) => expectSame(apply(op, element)),
  );

  it.each(['not', 'popcnt', 'count_leading_zeros'].flatMap((op) => integers.map((element) => [op, element] as const)))(
    '%s of %s is the same bit by bit',
    (op, element) => expectSame(apply(op, element, 1)),
  );

  it.each(['f8E4M3FN', 'f8E5M2', 'f4E2M1FN'])('adds %s in f32', (element) => expectSame(apply('add', element)));

  it.each(
    ['THREE_FRY', 'PHILOX'].flatMap((algorithm) =>
      [...integers, 'f8E5M2', 'f4E2M1FN'].map((element) => [algorithm, element]),
    ),
  )('draws random bits by %s of %s as the low ones of bytes', (algorithm, element) => {
    const results = `(tensor<2xui64>, tensor<7x3x${element}>)`;
    expectSame(
      inFunction(
        `(%x: tensor<2xui64>) -> ${results}`,
        `%0, %1 = stablehlo.rng_bit_generator %x, algorithm = ${algorithm} : (tensor<2xui64>) -> ${results}
           return %0, %1 : tensor<2xui64>, tensor<7x3x${element}>`,
      ),
    );
  });

  it('leaves bytes', () => expectUnchanged(expandSmallTypes, apply('add', 'i8')));
});
