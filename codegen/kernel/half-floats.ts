/**
 * f16 and bf16 as integer arithmetic on their bits, exact: widening keeps every value, narrowing rounds to nearest even, keeps
 * infinities, signs of zeros and NaN (as a quiet NaN). After F. Giesen, "Half to float done quick" (2012).
 */
import {
  abs, add, and, binary, bitcast, compare, constant, convert, or, select, subtract,
} from './loop-expressions.ts'; // prettier-ignore
import type { Expr } from './loop-ir.ts';
import { type KernelDType, vector } from './value-type.ts';

export type HalfDType = 'f16' | 'bf16';

export function isHalfDType(dtype: KernelDType): dtype is HalfDType {
  return dtype === 'f16' || dtype === 'bf16';
}

const shiftLeft = (value: Expr, by: number): Expr => binary('shift-left', value, by);
const shiftRight = (value: Expr, by: number): Expr => binary('shift-right-logical', value, by);

/** Names a value that is read more than once. */
export type Name = (name: string, value: Expr) => Expr;

/** ui16 bits -> f32. */
export function widenHalf(format: HalfDType, bits: Expr, name: Name): Expr {
  const { lanes } = bits.type;
  const wide = convert('ui32', bits);
  if (format === 'bf16') return bitcast(vector('f32', lanes), shiftLeft(wide, 16));
  const h = name('bits', wide);
  const shifted = name('magnitude', shiftLeft(and(h, 0x7fff), 13));
  const exponent = name('exponent', and(shifted, 0x0f80_0000));
  const normal = name('rebased', add(shifted, 0x3800_0000));
  const special = add(normal, 0x3800_0000);
  const tiny = subtract(bitcast(vector('f32', lanes), add(normal, 0x0080_0000)), 2 ** -14);
  const isSpecial = compare('eq', exponent, 0x0f80_0000);
  const isTiny = compare('eq', exponent, 0);
  const magnitude = select(isSpecial, special, select(isTiny, bitcast(vector('ui32', lanes), tiny), normal));
  return bitcast(vector('f32', lanes), or(magnitude, shiftLeft(and(h, 0x8000), 16)));
}

/** f32 -> ui16 bits. */
export function narrowToHalf(format: HalfDType, value: Expr, name: Name): Expr {
  const { lanes } = value.type;
  const bits = name('bits', bitcast(vector('ui32', lanes), value));
  return convert('ui16', format === 'bf16' ? narrowToBf16(bits) : narrowToF16(bits, name));
}

function narrowToBf16(bits: Expr): Expr {
  const rounded = shiftRight(add(add(bits, 0x7fff), and(shiftRight(bits, 16), 1)), 16);
  const isNan = compare('gt', and(bits, 0x7fff_ffff), 0x7f80_0000);
  return select(isNan, or(shiftRight(bits, 16), 0x40), rounded);
}

function narrowToF16(bits: Expr, name: Name): Expr {
  const { lanes } = bits.type;
  const magnitude = name('magnitude', and(bits, 0x7fff_ffff));
  const isNan = compare('gt', magnitude, 0x7f80_0000);
  const quiet = or(and(shiftRight(magnitude, 13), 0x3ff), 0x7e00);
  const huge = select(isNan, quiet, constant(bits.type, 0x7c00));
  // Adding 1/2 leaves a denormal's bits at the bottom, rounded to even by the addition.
  const tiny = bitcast(vector('ui32', lanes), add(bitcast(vector('f32', lanes), magnitude), 0.5));
  const denormal = subtract(tiny, 0x3f00_0000);
  const odd = and(shiftRight(magnitude, 13), 1);
  const normal = shiftRight(add(add(magnitude, 0xc800_0fff), odd), 13);
  const isHuge = compare('ge', magnitude, 0x4780_0000);
  const isTiny = compare('lt', magnitude, 0x3880_0000);
  return or(select(isHuge, huge, select(isTiny, denormal, normal)), and(shiftRight(bits, 16), 0x8000));
}

/** f64 -> f32 rounded to odd: rounding that once more to a format of at most 22 bits is as good as rounding once. */
export function roundToOdd(value: Expr, name: Name): Expr {
  const { lanes } = value.type;
  const x = name('x', value);
  const nearest = name('nearest', convert('f32', x));
  const back = name('back', convert('f64', nearest));
  const bits = name('bits', bitcast(vector('ui32', lanes), nearest));
  const truncated = select(compare('gt', abs(back), abs(x)), subtract(bits, 1), bits);
  // Of a NaN the comparison is false as well.
  const isExact = or(compare('eq', back, x), compare('ne', x, x));
  return bitcast(vector('f32', lanes), select(isExact, bits, or(truncated, 1)));
}
