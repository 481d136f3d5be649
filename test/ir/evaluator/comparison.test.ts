import { describe, expect, it } from 'vitest';
import { compareTensors, describeElement, elementIndex } from '../../../ir/evaluator/comparison.ts';
import { describeTensor } from '../../../ir/evaluator/tensor-text.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';

function f32(...values: readonly number[]): Tensor {
  return new Tensor('f32', [values.length], Float32Array.from(values));
}

const equal = { kind: 'equal' } as const;

describe('compareTensors', () => {
  it('takes zeros of either sign, and any two NaNs, as equal', () => {
    expect(compareTensors(f32(0, Number.NaN), f32(-0, Number.NaN), equal)).toBeUndefined();
  });

  it('names the first element that differs, both values and their distance', () => {
    expect(compareTensors(f32(1, 2, 3), f32(1, 2.0000002384185791, 4), equal)).toBe(
      '2.000000e+00 at [1], expected 2.00000024: 1 ULP apart (and 1 more differ)',
    );
  });

  it('allows an absolute difference', () => {
    const rule = { kind: 'absolute', tolerance: 0.1 } as const;
    expect(compareTensors(f32(1, Infinity), f32(1.05, Infinity), rule)).toBeUndefined();
    expect(compareTensors(f32(1), f32(1.2), rule)).toContain('tolerance 0.1');
    expect(compareTensors(f32(1), f32(Infinity), rule)).toContain('expected Infinity');
  });

  it('allows a distance in ULP, or demands one', () => {
    const actual = f32(1);
    const expected = f32(1.0000002384185791);
    expect(compareTensors(actual, expected, { kind: 'ulp', min: 0n, max: 2n })).toBeUndefined();
    expect(compareTensors(actual, expected, { kind: 'ulp', min: 0n, max: 1n })).toContain('2 ULP apart, at most 1');
    expect(compareTensors(actual, expected, { kind: 'ulp', min: 3n, max: 4n })).toContain('3 to 4 allowed');
  });

  it('compares half precision by value, integers and complex numbers part by part', () => {
    const half = (bits: number) => new Tensor('f16', [], Uint16Array.of(bits));
    expect(compareTensors(half(0x3c00), half(0x3c01), equal)).toContain('1 ULP apart');
    const long = (value: bigint) => new Tensor('i64', [], BigInt64Array.of(value));
    expect(compareTensors(long(1n), long(-2n), equal)).toBe('1, expected -2');
    const complex = (re: number, im: number) => new Tensor('complex<f32>', [1], Float32Array.of(re, im));
    expect(compareTensors(complex(1, 2), complex(1, 3), equal)).toContain('(1.000000e+00, 2.000000e+00) at [0]');
  });

  it('tells tensors of different types apart', () => {
    expect(compareTensors(f32(1), f32(1, 2), equal)).toBe('the value is tensor<1xf32>, expected is tensor<2xf32>');
  });
});

describe('tensors as text', () => {
  it('nest a list in a list', () => {
    const tensor = new Tensor('i1', [2, 2], Uint8Array.of(1, 0, 0, 1));
    expect(describeTensor(tensor)).toBe('tensor<2x2xi1> {\n  [\n    [true, false],\n    [false, true]\n  ]\n}');
    expect(describeTensor(new Tensor('ui8', [], Uint8Array.of(7)))).toBe('tensor<ui8> {7}');
    expect(describeTensor(new Tensor('complex<f32>', [1], Float32Array.of(1, -2)))).toBe(
      'tensor<1xcomplex<f32>> {\n  [[1.000000e+00, -2.000000e+00]]\n}',
    );
    expect(describeTensor(new Tensor('i8', [2, 0], new Int8Array(0)))).toBe(
      'tensor<2x0xi8> {\n  [\n    [],\n    []\n  ]\n}',
    );
  });

  it('find an element by its position', () => {
    expect(elementIndex(5, [2, 3])).toEqual([1, 2]);
    expect(describeElement(new Tensor('ui64', [1], BigUint64Array.of(1n << 63n)), 0)).toBe('9223372036854775808');
  });
});
