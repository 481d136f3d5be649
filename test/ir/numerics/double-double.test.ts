import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoubleDouble } from '../../../ir/numerics/double-double.ts';
import {
  ddAdd,
  ddDiv,
  ddMul,
  ddRoundScaled,
  ddSqrt,
  ddSquare,
  ddSub,
  ddSumExactly,
  quickTwoSum,
  twoProduct,
  twoSum,
} from '../../../ir/numerics/double-double.ts';

/** Dyadic numbers as exact integers: everything below is a multiple of 2^-400. */
const SCALE = 400n;
const SQUARED_ULP = 2n ** 104n;

function exact(x: number): bigint {
  let shifted = x;
  let bits = 0n;
  for (; !Number.isInteger(shifted); bits++) shifted *= 2;
  return BigInt(shifted) << (SCALE - bits);
}

function exactDd(x: DoubleDouble): bigint {
  return exact(x.hi) + exact(x.lo);
}

function magnitude(x: bigint): bigint {
  return x < 0n ? -x : x;
}

const modest = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((x) => (Math.abs(x) < 1e-6 ? 1 : x));
const word = fc.tuple(modest, modest).map(([hi, tail]) => quickTwoSum(hi, hi * tail * 1e-23));

describe('double-double', () => {
  it('sums and products of doubles are exact', () => {
    fc.assert(
      fc.property(modest, modest, (a, b) => {
        expect(exactDd(twoSum(a, b))).toBe(exact(a) + exact(b));
        expect(exactDd(twoProduct(a, b)) << SCALE).toBe(exact(a) * exact(b));
      }),
    );
  });

  it('sums, products, quotients and roots are good to 2^-102', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const sum = exactDd(a) + exactDd(b);
        expect(magnitude(exactDd(ddAdd(a, b)) - sum) * SQUARED_ULP).toBeLessThanOrEqual(4n * magnitude(sum));
        const product = exactDd(a) * exactDd(b);
        const productError = magnitude((exactDd(ddMul(a, b)) << SCALE) - product);
        expect(productError * SQUARED_ULP).toBeLessThanOrEqual(4n * magnitude(product));
        const back = ddSub(ddMul(ddDiv(a, b), b), a);
        expect(Math.abs(back.hi)).toBeLessThanOrEqual(Math.abs(a.hi) * 2 ** -101);
        const positive = ddSquare(a);
        expect(Math.abs(ddSub(ddSquare(ddSqrt(positive)), positive).hi)).toBeLessThanOrEqual(positive.hi * 2 ** -101);
      }),
    );
  });

  it('sums a list exactly, whatever cancels', () => {
    expect(ddSumExactly([1e100, 1, 1e-30, -1e100])).toStrictEqual({ hi: 1, lo: 1e-30 });
    expect(ddSumExactly([])).toStrictEqual({ hi: 0, lo: 0 });
  });

  it('rounds to subnormals once', () => {
    const justAboveTie = { hi: 1.5, lo: 2 ** -60 };
    expect(ddRoundScaled({ hi: 1.5, lo: 0 }, -1074)).toBe(2 * 5e-324);
    expect(ddRoundScaled({ hi: 2.5, lo: 0 }, -1074)).toBe(2 * 5e-324);
    expect(ddRoundScaled({ hi: 2.5, lo: 2 ** -60 }, -1074)).toBe(3 * 5e-324);
    expect(ddRoundScaled(justAboveTie, -1075)).toBe(5e-324);
    expect(ddRoundScaled({ hi: -1, lo: 0 }, -1075)).toBe(-0);
    expect(ddRoundScaled({ hi: -1, lo: -(2 ** -60) }, -1075)).toBe(-5e-324);
    expect(ddRoundScaled({ hi: 1, lo: 0 }, -5000)).toBe(0);
    expect(ddRoundScaled({ hi: 1.25, lo: 0 }, 2000)).toBe(Infinity);
  });
});
