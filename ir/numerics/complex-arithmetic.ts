/**
 * Complex abs, sign, square, multiply and divide.
 *
 * For finite operands each part is within 0.501 ULP of the exact one, whatever cancels, overflows or underflows on the
 * way. For others: `multiply` and `square` are the textbook formulas, as in StableHLO's reference interpreter (so an
 * infinity times a number may have NaN parts); `divide` follows C23 G.5.1, as that interpreter's `std::complex` does.
 */
import { copySign } from './bits.ts';
import type { ComplexPair } from './complex-pair.ts';
import { COMPLEX_NAN, complexOf, isFiniteComplex, isInfinite, isInfiniteComplex } from './complex-pair.ts';
import { ddFrom, ddSqrt } from './double-double.ts';
import { hypot } from './roots.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import { roundScaled, scaledAdd, scaledDiv, scaledFrom, scaledProduct } from './scaled-double-double.ts';

/** The modulus; inf for every infinity. */
export function complexAbs(z: ComplexPair): number {
  return hypot(z.re, z.im);
}

/** `z / |z|`; zero for zeros, NaN for infinities and NaN. */
export function complexSign(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z)) return COMPLEX_NAN;
  if (z.re === 0 && z.im === 0) return complexOf(0, 0);
  const modulus = squareRoot(squareOfModulus(z));
  return complexOf(quotient(z.re, modulus), quotient(z.im, modulus));
}

/** `z z` */
export function complexSquare(z: ComplexPair): ComplexPair {
  return complexMultiply(z, z);
}

export function complexMultiply(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  if (!isFiniteComplex(lhs) || !isFiniteComplex(rhs)) return multiplyPlainly(onlySigns(lhs), onlySigns(rhs));
  return complexOf(
    roundSumOfProducts(lhs.re, rhs.re, -lhs.im, rhs.im),
    roundSumOfProducts(lhs.re, rhs.im, lhs.im, rhs.re),
  );
}

export function complexDivide(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  if (!isFiniteComplex(lhs) || !isFiniteComplex(rhs) || (rhs.re === 0 && rhs.im === 0))
    return divideSpecially(lhs, rhs);
  const divisor = squareOfModulus(rhs);
  return complexOf(
    roundQuotient(lhs.re, rhs.re, lhs.im, rhs.im, divisor),
    roundQuotient(lhs.im, rhs.re, -lhs.re, rhs.im, divisor),
  );
}

/** `a b + c d` of finite numbers; a zero has the sign of the plain formula's. */
function roundSumOfProducts(a: number, b: number, c: number, d: number): number {
  const sum = scaledAdd(scaledProduct(a, b), scaledProduct(c, d));
  return sum.significand.hi === 0 ? zeroSum(a * b, c * d) : roundScaled(sum);
}

/** The zero that two products leave: of two zeros their sum, else +0. */
function zeroSum(product: number, otherProduct: number): number {
  return product === 0 ? product + otherProduct : 0;
}

/** `(a b + c d) / divisor` of finite numbers. */
function roundQuotient(a: number, b: number, c: number, d: number, divisor: ScaledDoubleDouble): number {
  const dividend = scaledAdd(scaledProduct(a, b), scaledProduct(c, d));
  return dividend.significand.hi === 0 ? zeroSum(a * b, c * d) : roundScaled(scaledDiv(dividend, divisor));
}

function squareOfModulus(z: ComplexPair): ScaledDoubleDouble {
  return scaledAdd(scaledProduct(z.re, z.re), scaledProduct(z.im, z.im));
}

function squareRoot(x: ScaledDoubleDouble): ScaledDoubleDouble {
  const odd = Math.abs(x.exponent % 2);
  const { hi, lo } = x.significand;
  return { significand: ddSqrt({ hi: hi * (1 + odd), lo: lo * (1 + odd) }), exponent: (x.exponent - odd) / 2 };
}

function quotient(part: number, modulus: ScaledDoubleDouble): number {
  return part === 0 ? part : roundScaled(scaledDiv(scaledFrom(ddFrom(part)), modulus));
}

/** Finite parts become 1, so that no product of two of them overflows where an infinity decides. */
function onlySigns(z: ComplexPair): ComplexPair {
  return complexOf(modest(z.re), modest(z.im));
}

function modest(part: number): number {
  return part === 0 || !Number.isFinite(part) ? part : Math.sign(part);
}

function multiplyPlainly(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  return complexOf(lhs.re * rhs.re - lhs.im * rhs.im, lhs.re * rhs.im + lhs.im * rhs.re);
}

/** C23 G.5.1, example 2: an infinity over a finite number is infinite, a finite one over an infinity is zero. */
function divideSpecially(lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  const isZeroDivisor = rhs.re === 0 && rhs.im === 0;
  if (isZeroDivisor && !(Number.isNaN(lhs.re) && Number.isNaN(lhs.im))) {
    const infinity = copySign(Infinity, rhs.re);
    return complexOf(infinity * lhs.re, infinity * lhs.im);
  }
  if (isInfiniteComplex(lhs) && isFiniteComplex(rhs)) return multiplyByConjugate(Infinity, onlyInfinities(lhs), rhs);
  if (isFiniteComplex(lhs) && isInfiniteComplex(rhs))
    return multiplyByConjugate(0, onlySigns(lhs), onlyInfinities(rhs));
  return COMPLEX_NAN;
}

function multiplyByConjugate(factor: number, lhs: ComplexPair, rhs: ComplexPair): ComplexPair {
  return complexOf(factor * (lhs.re * rhs.re + lhs.im * rhs.im), factor * (lhs.im * rhs.re - lhs.re * rhs.im));
}

/** Infinite parts become 1, others 0, with their signs. */
function onlyInfinities(z: ComplexPair): ComplexPair {
  return complexOf(copySign(isInfinite(z.re) ? 1 : 0, z.re), copySign(isInfinite(z.im) ? 1 : 0, z.im));
}
