import { describe, expect, it } from 'vitest';
import { expandRng } from '../../passes/expand-rng.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction, runPass } from './pass-fixture.ts';
import { differenceOfTexts } from './same-meaning.ts';

function generator(algorithm: string, type: string, words = 2, state = 'ui64'): string {
  const signature = `tensor<${words}x${state}>`;
  return inFunction(
    `(%x: ${signature}) -> (${signature}, tensor<${type}>)`,
    `%0, %1 = stablehlo.rng_bit_generator %x, algorithm = ${algorithm} : (${signature}) -> (${signature}, tensor<${type}>)
    return %0, %1 : ${signature}, tensor<${type}>`,
  );
}

/** The generator is gone; state and bits are the same, with keys and counters that carry among them. */
function expectSameBits(text: string): void {
  const outcome = runPass(expandRng, text);
  expect(outcome.text).not.toContain('rng_bit_generator');
  expect(runPass(expandRng, outcome.text).changed).toBe(false);
  expect(differenceOfTexts(text, outcome.text, 6)).toBeUndefined();
}

const types = [
  'ui32',
  '5xui32',
  '3x4xui32',
  '5x3xui32',
  '7xui64',
  '2x3xi64',
  '5xf32',
  '3xf64',
  '6xbf16',
  '9xui8',
  '5xi16',
  '0x3xui32',
];

describe('expand-rng', () => {
  it.each(types)('gives the bits of THREE_FRY as %s', (type) => expectSameBits(generator('THREE_FRY', type)));

  it.each(types)('gives the bits of PHILOX as %s', (type) => {
    expectSameBits(generator('PHILOX', type));
    expectSameBits(generator('PHILOX', type, 3));
  });

  it('takes DEFAULT for PHILOX, as the evaluator does', () => expectSameBits(generator('DEFAULT', '4xui32')));

  it('leaves a state of other words, with a remark', () => {
    const text = generator('THREE_FRY', '4xui32', 2, 'i64');
    expectUnchanged(expandRng, text);
    expect(runPass(expandRng, text).remarks).toHaveLength(1);
  });
});
