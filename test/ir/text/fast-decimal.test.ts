import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatFormats, parseFloatToValue } from '../../../ir/numerics/index.ts';
import { fastDecimal, fastDecimal32 } from '../../../ir/text/fast-decimal.ts';

function bytesOf(text: string): [Uint8Array, number, number] {
  return [new TextEncoder().encode(text), 0, text.length];
}

describe('short decimal literals', () => {
  it('are the nearest f64', () => {
    expect(fastDecimal(...bytesOf('0.1'))).toBe(0.1);
    expect(fastDecimal(...bytesOf('1.'))).toBe(1);
    expect(fastDecimal(...bytesOf('1.500000e-03'))).toBe(0.0015);
    expect(fastDecimal(...bytesOf('0.000'))).toBe(0);
    expect(fastDecimal(...bytesOf('123456789.123456'))).toBe(123456789.123456);
  });

  it('that are too long or too far from one are left to the exact algorithm', () => {
    expect(fastDecimal(...bytesOf('1234567890.123456'))).toBeUndefined();
    expect(fastDecimal(...bytesOf('1.0e300'))).toBeUndefined();
    expect(fastDecimal(...bytesOf('1.0e99999'))).toBeUndefined();
    expect(fastDecimal32(...bytesOf('1.0e-40'))).toBeUndefined();
    expect(fastDecimal32(...bytesOf('16777217.0'))).toBeUndefined();
  });

  it('agree with the exact algorithm wherever they answer', () => {
    const literal = fc
      .tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.stringMatching(/^\d{0,9}$/), fc.integer({ min: -30, max: 30 }))
      .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`);
    fc.assert(
      fc.property(literal, (text) => {
        const wide = fastDecimal(...bytesOf(text));
        const narrow = fastDecimal32(...bytesOf(text));
        if (wide !== undefined) expect(wide).toBe(parseFloatToValue(text, floatFormats.f64));
        if (narrow !== undefined) expect(narrow).toBe(parseFloatToValue(text, floatFormats.f32));
      }),
      { numRuns: 5000 },
    );
  });
});
