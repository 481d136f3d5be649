import { describe, expect, it } from 'vitest';
import { tensorText } from '../../../compiler/driver/tensor-text.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';

const text = (tensor: Tensor, limit = 1000): string => tensorText(tensor, { limit });

describe('a tensor as text', () => {
  it('has the fewest digits that tell floats apart', () => {
    expect(text(new Tensor('f32', [4], Float32Array.of(0.1, 1, -0, 1e-10)))).toBe('[0.1, 1.0, -0.0, 1e-10]');
    expect(text(new Tensor('f64', [2], Float64Array.of(0.1, 1 / 3)))).toBe('[0.1, 0.3333333333333333]');
    expect(text(new Tensor('bf16', [2], Uint16Array.of(0x3f80, 0x3dcd)))).toBe('[1.0, 0.1]');
    expect(text(new Tensor('f32', [3], Float32Array.of(NaN, Infinity, -Infinity)))).toBe('[nan, inf, -inf]');
  });

  it('is one word for a scalar', () => {
    expect(text(new Tensor('i64', [], BigInt64Array.of(-5n)))).toBe('-5');
    expect(text(new Tensor('i1', [], Uint8Array.of(1)))).toBe('true');
    expect(text(new Tensor('complex<f32>', [], Float32Array.of(1, -2)))).toBe('(1.0, -2.0)');
  });

  it('aligns the columns of a matrix and divides matrices by a blank line', () => {
    expect(text(new Tensor('i32', [2, 2], Int32Array.of(1, 20, 300, 4)))).toBe('[[  1,  20],\n [300,   4]]');
    expect(text(new Tensor('i32', [2, 1, 2], Int32Array.of(1, 2, 3, 4)))).toBe('[[[1, 2]],\n\n [[3, 4]]]');
  });

  it('breaks long rows', () => {
    const rows = text(
      new Tensor(
        'i32',
        [60],
        Int32Array.from({ length: 60 }, (_, index) => index),
      ),
    ).split('\n');
    expect(rows.length).toBeGreaterThan(1);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(101);
  });

  it('leaves out the middle of what is long', () => {
    const values = Int32Array.from({ length: 40 }, (_, index) => index);
    expect(text(new Tensor('i32', [40], values), 10)).toBe('[0, 1, 2, ..., 37, 38, 39]');
    expect(text(new Tensor('i32', [2, 20], values), 10)).toContain('[ 0,  1,  2, ..., 17, 18, 19]');
  });

  it('shows that nothing is there', () => {
    expect(text(new Tensor('f32', [0], new Float32Array(0)))).toBe('[]');
    expect(text(new Tensor('f32', [2, 0], new Float32Array(0)))).toBe('[[],\n []]');
  });
});
