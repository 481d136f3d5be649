import { describe, expect, it } from 'vitest';
import type { DType } from '../../../ir/dtype.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { floatTensor, worstError } from './accuracy.ts';

/** Largest error of each part, in ULP. */
const bounds: Readonly<Record<string, number>> = {
  acos: 3,
  acosh: 3,
  asin: 3,
  asinh: 3,
  atan: 3,
  atanh: 3,
  conj: 0,
  cosh: 4,
  sinh: 4,
  square: 2,
  tan: 0,
};

const ordinary = [0.1, 0.3, 0.5, 0.9, 0.999, 1, 1.001, 1.3, 2, 5.5, 30, 80];
const magnitudes = [0, 1e-30, 1e-10, ...ordinary, 1e5, 1e12];
const signed = magnitudes.flatMap((x) => [x, -x]);

function grid(dtype: DType, left: readonly number[], right: readonly number[]): Tensor {
  return floatTensor(
    dtype,
    left.flatMap((re) => right.flatMap((im) => [re, im])),
  );
}

describe('functions of complex numbers, expanded', () => {
  for (const [op, bound] of Object.entries(bounds)) {
    for (const dtype of ['complex<f32>', 'complex<f64>'] as const) {
      it(`${op} of ${dtype} is within ${bound} ULP in each part, in all quadrants and on both sides of its cuts`, () => {
        const worst = worstError(`chlo.${op}`, [grid(dtype, signed, signed)]);
        expect(worst.ulp, worst.at).toBeLessThanOrEqual(bound);
      });

      it(`${op} of ${dtype} has the infinities of C23`, () => {
        const infinite = [Infinity, -Infinity];
        const others = [0, -0, 1, -1, 4, Infinity, -Infinity];
        for (const input of [grid(dtype, infinite, others), grid(dtype, others, infinite)]) {
          const worst = worstError(`chlo.${op}`, [input]);
          expect(worst.ulp, worst.at).toBeLessThanOrEqual(bound);
        }
      });
    }
  }

  it('_asin_acos_kernel gives both parts', () => {
    const worst = worstError('chlo._asin_acos_kernel', [grid('complex<f32>', ordinary, ordinary)]);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(3);
  });

  it('a NaN in either part gives a NaN', () => {
    const worst = worstError('chlo.asin', [grid('complex<f32>', [NaN], [1, -1, NaN])]);
    expect(worst.ulp, worst.at).toBe(0);
  });
});
