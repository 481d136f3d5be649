import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FloatFormat, FloatFormatName } from '../../../ir/numerics/index.ts';
import {
  decodeFloat,
  decodeTable,
  encodeFloat,
  encodeFloatToBigint,
  floatFormats,
  isFloatFormatName,
  roundToFormat,
} from '../../../ir/numerics/index.ts';

const formats = Object.values(floatFormats);
const small = formats.filter((format) => format.width <= 16);

/**
 * What each format makes of 1, inf, -inf, NaN, -0, its greatest number and a quarter ULP more, and 1e300: bit patterns.
 * From ml_dtypes 0.6 (`numpy.array(x).astype(dtype)`), but for the values between f32 and the format, which it rounds
 * twice; f8E8M0FNU has no quarter ULP.
 */
const landmarks: Readonly<Record<Exclude<FloatFormatName, 'f64' | 'f32'>, readonly number[]>> = {
  f16: [0x3c00, 0x7c00, 0xfc00, 0x7e00, 0x8000, 0x7bff, 0x7bff, 0x7c00],
  bf16: [0x3f80, 0x7f80, 0xff80, 0x7fc0, 0x8000, 0x7f7f, 0x7f7f, 0x7f80],
  f8E5M2: [0x3c, 0x7c, 0xfc, 0x7e, 0x80, 0x7b, 0x7b, 0x7c],
  f8E4M3: [0x38, 0x78, 0xf8, 0x7c, 0x80, 0x77, 0x77, 0x78],
  f8E3M4: [0x30, 0x70, 0xf0, 0x78, 0x80, 0x6f, 0x6f, 0x70],
  f8E4M3FN: [0x38, 0x7f, 0xff, 0x7f, 0x80, 0x7e, 0x7e, 0x7f],
  f8E4M3FNUZ: [0x40, 0x80, 0x80, 0x80, 0x00, 0x7f, 0x7f, 0x80],
  f8E4M3B11FNUZ: [0x58, 0x80, 0x80, 0x80, 0x00, 0x7f, 0x7f, 0x80],
  f8E5M2FNUZ: [0x40, 0x80, 0x80, 0x80, 0x00, 0x7f, 0x7f, 0x80],
  f8E8M0FNU: [0x7f, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xfe, 0xff],
  f6E2M3FN: [0x08, 0x1f, 0x3f, 0x20, 0x20, 0x1f, 0x1f, 0x1f],
  f6E3M2FN: [0x0c, 0x1f, 0x3f, 0x20, 0x20, 0x1f, 0x1f, 0x1f],
  f4E2M1FN: [0x02, 0x07, 0x0f, 0x08, 0x08, 0x07, 0x07, 0x07],
};

function finiteValues(format: FloatFormat): readonly number[] {
  const values = [...decodeTable(format)].filter((value) => Number.isFinite(value));
  return [...new Set(values)].sort((a, b) => a - b);
}

describe('float formats', () => {
  it('knows its names', () => {
    expect(isFloatFormatName('f8E4M3B11FNUZ')).toBe(true);
    expect(isFloatFormatName('f8')).toBe(false);
    expect(isFloatFormatName('toString')).toBe(false);
  });

  it.each(small.map((format) => [format.name, format] as const))(
    '%s: every value survives the round trip',
    (_name, format) => {
      for (let bits = 0; bits < 1 << format.width; bits++) {
        const value = decodeFloat(bits, format);
        if (!Number.isNaN(value)) expect(encodeFloat(value, format)).toBe(bits);
      }
      expect(Math.max(...finiteValues(format))).toBe(format.maxFinite);
    },
  );

  it.each(Object.entries(landmarks))('%s: infinities, NaN, -0 and overflow', (name, expected) => {
    if (!isFloatFormatName(name)) throw new Error(name);
    const format = floatFormats[name];
    const beyond = format.maxFinite * (1 + 2 ** -(format.mantissaBits + 3));
    const inputs = [1, Infinity, -Infinity, Number.NaN, -0, format.maxFinite, beyond, 1e300];
    expect(inputs.map((value) => encodeFloat(value, format))).toStrictEqual(expected);
  });

  it.each(small.filter(({ specials }) => specials !== 'power-of-two').map((format) => [format.name, format] as const))(
    '%s: rounds to the nearest value, ties to the even pattern',
    (_name, format) => {
      const values = finiteValues(format).filter((value) => value >= 0);
      for (const [i, low] of values.entries()) {
        const high = values[i + 1];
        if (high === undefined) break;
        const middle = (low + high) / 2;
        const even = encodeFloat(low, format) % 2 === 0 ? low : high;
        expect(roundToFormat(middle, format)).toBe(even);
        expect(roundToFormat(middle * (1 - Number.EPSILON), format)).toBe(low);
        expect(roundToFormat(middle * (1 + Number.EPSILON), format)).toBe(high);
      }
    },
  );

  it('rounds f64 to f16 and bf16 once: not by way of f32', () => {
    expect(roundToFormat(1 + 2 ** -11 + 2 ** -40, floatFormats.f16)).toBe(1 + 2 ** -10);
    expect(roundToFormat(1 + 2 ** -8 + 2 ** -40, floatFormats.bf16)).toBe(1 + 2 ** -7);
  });

  it('f8E8M0FNU takes powers of two only, ties up, and has no zero', () => {
    const format = floatFormats.f8E8M0FNU;
    const inputs = [1.49, 1.5, 3, 5e-324, 0, -1, 1.5 * 2 ** 127];
    expect(inputs.map((value) => encodeFloat(value, format))).toStrictEqual([0x7f, 0x80, 0x81, 0, 0xff, 0xff, 0xff]);
  });

  it('f32 is Math.fround, f64 itself', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), (x) => roundToFormat(x, floatFormats.f32) === Math.fround(x)));
    expect(encodeFloatToBigint(-0, floatFormats.f64)).toBe(1n << 63n);
    expect(() => encodeFloat(1, floatFormats.f64)).toThrow(RangeError);
  });
});
