import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../bench/compare.ts';

describe('the comparison of contestants', () => {
  it('takes sums in another order', () => {
    expect(differenceOf([Float32Array.of(1.0001, -3)], [Float32Array.of(1, -3.0001)])).toBeUndefined();
  });

  it('names the element and both values of a difference', () => {
    const difference = differenceOf([Float32Array.of(1, 2.5, 3)], [Float32Array.of(1, 2, 3)]);
    expect(difference).toBe('2.5 instead of 2 at element 1');
  });

  it('measures a difference by the size of the result, so that small ones can fail', () => {
    const probabilities = Float32Array.from({ length: 1000 }, () => 1e-3);
    const wrong = probabilities.slice();
    wrong[7] = 1.1e-3;
    expect(differenceOf([wrong], [probabilities])).toMatch(/at element 7$/);
  });

  it('lets an element near zero be off by what its larger terms leave', () => {
    expect(differenceOf([Float32Array.of(1e-5, 100)], [Float32Array.of(-1e-5, 100)])).toBeUndefined();
  });

  it('wants whole numbers to the last bit, unless a row says otherwise', () => {
    const [actual, expected] = [[Int32Array.of(4)], [Int32Array.of(5)]];
    expect(differenceOf(actual, expected)).toBe('4 instead of 5 at element 0');
    expect(differenceOf(actual, expected, { absolute: 1, relative: 0 })).toBeUndefined();
  });

  it('compares whole numbers of several widths', () => {
    expect(differenceOf([BigInt64Array.of(3n)], [Int32Array.of(3)])).toBeUndefined();
  });

  it('takes a NaN for a NaN only', () => {
    expect(differenceOf([Float32Array.of(NaN)], [Float32Array.of(NaN)])).toBeUndefined();
    expect(differenceOf([Float32Array.of(NaN)], [Float32Array.of(1)])).toBe('NaN instead of 1 at element 0');
    expect(differenceOf([Float32Array.of(1)], [Float32Array.of(NaN)])).toBe('1 instead of NaN at element 0');
  });

  it('names the result where there are several, and counts elements and results', () => {
    const two = [Float32Array.of(1), Float32Array.of(2)];
    expect(differenceOf([Float32Array.of(1), Float32Array.of(3)], two)).toBe('result 1: 3 instead of 2 at element 0');
    expect(differenceOf([Float32Array.of(1)], two)).toBe('1 results instead of 2');
    expect(differenceOf([Float32Array.of(1, 2)], [Float32Array.of(1)])).toBe('2 elements instead of 1');
  });
});
