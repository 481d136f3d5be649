import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  floatFormats,
  reducePrecision,
  roundHalfAway,
  roundHalfEven,
  roundToFormat,
} from '../../../ir/numerics/index.ts';

const kept = [0, -0, Infinity, -Infinity, Number.NaN, 2 ** 52 + 1, -(2 ** 53)];

describe('rounding', () => {
  it('roundHalfEven: ties to even', () => {
    const halves = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 2 ** 52 - 0.5];
    expect(halves.map(roundHalfEven)).toStrictEqual([0, 2, 2, -0, -2, 0, 2 ** 52]);
    expect(kept.map(roundHalfEven)).toStrictEqual(kept);
  });

  it('roundHalfAway: ties away from zero', () => {
    const halves = [0.5, 1.5, 2.5, -0.5, -0.4, 0.49999999999999994, 4503599627370495.5];
    expect(halves.map(roundHalfAway)).toStrictEqual([1, 2, 3, -1, -0, 0, 2 ** 52]);
    expect(kept.map(roundHalfAway)).toStrictEqual(kept);
  });
});

describe('reducePrecision', () => {
  const { f16, bf16, f32, f64 } = floatFormats;

  it('to the fields of f16 is rounding to f16, without its subnormals', () => {
    const reduced = { exponentBits: 5, mantissaBits: 10 };
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        const rounded = roundToFormat(x, f16);
        const expected = Math.abs(rounded) < 2 ** -14 ? rounded * 0 : rounded;
        return Object.is(reducePrecision(x, f32, reduced), expected);
      }),
      { examples: [[65519], [65520], [-65536], [2 ** -14], [-(2 ** -15)]] },
    );
  });

  it('leaves fields alone that are not narrower', () => {
    expect(reducePrecision(2 ** -130, bf16, { exponentBits: 8, mantissaBits: 23 })).toBe(2 ** -130);
    expect(reducePrecision(1 / 3, f64, { exponentBits: 11, mantissaBits: 52 })).toBe(1 / 3);
  });

  it('carries a rounded mantissa into the exponent, and on into infinity', () => {
    expect(reducePrecision(1.99, f64, { exponentBits: 11, mantissaBits: 2 })).toBe(2);
    expect(reducePrecision(-Number.MAX_VALUE, f64, { exponentBits: 11, mantissaBits: 20 })).toBe(-Infinity);
  });

  it('keeps NaN while a mantissa bit is left', () => {
    expect(reducePrecision(Number.NaN, f32, { exponentBits: 5, mantissaBits: 1 })).toBeNaN();
    expect(reducePrecision(Number.NaN, f32, { exponentBits: 5, mantissaBits: 0 })).toBe(Infinity);
  });
});
