import { describe, it } from 'vitest';
import { algebraicSimplify } from '../../passes/algebraic-simplify.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction } from './pass-fixture.ts';

describe('rules', () => {
  it.each([
    ['quantised values', 'tensor<4x!quant.uniform<i8:f32, 1.0>>'],
    ['floats without a sign', 'tensor<4xf8E8M0FNU>'],
  ])('that compute leave %s alone, whose negation is not undone by another', (_, type) => {
    expectUnchanged(
      algebraicSimplify,
      inFunction(
        `(%x: ${type}) -> ${type}`,
        `%0 = stablehlo.negate %x : ${type}
         %1 = stablehlo.negate %0 : ${type}
         return %1 : ${type}`,
      ),
    );
  });
});
