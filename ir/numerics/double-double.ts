/**
 * Double-double arithmetic: an unevaluated sum of two doubles, about 106 bits of precision.
 *
 * Every elementary function here is computed in this form and rounded once at the end, which is what makes a plain
 * series good to little more than half an ULP. With u = 2^-53, relative errors are below 3u^2 for sums, 7u^2 for
 * products, 10u^2 for quotients and 4u^2 for square roots, while no intermediate product overflows (operands below
 * 2^996) or loses its error term to underflow (products above 2^-969). Callers scale; infinities and NaN are theirs too.
 *
 * Sources: Dekker 1971, "A floating-point technique for extending the available precision" (splitting, products);
 * Knuth, TAOCP 2, 4.2.2 (two-sum); Joldes, Muller, Popescu 2017, "Tight and rigorous error bounds for basic building
 * blocks of double-word arithmetic" (sum, product, quotient); Karp, Markstein 1997 (square root).
 */
import { copySign, exponentOf, powerOfTwo, scaleByPowerOfTwo } from './bits.ts';

/** The number `hi + lo`, where `lo` is at most half an ULP of `hi`. */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** 2^27 + 1, Veltkamp's splitter. */
const SPLITTER = 134217729;
/** Exponent of the least subnormal double. */
const MIN_EXPONENT = -1074;

export const DD_ZERO: DoubleDouble = { hi: 0, lo: 0 };
export const DD_ONE: DoubleDouble = { hi: 1, lo: 0 };

/** A double as a double-double. */
export function ddFrom(value: number): DoubleDouble {
  return { hi: value, lo: 0 };
}

/** `a + b`, exactly. */
export function twoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

/** `a + b`, exactly, where `|a| >= |b|` or a is 0. */
export function quickTwoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

/** `a * b`, exactly. */
export function twoProduct(a: number, b: number): DoubleDouble {
  const hi = a * b;
  const aBig = SPLITTER * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = SPLITTER * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return { hi, lo: aHigh * bHigh - hi + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

export function ddNeg(a: DoubleDouble): DoubleDouble {
  return { hi: -a.hi, lo: -a.lo };
}

export function ddAbs(a: DoubleDouble): DoubleDouble {
  return a.hi < 0 ? ddNeg(a) : a;
}

export function ddAdd(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.hi, b.hi);
  const low = twoSum(a.lo, b.lo);
  const sum = quickTwoSum(high.hi, high.lo + low.hi);
  return quickTwoSum(sum.hi, sum.lo + low.lo);
}

export function ddSub(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return ddAdd(a, { hi: -b.hi, lo: -b.lo });
}

/** `a + b` with a plain double. */
export function ddAddF64(a: DoubleDouble, b: number): DoubleDouble {
  const high = twoSum(a.hi, b);
  return quickTwoSum(high.hi, high.lo + a.lo);
}

export function ddMul(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.hi, b.hi);
  return quickTwoSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

/** `a * b` with a plain double. */
export function ddMulF64(a: DoubleDouble, b: number): DoubleDouble {
  const product = twoProduct(a.hi, b);
  return quickTwoSum(product.hi, product.lo + a.lo * b);
}

/** `a * factor` for a power of two: exact while nothing overflows or underflows. */
export function ddScale(a: DoubleDouble, factor: number): DoubleDouble {
  return { hi: a.hi * factor, lo: a.lo * factor };
}

/** `a * 2^exponent` for any integer exponent. */
export function ddScaleByPowerOfTwo(a: DoubleDouble, exponent: number): DoubleDouble {
  return { hi: scaleByPowerOfTwo(a.hi, exponent), lo: scaleByPowerOfTwo(a.lo, exponent) };
}

export function ddSquare(a: DoubleDouble): DoubleDouble {
  return ddMul(a, a);
}

export function ddDiv(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  const rest = ddSub(a, ddMulF64(b, first));
  const second = rest.hi / b.hi;
  const restAfter = ddSub(rest, ddMulF64(b, second));
  return ddAddF64(quickTwoSum(first, second), restAfter.hi / b.hi);
}

/** Square root of a non-negative number: the hardware's root and one Newton step. */
export function ddSqrt(a: DoubleDouble): DoubleDouble {
  if (a.hi <= 0) return DD_ZERO;
  const root = Math.sqrt(a.hi);
  const rest = ddSub(a, twoProduct(root, root));
  return quickTwoSum(root, rest.hi / (2 * root));
}

/** `c[0] x^(n-1) + ... + c[n-1]` by Horner's rule: coefficients from the highest power down. */
export function ddPolynomial(coefficients: readonly DoubleDouble[], x: DoubleDouble): DoubleDouble {
  let result = DD_ZERO;
  for (const coefficient of coefficients) result = ddAdd(ddMul(result, x), coefficient);
  return result;
}

/**
 * A sum of a few doubles, rounded once to double-double whatever cancels: the exact sum as an expansion of
 * non-overlapping doubles (Shewchuk 1997, "Adaptive precision floating-point arithmetic", grow-expansion).
 */
export function ddSumExactly(terms: readonly number[]): DoubleDouble {
  const expansion: number[] = [];
  for (const term of terms) {
    let carry = term;
    for (const [i, component] of expansion.entries()) {
      const sum = twoSum(carry, component);
      expansion[i] = sum.lo;
      carry = sum.hi;
    }
    expansion.push(carry);
  }
  let result = DD_ZERO;
  for (const component of expansion) result = ddAddF64(result, component);
  return result;
}

/** Reads a table written as `hi, lo, hi, lo, ...`. */
export function ddTable(pairs: readonly number[]): readonly DoubleDouble[] {
  const table: DoubleDouble[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) table.push({ hi: pairs[i] ?? NaN, lo: pairs[i + 1] ?? NaN });
  return table;
}

/**
 * `x * 2^exponent` rounded to a double once, where x is near 1: a subnormal result too. Adding the number whose ULP is
 * the spacing of the subnormals rounds both words together; where the first alone would be a tie, the second decides.
 */
export function ddRoundScaled(x: DoubleDouble, exponent: number): number {
  const leastBit = MIN_EXPONENT - exponent;
  const bitsAbove = exponentOf(x.hi) - leastBit;
  if (bitsAbove >= 52) return scaleByPowerOfTwo(x.hi, exponent);
  if (bitsAbove < -1) return copySign(0, x.hi);
  const anchor = copySign(powerOfTwo(leastBit + 52), x.hi);
  const sum = twoSum(anchor, x.hi);
  const rest = twoSum(sum.lo, x.lo);
  const isTie = Math.abs(rest.hi) === powerOfTwo(leastBit - 1);
  const nudge = isTie ? 1 + Math.sign(rest.lo * rest.hi) * Number.EPSILON : 1;
  return copySign(scaleByPowerOfTwo(sum.hi + rest.hi * nudge - anchor, exponent), x.hi);
}
