import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntegerFormat } from '../../../ir/numerics/index.ts';
import * as numerics from '../../../ir/numerics/index.ts';

const widths = [1, 2, 4, 8, 16, 32] as const;
const formats: readonly IntegerFormat[] = widths.flatMap((width) => [
  { width, signed: true },
  { width, signed: false },
]);
const named = formats.map((format) => [`${format.signed ? 'i' : 'ui'}${format.width}`, format] as const);
const i8 = { width: 8, signed: true };
const ui8 = { width: 8, signed: false };
const i32 = { width: 32, signed: true };
const i64 = { width: 64, signed: true };
const ui64 = { width: 64, signed: false };

function valueOf(format: IntegerFormat): fc.Arbitrary<number> {
  return fc.integer({ min: numerics.leastInt(format), max: numerics.greatestInt(format) });
}

describe('integers', () => {
  it.each(named)('%s: numbers and bigints agree', (_name, format) => {
    const value = valueOf(format);
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [BigInt(a), BigInt(b)];
        expect(BigInt(numerics.intMultiply(a, b, format))).toBe(numerics.bigintMultiply(x, y, format));
        expect(BigInt(numerics.intMulHigh(a, b, format))).toBe(numerics.bigintMulHigh(x, y, format));
        expect(BigInt(numerics.intDivide(a, b, format))).toBe(numerics.bigintDivide(x, y, format));
        expect(BigInt(numerics.intRemainder(a, b))).toBe(numerics.bigintRemainder(x, y));
        expect(BigInt(numerics.intPower(a, b, format))).toBe(numerics.bigintPower(x, y, format));
        expect(BigInt(numerics.populationCount(a, format))).toBe(numerics.bigintPopulationCount(x, format));
        expect(BigInt(numerics.countLeadingZeros(a, format))).toBe(numerics.bigintCountLeadingZeros(x, format));
        expect(BigInt(numerics.wrapInt(a * 3 + b, format))).toBe(numerics.wrapBigint(3n * x + y, format));
      }),
      { numRuns: 50 },
    );
  });

  it('wraps', () => {
    expect(numerics.wrapInt(200, i8)).toBe(-56);
    expect(numerics.wrapInt(-1, ui8)).toBe(255);
    expect(numerics.wrapInt(2 ** 31, i32)).toBe(-(2 ** 31));
    expect(numerics.wrapBigint(2n ** 63n, i64)).toBe(-(2n ** 63n));
  });

  it('divides by zero, and the least value by -1, as XLA does', () => {
    expect(numerics.intDivide(5, 0, i8)).toBe(-1);
    expect(numerics.intDivide(5, 0, ui8)).toBe(255);
    expect(numerics.intRemainder(-5, 0)).toBe(-5);
    expect(numerics.intDivide(-128, -1, i8)).toBe(-128);
    expect(numerics.intRemainder(-128, -1)).toBe(0);
    expect(numerics.bigintDivide(-(2n ** 63n), -1n, i64)).toBe(-(2n ** 63n));
    expect(numerics.bigintDivide(1n, 0n, ui64)).toBe(2n ** 64n - 1n);
  });

  it('raises to negative powers: 0, but for 1 and -1', () => {
    expect([0, 2, -1, -1, 1].map((base, i) => numerics.intPower(base, -2 - i, i32))).toStrictEqual([0, 0, 1, -1, 1]);
    expect(numerics.intPower(0, 0, i32)).toBe(1);
    expect(numerics.intPower(3, 40, i32)).toBe(numerics.wrapInt(Number(BigInt.asIntN(32, 3n ** 40n)), i32));
    expect(numerics.bigintPower(3n, 100n, ui64)).toBe(BigInt.asUintN(64, 3n ** 100n));
  });

  it('converts floats towards zero, saturating, NaN to 0', () => {
    const floats = [300, -300, Number.NaN, Infinity, -Infinity, -1.7, -0.5];
    expect(floats.map((x) => numerics.floatToInt(x, i8))).toStrictEqual([127, -128, 0, 127, -128, -1, 0]);
    expect(floats.map((x) => numerics.floatToInt(x, ui8))).toStrictEqual([255, 0, 0, 255, 0, 0, 0]);
    expect([1e30, -Infinity, Number.NaN].map((x) => numerics.floatToBigint(x, i64))).toStrictEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
      0n,
    ]);
    expect(numerics.floatToBigint(2 ** 63, ui64)).toBe(2n ** 63n);
  });
});
