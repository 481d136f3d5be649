import { describe, expect, it } from 'vitest';
import { fmaF64, fmaNarrow } from '../../../codegen/kernel/loop-interpreter-fma.ts';

describe('fma', () => {
  it.each([
    ['keeps the low half of the product', 1 + 2 ** -52, 1 + 2 ** -52, -1, 2 ** -51 + 2 ** -104],
    ['cancels to what the product lost', 1 + 2 ** -30, 1 - 2 ** -30, -1, -(2 ** -60)],
    ['does not round a tie twice', 1 + 2 ** -52, 1 - 2 ** -53, 2 ** -105, 1 + 2 ** -53 - 2 ** -105 + 2 ** -105],
    ['survives products beyond the range', 2 ** 1000, 2 ** 1000, -Infinity, -Infinity],
    ['brings a great product back', 2 ** 1023, 2, -(2 ** 1023), 2 ** 1023],
    ['keeps subnormals', 2 ** -600, 2 ** -474, 2 ** -1074, 2 ** -1073],
    ['rounds a subnormal tie to even', 3 * 2 ** -537, 2 ** -538, 0, 2 * 2 ** -1074],
    ['overflows to infinity', 2 ** 1023, 2, 1, Infinity],
    ['gives +0 for x - x', 3, 5, -15, 0],
    ['keeps -0', -0, 5, -0, -0],
  ])('of doubles %s', (_name, a, b, c, expected) => {
    expect(fmaF64(a, b, c)).toBe(expected);
  });

  it('of f32 rounds once where the sum of doubles is a tie of f32', () => {
    // 1 + 2^-24 + 2^-60: as a double it is the tie 1 + 2^-24, which would round to 1.
    const a = 2 ** -12 + 2 ** -35;
    expect(fmaNarrow(2 ** -30, 2 ** -30, Math.fround(1), Math.fround)).toBe(1);
    expect(Math.fround(1 + (2 ** -24 + 2 ** -60))).toBe(1);
    expect(fmaNarrow(a, 2 ** -12, 1, Math.fround)).toBe(1 + 2 ** -23);
    expect(fmaNarrow(-a, 2 ** -12, -1, Math.fround)).toBe(-(1 + 2 ** -23));
  });
});
