import { describe, expect, it } from 'vitest';
import {
  bigintBinary,
  bigintUnary,
  conversion,
  numberBinary,
  numberUnary,
} from '../../../codegen/kernel/scalar-semantics.ts';
import type { BinaryOp } from '../../../codegen/kernel/scalar-ops.ts';
import type { KernelDType } from '../../../codegen/kernel/value-type.ts';

describe('scalar semantics', () => {
  it.each<[BinaryOp, KernelDType, number, number, number]>([
    ['add', 'i8', 127, 1, -128],
    ['subtract', 'ui8', 0, 1, 255],
    ['multiply', 'i32', 0x7fffffff, 0x7fffffff, 1],
    ['multiply', 'ui32', 0xffffffff, 0xffffffff, 1],
    ['divide', 'i32', -7, 2, -3],
    ['divide', 'i32', 5, 0, -1],
    ['divide', 'i32', -(2 ** 31), -1, -(2 ** 31)],
    ['remainder', 'i32', -7, 2, -1],
    ['remainder', 'i32', 7, 0, 7],
    ['shift-left', 'i32', 1, 32, 0],
    ['shift-left', 'i8', 1, 7, -128],
    ['shift-right-arithmetic', 'i32', -8, 40, -1],
    ['shift-right-arithmetic', 'ui8', 0x80, 1, 0xc0],
    ['shift-right-logical', 'i8', -1, 4, 15],
    ['minimum', 'f32', NaN, 1, NaN],
    ['maximum', 'f32', -0, 0, 0],
    ['add', 'f32', 1, 2 ** -24, 1],
    ['add', 'bf16', 1, 2 ** -8, 1],
    ['add', 'i1', 1, 1, 1],
    ['multiply', 'i1', 1, 0, 0],
    ['multiply', 'index', 2 ** 31, 4, 2 ** 33],
    ['divide', 'index', -7, 2, -3],
  ])('%s of %s: %d, %d -> %d', (op, dtype, x, y, expected) => {
    expect(numberBinary(op, dtype)?.(x, y)).toBe(expected);
  });

  it('wraps 64 bits, signed and unsigned', () => {
    const least = -(2n ** 63n);
    expect(bigintBinary('add', 'i64')?.(2n ** 63n - 1n, 1n)).toBe(least);
    expect(bigintBinary('subtract', 'ui64')?.(0n, 1n)).toBe(2n ** 64n - 1n);
    expect(bigintBinary('divide', 'i64')?.(least, -1n)).toBe(least);
    expect(bigintUnary('abs', 'i64')?.(least)).toBe(least);
    expect(bigintBinary('shift-right-logical', 'i64')?.(-1n, 63n)).toBe(1n);
  });

  it.each([
    [0x00030002, 0x00050007, 2 * 7 + 3 * 5],
    [-1, 1, -1],
    [0x7fff7fff, 0x80008000 | 0, 2 * 0x7fff * -0x8000],
    [0x80008000 | 0, 0x80008000 | 0, -(2 ** 31)],
  ])('adds the products of the halves of %i and %i', (x, y, expected) => {
    const halves = (word: number): readonly number[] => [(word << 16) >> 16, word >> 16];
    const [a = 0, b = 0] = halves(x);
    const [c = 0, d = 0] = halves(y);
    expect(numberBinary('dot-pairs', 'i32')?.(x, y)).toBe((a * c + b * d) | 0);
    expect((a * c + b * d) | 0).toBe(expected);
    expect(numberBinary('dot-pairs', 'ui32')).toBeUndefined();
  });

  it('has no ops on types that lack them', () => {
    expect(numberBinary('and', 'f32')).toBeUndefined();
    expect(numberUnary('exp', 'i32')).toBeUndefined();
    expect(bigintBinary('atan2', 'i64')).toBeUndefined();
  });

  it.each<[KernelDType, KernelDType, number | bigint, number | bigint]>([
    ['f32', 'i32', 3e9, 2 ** 31 - 1],
    ['f32', 'i8', -1000, -128],
    ['f32', 'ui8', -1, 0],
    ['f32', 'i32', NaN, 0],
    ['f32', 'i64', Infinity, 2n ** 63n - 1n],
    ['f32', 'i1', 0.5, 1],
    ['i32', 'i8', 200, -56],
    ['i32', 'ui32', -1, 2 ** 32 - 1],
    ['i32', 'ui64', -1, 2n ** 64n - 1n],
    ['i64', 'i32', 2n ** 32n + 5n, 5],
    ['i64', 'f32', 2n ** 60n + 2n ** 36n + 1n, 2 ** 60 + 2 ** 37],
    ['i64', 'index', 7n, 7],
    ['f64', 'f16', 65520, Infinity],
    ['i32', 'bf16', 257, 256],
  ])('converts %s to %s: %s -> %s', (from, to, value, expected) => {
    expect(conversion(from, to)(value)).toBe(expected);
  });
});
