/**
 * tanh |x|. With |x| = r + k ln 2 / 2, s = 2^k and C = r coth r, a polynomial in r^2,
 *
 *     |x| < border:  k = 0, r / C                                       nothing cancels
 *     beyond:        1 - 2 / (exp(2 |x|) + 1) = 1 + (r - C) / D         D = ((s + 1) C + (s - 1) r) / 2, which is C for k = 0
 *
 * so that one polynomial and one division serve both, and what is not needed is masked. Beyond, where the quotient is at most 1/2, k ln 2 / 2 may
 * be taken in one part. The polynomial is minimax (Remez on r^2 up to the square of the border, 40 digits, weight r^2).
 */
import { add, compare, divide, fma, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import {
  atMost,
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  powerOfTwoBiased,
  roundScaled,
  share,
  signAndMagnitude,
  toBits,
  withSign,
} from './math-site.ts';

interface TanhConstants {
  /** tanh of it is more than 1/2. */
  readonly border: number;
  /** From here on tanh rounds to 1. */
  readonly one: number;
  readonly coefficients: readonly number[];
}

const constants: Readonly<Record<MathDType, TanhConstants>> = {
  f32: {
    border: 0.59375,
    one: 9.1,
    // Error 2^-28.8.
    coefficients: [1, 0.3333333135, -0.02222179808, 0.002112310845, -0.0001959770307],
  },
  f64: {
    border: 0.59375,
    one: 19.1,
    // Error 2^-57.
    coefficients: [
      1, 0.33333333333333315, -0.022222222222205396, 0.0021164021158109987, -0.0002116402015882703,
      2.137770445478146e-5, -2.1638829826055066e-6, 2.175857330244637e-7, -1.928495438033221e-8,
    ],
  },
}; // prettier-ignore

export function expandTanh(site: MathSite, x: Expr): Expr {
  const { border, one, coefficients } = constants[mathDType(x)];
  const { sign, magnitude } = signAndMagnitude(site, x);
  const bounded = share(site, 'bounded', atMost(magnitude, one));
  const isFar = share(site, 'is_far', compare('gt', toBits(bounded), toBits(like(x, border))));
  const whereFar = (value: Expr): Expr => select(isFar, value, 0);
  const k = roundScaled(site, share(site, 'far', whereFar(bounded)), 2 * Math.LOG2E, layoutOf(x).exponentBias - 1);
  const r = share(site, 'r', fma(k.value, like(x, -Math.LN2 / 2), bounded));
  const c = share(site, 'c', polynomial(share(site, 'square', multiply(r, r)), coefficients));
  const half = share(site, 'half', powerOfTwoBiased(k.bits));
  const denominator = fma(add(half, 0.5), c, multiply(subtract(half, 0.5), r));
  const quotient = divide(subtract(r, whereFar(c)), denominator);
  return withSign(add(whereFar(like(x, 1)), quotient), sign);
}
