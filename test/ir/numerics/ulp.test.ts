import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FloatFormatName } from '../../../ir/numerics/index.ts';
import {
  decodeTable,
  floatFormats,
  nextAfter,
  nextAfter32,
  nextAfter64,
  ulpDistance,
  ulpDistance32,
  ulpDistance64,
} from '../../../ir/numerics/index.ts';

const unreachable = 2n ** 64n - 1n;

describe('nextAfter', () => {
  it.each([
    ['f64', nextAfter64, 5e-324, 1.0000000000000002, 1.7976931348623157e308],
    ['f32', nextAfter32, 1.401298464324817e-45, 1.0000001192092896, 3.4028234663852886e38],
  ] as const)('%s: zeros, one, the ends', (_name, next, least, afterOne, greatest) => {
    expect([next(0, 1), next(-0, -1), next(least, -1)]).toStrictEqual([least, -least, 0]);
    expect([next(0, -0), next(-0, 0)]).toStrictEqual([-0, 0]);
    expect(next(1, 2)).toBe(afterOne);
    expect([next(greatest, Infinity), next(Infinity, 0)]).toStrictEqual([Infinity, greatest]);
    expect([next(Number.NaN, 1), next(1, Number.NaN)]).toStrictEqual([Number.NaN, Number.NaN]);
  });

  it.each<FloatFormatName>(['f16', 'bf16', 'f8E5M2', 'f8E4M3'])('%s: walks through every value', (name) => {
    const format = floatFormats[name];
    const values = decodeTable(format).filter((value) => Number.isFinite(value) && value > 0);
    let at = 0;
    for (const value of values) {
      const before = at;
      at = nextAfter(at, Infinity, format);
      expect(at).toBe(value);
      expect(nextAfter(at, -Infinity, format)).toBe(before);
    }
    expect(nextAfter(at, Infinity, format)).toBe(Infinity);
  });
});

describe('ulpDistance', () => {
  it('takes both zeros as one place and counts across them', () => {
    expect(ulpDistance64(0, -0)).toBe(0n);
    expect(ulpDistance64(-5e-324, 1e-323)).toBe(3n);
    expect(ulpDistance32(-1.401298464324817e-45, 5.605193857299268e-45)).toBe(5n);
  });

  it('is 0 between NaNs and equal infinities, and unreachable from them to others', () => {
    expect(ulpDistance64(Number.NaN, Number.NaN)).toBe(0n);
    expect(ulpDistance64(Infinity, Infinity)).toBe(0n);
    expect(ulpDistance64(Infinity, -Infinity)).toBe(unreachable);
    expect(ulpDistance64(Infinity, Number.MAX_VALUE)).toBe(unreachable);
    expect(ulpDistance(Number.NaN, 1, floatFormats.f16)).toBe(unreachable);
  });

  it('is 1 between neighbours', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e308, min: -1e308 });
    fc.assert(fc.property(finite, (x) => ulpDistance64(x, nextAfter64(x, Infinity)) === 1n));
  });
});
