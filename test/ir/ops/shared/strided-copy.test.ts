import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { copyBox, fillTensor, rowMajorWalk, StridedCopy } from '../../../../ir/ops/shared/strided-copy.ts';
import { wordsOf, wordsPerElement } from '../../../../ir/ops/shared/element-words.ts';

describe('a strided copy', () => {
  it('walks each side with strides of its own', () => {
    const source = new Tensor('i32', [2, 3], Int32Array.of(1, 2, 3, 4, 5, 6));
    const target = Tensor.zeros('i32', [3, 2]);
    copyBox([3, 2], source, { offset: 0, strides: [1, 3] }, target, rowMajorWalk([3, 2]));
    expect([...target.values]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('repeats elements where a source stride is zero, and reverses where it is negative', () => {
    const source = new Tensor('i8', [3], Int8Array.of(1, 2, 3));
    const target = Tensor.zeros('i8', [2, 3]);
    copyBox([2, 3], source, { offset: 2, strides: [0, -1] }, target, rowMajorWalk([2, 3]));
    expect([...target.values]).toEqual([3, 2, 1, 3, 2, 1]);
  });

  it('keeps the bits of signalling NaN', () => {
    const bits = Uint32Array.of(0x7f800001, 0xffa00000);
    const source = new Tensor('f32', [2], new Float32Array(bits.buffer));
    const target = Tensor.zeros('f32', [2]);
    copyBox([2], source, { offset: 1, strides: [-1] }, target, rowMajorWalk([2]));
    expect([...wordsOf(target)]).toEqual([0xffa00000, 0x7f800001]);
  });

  it('moves elements of several words as one', () => {
    const source = new Tensor('i64', [2, 2], BigInt64Array.of(1n, -2n, 3n, 2n ** 62n));
    const target = Tensor.zeros('i64', [2, 2]);
    copyBox([2, 2], source, { offset: 0, strides: [1, 2] }, target, rowMajorWalk([2, 2]));
    expect([...target.values]).toEqual([1n, 3n, -2n, 2n ** 62n]);
    expect(
      ['i1', 'f16', 'f32', 'i64', 'complex<f32>', 'complex<f64>'].map((dtype) => wordsPerElement(dtype as 'i1')),
    ).toEqual([1, 1, 1, 2, 2, 4]);
  });

  it('copies one element for rank 0 and nothing for a dimension of size 0', () => {
    const target = Uint32Array.of(7, 7);
    new StridedCopy('i32', [], [], []).run(Uint32Array.of(5), 0, target, 1);
    new StridedCopy('i32', [3, 0], [1, 1], [1, 1]).run(Uint32Array.of(5), 0, target, 0);
    expect([...target]).toEqual([7, 5]);
  });

  it('fills a tensor with one element', () => {
    const target = Tensor.zeros('complex<f32>', [3]);
    fillTensor(target, new Tensor('complex<f32>', [2], Float32Array.of(0, 0, 1, -1)), 1);
    expect([...target.values]).toEqual([1, -1, 1, -1, 1, -1]);
  });

  it('joins dimensions that both sides walk evenly, and copies long runs at once', () => {
    const source = new Tensor(
      'f64',
      [4, 5, 6],
      Float64Array.from({ length: 120 }, (_, index) => index),
    );
    const target = Tensor.zeros('f64', [4, 5, 6]);
    copyBox([4, 5, 6], source, rowMajorWalk([4, 5, 6]), target, rowMajorWalk([4, 5, 6]));
    expect(target.values).toEqual(source.values);
  });
});
