import { describe, it } from 'vitest';
import { algebraicSimplify } from '../../passes/algebraic-simplify.ts';
import { expectUnchanged } from './expect-pass.ts';
import { inFunction } from './pass-fixture.ts';

describe('rules', () => {
  it('that compute leave quantised values alone, whose negation saturates', () => {
    const type = 'tensor<4x!quant.uniform<i8:f32, 1.0>>';
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
