/**
 * Double-doubles with an exponent of their own: intermediate results that may lie beyond the range of doubles, or
 * deep in the subnormals, and must be rounded only once.
 */
import { exponentOf, scaleByPowerOfTwo } from './bits.ts';
import type { DoubleDouble } from './double-double.ts';
import {
  ddAdd,
  ddDiv,
  ddMul,
  ddNeg,
  ddRoundScaled,
  ddScaleByPowerOfTwo,
  DD_ZERO,
  twoProduct,
} from './double-double.ts';

/** `significand * 2^exponent`; the significand is between 2^-128 and 2^128 in magnitude, or 0. */
export interface ScaledDoubleDouble {
  readonly significand: DoubleDouble;
  readonly exponent: number;
}

const SCALED_ZERO: ScaledDoubleDouble = { significand: DD_ZERO, exponent: 0 };

/** 2^-64 and 2^64: products and quotients of a few such numbers are far from the ends of the range. */
const LEAST_MODEST = 5.421010862427522e-20;
const GREATEST_MODEST = 18446744073709551616;

function isModest(x: number): boolean {
  const magnitude = Math.abs(x);
  return magnitude > LEAST_MODEST && magnitude < GREATEST_MODEST;
}

/** The nearest double, subnormals, overflow and all. */
export function roundScaled(x: ScaledDoubleDouble): number {
  if (x.exponent === 0 && isModest(x.significand.hi)) return x.significand.hi;
  return ddRoundScaled(x.significand, x.exponent);
}

/** A double-double in the range of doubles, with its exponent taken out if it is far from 1. */
export function scaledFrom(x: DoubleDouble): ScaledDoubleDouble {
  if (isModest(x.hi)) return { significand: x, exponent: 0 };
  if (x.hi === 0) return SCALED_ZERO;
  const exponent = exponentOf(x.hi);
  return { significand: ddScaleByPowerOfTwo(x, -exponent), exponent };
}

/** `floor(log2 |x|)`, or one less where the low word decides. */
export function exponentOfScaled(x: ScaledDoubleDouble): number {
  return exponentOf(x.significand.hi) + x.exponent;
}

/** The same number without its own exponent; it must be in the range of normal doubles. */
export function scaledToDd(x: ScaledDoubleDouble): DoubleDouble {
  return ddScaleByPowerOfTwo(x.significand, x.exponent);
}

export function scaledNeg(a: ScaledDoubleDouble): ScaledDoubleDouble {
  return { significand: ddNeg(a.significand), exponent: a.exponent };
}

export function scaledMul(a: ScaledDoubleDouble, b: ScaledDoubleDouble): ScaledDoubleDouble {
  return { significand: ddMul(a.significand, b.significand), exponent: a.exponent + b.exponent };
}

export function scaledDiv(a: ScaledDoubleDouble, b: ScaledDoubleDouble): ScaledDoubleDouble {
  return { significand: ddDiv(a.significand, b.significand), exponent: a.exponent - b.exponent };
}

/** The sum; what lies more than 800 bits below the larger operand is lost. */
export function scaledAdd(a: ScaledDoubleDouble, b: ScaledDoubleDouble): ScaledDoubleDouble {
  if (a.significand.hi === 0) return b;
  if (b.significand.hi === 0) return a;
  if (a.exponent < b.exponent) return scaledAdd(b, a);
  const shift = b.exponent - a.exponent;
  const shifted = shift === 0 ? b.significand : ddScaleByPowerOfTwo(b.significand, shift);
  const sum = scaledFrom(ddAdd(a.significand, shifted));
  return { significand: sum.significand, exponent: sum.exponent + a.exponent };
}

/** `a * b`, exactly, of finite doubles. */
export function scaledProduct(a: number, b: number): ScaledDoubleDouble {
  if (a === 0 || b === 0) return SCALED_ZERO;
  if (isModest(a) && isModest(b)) return { significand: twoProduct(a, b), exponent: 0 };
  const aExponent = exponentOf(a);
  const bExponent = exponentOf(b);
  const significand = twoProduct(scaleByPowerOfTwo(a, -aExponent), scaleByPowerOfTwo(b, -bExponent));
  return { significand, exponent: aExponent + bExponent };
}
