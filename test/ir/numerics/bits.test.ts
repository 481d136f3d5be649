import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  copySign,
  exponentOf,
  f32FromBits,
  f32ToBits,
  f64FromBits,
  f64FromWords,
  f64HighWord,
  f64LowWord,
  f64ToBits,
  isNegative,
  powerOfTwo,
  scaleByPowerOfTwo,
} from '../../../ir/numerics/index.ts';

describe('bits', () => {
  it('casts f64 to bits and words and back', () => {
    expect(f64ToBits(-2)).toBe(0xc000000000000000n);
    expect(f64HighWord(-2)).toBe(-1073741824);
    expect(f64LowWord(5e-324)).toBe(1);
    fc.assert(fc.property(fc.double({ noNaN: true }), (x) => Object.is(f64FromBits(f64ToBits(x)), x)));
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => Object.is(f64FromWords(f64HighWord(x), f64LowWord(x)), x)),
    );
  });

  it('casts f32 to bits and back', () => {
    expect(f32ToBits(1)).toBe(0x3f800000);
    expect(f32FromBits(0x80000001)).toBe(-1.401298464324817e-45);
    fc.assert(fc.property(fc.float({ noNaN: true }), (x) => Object.is(f32FromBits(f32ToBits(x)), x)));
  });

  it('knows the sign of zeros, and gives NaN none', () => {
    expect([0, -0, -5e-324, Number.NaN].map(isNegative)).toStrictEqual([false, true, true, false]);
    expect(copySign(3, -0)).toBe(-3);
    expect(copySign(-3, 0)).toBe(3);
  });

  it('finds exponents of normal and subnormal numbers', () => {
    expect([1, 0.9, -8, 5e-324, 2.2250738585072014e-308, 0, Infinity].map(exponentOf)).toStrictEqual([
      0,
      -1,
      3,
      -1074,
      -1022,
      -Infinity,
      Infinity,
    ]);
  });

  it('makes every power of two', () => {
    for (let exponent = -1074; exponent < 1024; exponent++) expect(exponentOf(powerOfTwo(exponent))).toBe(exponent);
    expect([powerOfTwo(1024), powerOfTwo(-1075)]).toStrictEqual([Infinity, 0]);
  });

  it('scales with one rounding, however far', () => {
    expect(scaleByPowerOfTwo(Number.MAX_VALUE, -2098)).toBe(5e-324);
    expect(scaleByPowerOfTwo(5e-324, 2097)).toBe(powerOfTwo(1023));
    expect(scaleByPowerOfTwo(-3, 1023)).toBe(-Infinity);
    expect(scaleByPowerOfTwo(-3, -9999)).toBe(-0);
    expect(scaleByPowerOfTwo(1.5000000000000002, -1075)).toBe(5e-324);
    expect(scaleByPowerOfTwo(powerOfTwo(-40) + powerOfTwo(-92), -1035)).toBe(5e-324);
  });
});
