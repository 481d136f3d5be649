/**
 * exp and expm1, and the kernel that logistic, tanh and erf share.
 *
 *     k = round(x log2 e),  r = x - k ln 2 in two steps (|r| <= ln 2 / 2; k times the high part of ln 2 is exact)
 *     exp(x) = 2^k exp(r),  exp(r) = 1 + q,  q = r + r^2 Q(r)
 *
 * Q is a minimax polynomial (Remez on +-1.002 ln 2 / 2, 50 digits, weight r^2 / exp(r)), its coefficients rounded to the format.
 */
import { add, compare, fma, multiply, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import {
  atLeast,
  atMost,
  clampTo,
  fromBits,
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  pairedPolynomial,
  polynomial,
  powerOfTwo,
  roundScaled,
  scaled,
  share,
  shiftLeft,
  toBits,
  twoPowersOfTwo,
} from './math-site.ts';
import { allWithin, eitherWay } from './range-test.ts';

interface ExpConstants {
  /** Below `least` the result is 0, above `most` it is infinite, by rounding. */
  readonly least: number;
  readonly most: number;
  /** Up to this magnitude the result is a normal number. */
  readonly plain: number;
  readonly ln2High: number;
  readonly ln2Low: number;
  readonly coefficients: readonly number[];
}

export const expConstants: Readonly<Record<MathDType, ExpConstants>> = {
  f32: {
    least: -104,
    most: 89,
    plain: 87,
    // 15 bits, so that a product with |k| <= 256 is exact.
    ln2High: 0.693145751953125,
    ln2Low: 1.42860677e-6,
    // Error 2^-28.3.
    coefficients: [0.4999999404, 0.1666651964, 0.04166840017, 0.008368850686, 0.001381430309],
  },
  f64: {
    least: -746,
    most: 710,
    plain: 708,
    // 32 bits, so that a product with |k| <= 2^20 is exact.
    ln2High: 0.6931471803691238,
    ln2Low: 1.9082149292705877e-10,
    // Error 2^-57.9.
    coefficients: [
      0.5000000000000011, 0.16666666666666408, 0.04166666666652811, 0.008333333333496784, 0.0013888888944246695,
      0.00019841269503037106, 2.4801492391220924e-5, 2.755758816559686e-6, 2.763052233225049e-7, 2.4999935923387536e-8,
    ],
  },
}; // prettier-ignore

/** x = k ln 2 + r, for |x log2 e| < 2^20; k in the low bits of an integer. */
function reduced(site: MathSite, x: Expr): { readonly bits: Expr; readonly r: Expr } {
  const { ln2High, ln2Low } = expConstants[mathDType(x)];
  const k = roundScaled(site, x, Math.LOG2E);
  return { bits: k.bits, r: share(site, 'r', fma(k.value, like(x, -ln2Low), fma(k.value, like(x, -ln2High), x))) };
}

/** q of exp(r) = 1 + q. Nothing of it is lost near 0. */
function expm1OfReduced(site: MathSite, r: Expr): Expr {
  const square = share(site, 'square', multiply(r, r));
  return fma(square, pairedPolynomial(r, square, expConstants[mathDType(r)].coefficients), r);
}

/** exp(x) = 2^k (1 + q), k in the low bits of an integer. */
export interface ReducedExp {
  readonly bits: Expr;
  readonly q: Expr;
}

export function reducedExp(site: MathSite, x: Expr): ReducedExp {
  const { bits, r } = reduced(site, x);
  return { bits, q: share(site, 'q', expm1OfReduced(site, r)) };
}

/** Of x + low. */
export function reducedExpOfSum(site: MathSite, x: Expr, low: Expr): ReducedExp {
  const { ln2High, ln2Low } = expConstants[mathDType(x)];
  const k = roundScaled(site, x, Math.LOG2E);
  const rest = fma(k.value, like(x, -ln2Low), low);
  const r = share(site, 'r', add(fma(k.value, like(x, -ln2High), x), rest));
  return { bits: k.bits, q: share(site, 'q', expm1OfReduced(site, r)) };
}

/** exp(-x) = 2^k (1 - m), k + `bias` in the low bits of an integer; the sign is that of the constants. */
export function reducedExpOfNegative(site: MathSite, x: Expr, bias: number): { readonly bits: Expr; readonly m: Expr } {
  const { ln2High, ln2Low, coefficients } = expConstants[mathDType(x)];
  const k = roundScaled(site, x, -Math.LOG2E, bias);
  const r = share(site, 'r', fma(k.value, like(x, ln2Low), fma(k.value, like(x, ln2High), x)));
  const square = share(site, 'square', multiply(r, r));
  // exp(-r) - 1 = -r + r^2 Q(-r).
  const negated = coefficients.map((each, power) => (power % 2 === 0 ? -each : each));
  return { bits: k.bits, m: share(site, 'm', fma(square, pairedPolynomial(r, square, negated), r)) };
}

/**
 * exp(-inf) = 0 and exp(inf) = inf by rounding, NaN passes through. Where no lane of several registers comes near to either end, which is
 * nearly always, k is added to the exponent of exp(r).
 */
export function expandExp(site: MathSite, x: Expr): Expr {
  return eitherWay(site, x, {
    isPlain: () => allWithin(x, expConstants[mathDType(x)].plain),
    plain: () => expOfPlain(site, x),
    any: () => expOfAny(site, x),
  });
}

function expOfPlain(site: MathSite, x: Expr): Expr {
  const { bits, r } = reduced(site, x);
  return fromBits(add(toBits(expOfReduced(site, r)), shiftLeft(bits, layoutOf(x).mantissaBits)));
}

function expOfAny(site: MathSite, x: Expr): Expr {
  const { least, most } = expConstants[mathDType(x)];
  const { bits, r } = reduced(site, clampTo(site, x, least, most));
  return scaled(expOfReduced(site, r), twoPowersOfTwo(site, bits));
}

/**
 * Where there are multiply-adds, 1 + r (1 + r Q(r)), one after the other: as many of them, and no addition. Without, the steps would wait for
 * each other (Zen 5, exp of 4,096 elements: 1.05 and 0.91 of the speed of the other). f64 keeps the addition, which rounds its sinh closer.
 */
function expOfReduced(site: MathSite, r: Expr): Expr {
  if (site.target.fma === 'none' || mathDType(r) === 'f64') return add(expm1OfReduced(site, r), 1);
  return polynomial(r, [1, 1, ...expConstants[mathDType(r)].coefficients]);
}

/**
 * expm1(x) = 2^k q + (2^k - 1); half of it is computed and doubled, so that 2^128 does not occur. Where x^2 / 2 rounds away, x.
 * What the reduced argument loses by rounding is added to q: for x just above ln 2 / 2 it would be doubled in a result of half the size.
 */
export function expandExpm1(site: MathSite, x: Expr): Expr {
  const { most, ln2High, ln2Low, coefficients } = expConstants[mathDType(x)];
  // Further down everything rounds to -1.
  const bounded = share(site, 'bounded', atMost(atLeast(x, -40), most));
  const k = roundScaled(site, bounded, Math.LOG2E);
  const high = share(site, 'high', fma(k.value, like(x, -ln2High), bounded));
  const low = share(site, 'low', multiply(k.value, like(x, -ln2Low)));
  const r = share(site, 'r', add(high, low));
  const lost = add(subtract(high, r), low);
  const q = add(fma(multiply(r, r), polynomial(r, coefficients), lost), r);
  const halfScale = share(site, 'half_scale', powerOfTwo(subtract(k.bits, 1)));
  const result = multiply(fma(q, halfScale, subtract(halfScale, 0.5)), 2);
  return select(compare('lt', unary('abs', x), negligible(x)), x, result);
}

/** The square of a number below it is less than a quarter of an ULP of the number. */
export function negligible(x: Expr): number {
  return 2 ** -(layoutOf(x).mantissaBits + 2);
}
