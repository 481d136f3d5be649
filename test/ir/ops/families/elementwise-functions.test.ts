import { describe, expect, it } from 'vitest';
import { computeBinary, computeUnary } from '../compute-op.ts';

/** Values of f64 functions at 0.5, correctly rounded (from tables of 30 digits). */
const atOneHalf = {
  cbrt: 0.7937005259840998,
  cosine: 0.8775825618903728,
  exponential: 1.6487212707001282,
  exponential_minus_one: 0.6487212707001282,
  log: -Math.LN2,
  log_plus_one: 0.4054651081081644,
  logistic: 0.6224593312018546,
  rsqrt: Math.SQRT2,
  sine: 0.479425538604203,
  sqrt: Math.SQRT1_2,
  tan: 0.5463024898437905,
  tanh: 0.46211715726000974,
} as const;

describe('elementary functions', () => {
  it.each(Object.entries(atOneHalf))('%s of 0.5 in every float type', (op, value) => {
    expect(computeUnary(`stablehlo.${op}`, '0.5', 'tensor<f64>')[0]).toBeCloseTo(value, 15);
    expect(computeUnary(`stablehlo.${op}`, '0.5', 'tensor<f32>')).toEqual([Math.fround(value)]);
    expect(computeUnary(`stablehlo.${op}`, '0.5', 'tensor<bf16>')[0]).toBeCloseTo(value, 2);
    expect(computeUnary(`stablehlo.${op}`, '0.5', 'tensor<f16>')[0]).toBeCloseTo(value, 3);
  });

  it.each(Object.entries(atOneHalf))('%s of a complex number without imaginary part', (op, value) => {
    const [re, im] = computeUnary(`stablehlo.${op}`, '(0.5, 0.0)', 'tensor<complex<f64>>');
    expect(re).toBeCloseTo(value, 14);
    expect(Math.abs(Number(im))).toBeLessThan(1e-300);
  });

  it('atan2 tells the quadrants apart', () => {
    const angles = computeBinary('stablehlo.atan2', '[0.0, 1.0, -1.0, 0.0]', '[0.0, 0.0, 0.0, -1.0]', 'tensor<4xf64>');
    expect(angles).toEqual([0, Math.PI / 2, -Math.PI / 2, Math.PI]);
  });

  it('power follows IEEE-754 at its corners', () => {
    const type = 'tensor<5xf64>';
    const powers = computeBinary(
      'stablehlo.power',
      '[2.0, 0.0, -8.0, 1.0, 9.0]',
      '[10.0, 0.0, 0.5, 1.0e300, 0.5]',
      type,
    );
    expect(powers).toEqual([1024, 1, NaN, 1, 3]);
  });
});
