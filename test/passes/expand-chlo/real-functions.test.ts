import { describe, expect, it } from 'vitest';
import { type Domain, floatTensor, numbersOf, specialNumbers, worstError } from './accuracy.ts';

interface RealCase {
  readonly domains: readonly Domain[];
  /** Largest error in f32 and f64, in ULP. In f16 and bf16, computed in f32, it is 1: a result near the middle of two. */
  readonly bound: number;
  /** Where a function has zeros, the error is absolute: in ULP of this. */
  readonly floor?: number;
}

const everywhere: Domain = { from: -30, to: 30 };
const unit: Domain = { from: -1, to: 1 };
const positive: Domain = { from: 1e-30, to: 1e30, scale: 'log' };
const aroundOne: Domain = { from: 0.5, to: 1.5 };

const cases: Readonly<Record<string, RealCase>> = {
  acos: { domains: [unit, aroundOne], bound: 2 },
  acosh: { domains: [{ from: 1, to: 4 }, positive], bound: 3 },
  asin: { domains: [unit, aroundOne, positive], bound: 2 },
  asinh: { domains: [everywhere, positive], bound: 2 },
  atan: { domains: [everywhere, positive], bound: 0 },
  atanh: { domains: [unit, aroundOne, positive], bound: 2 },
  bessel_i1e: { domains: [everywhere, positive], bound: 11 },
  conj: { domains: [everywhere], bound: 0 },
  cosh: { domains: [everywhere, { from: -100, to: 100 }], bound: 3 },
  digamma: { domains: [everywhere, positive, { from: -5, to: 5 }], bound: 9, floor: 1 },
  erf: { domains: [everywhere, { from: -5, to: 5 }, positive], bound: 3 },
  erf_inv: { domains: [unit, aroundOne, positive], bound: 4 },
  erfc: { domains: [everywhere, { from: -5, to: 10 }, positive], bound: 10 },
  lgamma: { domains: [everywhere, positive, { from: -5, to: 5 }], bound: 4, floor: 1 },
  sinh: { domains: [everywhere, { from: -100, to: 100 }, unit, positive], bound: 3 },
  square: { domains: [everywhere, positive], bound: 0 },
  tan: { domains: [everywhere, positive], bound: 0 },
};

describe('functions of real numbers, expanded', () => {
  for (const [op, { domains, bound, floor }] of Object.entries(cases)) {
    const numbers = [...specialNumbers, ...domains.flatMap(numbersOf)];
    for (const dtype of ['f32', 'f64'] as const) {
      it(`${op} of ${dtype} is within ${bound} ULP, special values included`, () => {
        const worst = worstError(`chlo.${op}`, [floatTensor(dtype, numbers)], floor);
        expect(worst.ulp, worst.at).toBeLessThanOrEqual(bound);
      });
    }
    for (const dtype of ['f16', 'bf16'] as const) {
      it(`${op} of ${dtype} is computed in f32 and rounded once`, () => {
        const worst = worstError(`chlo.${op}`, [floatTensor(dtype, numbers)]);
        expect(worst.ulp, worst.at).toBeLessThanOrEqual(1);
      });
    }
  }
});

/** A grid of two lists. */
function pairs(left: readonly number[], right: readonly number[]): readonly (readonly number[])[] {
  return [left.flatMap((x) => right.map(() => x)), left.flatMap(() => right)];
}

describe('functions of two real numbers, expanded', () => {
  const bases = [1e-3, 0.1, 0.5, 1, 1.25, 2, 3.5, 7, 10, 33, 100.5, 1e4, 1e30, Infinity, NaN];
  const leftOfZero = [0, -0, -1, -2, -0.25, -0.5, -1.25, -3.75, -8.5, -20.125];

  it.each(['f32', 'f64'] as const)('zeta of %s is within 4 ULP for q > 0', (dtype) => {
    const orders = [0.5, 1, 1 + 2 ** -10, 1.5, 2, 2.75, 3, 4, 6, 10, 17.5, 30, Infinity, NaN, -1];
    const inputs = pairs(orders, bases).map((numbers) => floatTensor(dtype, numbers));
    const worst = worstError('chlo.zeta', inputs);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(4);
  });

  it.each(['f32', 'f64'] as const)('zeta of %s is within 16 ULP of 1 left of 0, and has its poles', (dtype) => {
    const inputs = pairs([2, 3, 4, 5, 2.5], leftOfZero).map((numbers) => floatTensor(dtype, numbers));
    const worst = worstError('chlo.zeta', inputs, 1);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(16);
  });

  it.each(['f32', 'f64'] as const)('polygamma of %s is within 8 ULP for x > 0', (dtype) => {
    const inputs = pairs([0, 1, 2, 3, 5, 9, 0.5, -1, NaN], bases).map((numbers) => floatTensor(dtype, numbers));
    const worst = worstError('chlo.polygamma', inputs);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(8);
  });

  it.each(['f32', 'f64'] as const)(
    'polygamma of %s is within 128 ULP for factorials that come from lgamma',
    (dtype) => {
      const inputs = pairs([21, 25, 30], [0.5, 1, 2.5]).map((numbers) => floatTensor(dtype, numbers));
      const worst = worstError('chlo.polygamma', inputs);
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(128);
    },
  );

  it.each(['f32', 'f64'] as const)('polygamma of %s is within 64 ULP left of 0, and has its poles', (dtype) => {
    const inputs = pairs([0, 1, 2, 3], leftOfZero).map((numbers) => floatTensor(dtype, numbers));
    const worst = worstError('chlo.polygamma', inputs, 1);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(64);
  });

  it.each(['f16', 'bf16'] as const)('zeta and polygamma of %s are computed in f32', (dtype) => {
    const inputs = pairs([1, 2, 3, 4], [0.5, 1, 2.5, 7, 12]).map((numbers) => floatTensor(dtype, numbers));
    for (const op of ['chlo.zeta', 'chlo.polygamma']) {
      const worst = worstError(op, inputs);
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(1);
    }
  });
});
