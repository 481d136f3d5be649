/** A complex number as two doubles: the form every complex function here takes and returns. */
import { copySign } from './bits.ts';

/**
 * `re + im i`. Both parts carry signed zeros, infinities and NaN with a meaning of their own, as in C's Annex G: a number
 * with an infinite part is an infinity even if the other part is NaN, and the sign of a zero picks the side of a
 * branch cut.
 */
export interface ComplexPair {
  readonly re: number;
  readonly im: number;
}

export function complexOf(re: number, im: number): ComplexPair {
  return { re, im };
}

export const COMPLEX_NAN: ComplexPair = { re: NaN, im: NaN };

export function isFiniteComplex(z: ComplexPair): boolean {
  return Number.isFinite(z.re) && Number.isFinite(z.im);
}

export function isInfinite(x: number): boolean {
  return x === Infinity || x === -Infinity;
}

export function isInfiniteComplex(z: ComplexPair): boolean {
  return isInfinite(z.re) || isInfinite(z.im);
}

export function conjugate(z: ComplexPair): ComplexPair {
  return { re: z.re, im: -z.im };
}

/** `z i` */
export function timesI(z: ComplexPair): ComplexPair {
  return { re: -z.im, im: z.re };
}

/** `-z i` */
export function overI(z: ComplexPair): ComplexPair {
  return { re: z.im, im: -z.re };
}

/** The parts of `magnitudes` with the signs of the parts of `signs`. */
export function withSigns(magnitudes: ComplexPair, signs: ComplexPair): ComplexPair {
  return { re: copySign(magnitudes.re, signs.re), im: copySign(magnitudes.im, signs.im) };
}

/** Both parts without their signs: the point's image in the first quadrant. */
export function firstQuadrant(z: ComplexPair): ComplexPair {
  return { re: Math.abs(z.re), im: Math.abs(z.im) };
}
