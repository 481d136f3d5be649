import { describe, expect, it } from 'vitest';
import type { DType } from '../../../ir/dtype.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { expandComplex } from '../../../passes/expand-complex.ts';
import { floatTensor, worstError } from '../expand-chlo/accuracy.ts';

/**
 * Largest error of a part, in ULP, away from where its terms cancel. expm1's real part is a difference; that of log on the unit
 * circle loses what `log1p` does at 1e-10.
 */
const bounds: Readonly<Record<string, number>> = {
  cbrt: 5,
  cosine: 4,
  exponential: 4,
  exponential_minus_one: 8,
  log: 4,
  log_plus_one: 4,
  logistic: 6,
  rsqrt: 5,
  sign: 4,
  sine: 4,
  sqrt: 4,
  tan: 6,
  tanh: 6,
};

const parts = [0.1, 0.35, 0.8, 1, 1.7, 4.5, 11, 35].flatMap((x) => [x, -x]);

/** Where the terms of logistic do not cancel. */
const moderate = parts.filter((x) => Math.abs(x) < 1.5);

function grid(dtype: DType, left: readonly number[], right: readonly number[]): Tensor {
  return floatTensor(
    dtype,
    left.flatMap((re) => right.flatMap((im) => [re, im])),
  );
}

describe('functions of complex numbers, on their parts', () => {
  for (const [op, bound] of Object.entries(bounds)) {
    it.each(['complex<f32>', 'complex<f64>'] as const)(`${op} of %s is within ${bound} ULP in each part`, (dtype) => {
      const imaginary = op === 'logistic' ? moderate : parts;
      const worst = worstError(`stablehlo.${op}`, [grid(dtype, parts, imaginary)], 0, expandComplex);
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(bound);
    });
  }

  it.each(['sqrt', 'rsqrt', 'log', 'exponential', 'tanh'])('%s has the infinities of the evaluator', (op) => {
    const [infinite, finite] = [
      [Infinity, -Infinity],
      [2, -1.5],
    ];
    for (const input of [grid('complex<f32>', infinite, finite), grid('complex<f32>', finite, infinite)]) {
      const worst = worstError(`stablehlo.${op}`, [input], 0, expandComplex);
      expect(worst.ulp, worst.at).toBeLessThanOrEqual(bounds[op] ?? 0);
    }
  });

  it('logarithms keep their digits near the unit circle', () => {
    const circle = Array.from({ length: 200 }, (_, index) => {
      const angle = index * 0.0314 + 0.01;
      return [Math.cos(angle), Math.sin(angle)];
    }).flat();
    const worst = worstError('stablehlo.log', [floatTensor('complex<f32>', circle)], 0, expandComplex);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(64);
  });

  it('quotients do not overflow on the way', () => {
    const [large, small] = [
      grid('complex<f32>', [1e38, 1e-30], [1e38, 1e-30]),
      grid('complex<f32>', [2e38, 1], [1e38, 2]),
    ];
    const worst = worstError('stablehlo.divide', [large, small], 0, expandComplex);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(4);
  });

  it('quotients by zero and infinity are those of C23', () => {
    const [numerators, divisors] = [
      grid('complex<f32>', [1, -2, Infinity], [3, -1, 0]),
      grid('complex<f32>', [0, Infinity, 1], [0, -Infinity, 2]),
    ];
    const worst = worstError('stablehlo.divide', [numerators, divisors], 0, expandComplex);
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(4);
  });

  it('powers are near in both parts', () => {
    const worst = worstError(
      'stablehlo.power',
      [grid('complex<f64>', [0.5, 2, 3], [1, -1.5]), grid('complex<f64>', [1, 2.5, -1], [0, 0.75])],
      0,
      expandComplex,
    );
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(40);
  });

  it('angles between complex numbers are near in both parts', () => {
    const worst = worstError(
      'stablehlo.atan2',
      [grid('complex<f64>', [0.5, 2, 3], [1, -1.5]), grid('complex<f64>', [1, 2.5, -1], [0.25, 0.75])],
      0,
      expandComplex,
    );
    expect(worst.ulp, worst.at).toBeLessThanOrEqual(64);
  });
});
