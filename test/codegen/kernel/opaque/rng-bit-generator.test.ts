import { describe, expect, it } from 'vitest';
import { runBoth } from '../../plan/run-plan.ts';

/** The state after many draws, whose counter is about to carry. */
function bits(algorithm: string, words: readonly string[], output: string): string {
  const state = `tensor<${words.length}xui64>`;
  return `func.func @main() -> (${state}, tensor<${output}>) {
    %s = stablehlo.constant dense<[${words.join(', ')}]> : ${state}
    %0, %1 = stablehlo.rng_bit_generator %s, algorithm = ${algorithm} : (${state}) -> (${state}, tensor<${output}>)
    return %0, %1 : ${state}, tensor<${output}>
  }`;
}

const key = '1234567890123456789';
const last = '18446744073709551615';

describe('rng_bit_generator in loops', () => {
  it.each([
    ['THREE_FRY', [key, last], '5x6xui32'],
    ['THREE_FRY', [key, '7'], '5x3xui32'],
    ['THREE_FRY', [key, last], '3x3xui64'],
    ['THREE_FRY', [key, '7'], 'ui32'],
    ['THREE_FRY', [key, '7'], '4xi8'],
    ['PHILOX', [key, last, '5'], '11xui32'],
    ['PHILOX', [key, last], '7xui64'],
    ['PHILOX', [key, '3', last], '9xui16'],
    ['DEFAULT', [key, '3'], '4x4xui32'],
  ] as const)('%s from %o gives the same bits in a tensor<%s>', (algorithm, words, output) => {
    const { actual, expected } = runBoth(bits(algorithm, words, output));
    expect(actual).toEqual(expected);
  });
});
