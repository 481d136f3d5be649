import { describe, expect, it } from 'vitest';
import { pick, stridedOffsets } from '../../../../ir/ops/shared/strided-offsets.ts';

describe('stridedOffsets', () => {
  it('lists the positions of a box in row-major order', () => {
    expect([...stridedOffsets([2, 3], [10, 1])]).toEqual([0, 1, 2, 10, 11, 12]);
    expect([...stridedOffsets([3, 2], [1, 10], 5)]).toEqual([5, 15, 6, 16, 7, 17]);
  });

  it('repeats where a stride is zero', () => {
    expect([...stridedOffsets([2, 2], [0, 1])]).toEqual([0, 1, 0, 1]);
  });

  it('has one position for no dimension, and none for an empty box', () => {
    expect([...stridedOffsets([], [])]).toEqual([0]);
    expect([...stridedOffsets([2, 0], [1, 1])]).toEqual([]);
  });
});

describe('pick', () => {
  it('takes elements by position', () => {
    expect(pick(['a', 'b', 'c'], [2, 0])).toEqual(['c', 'a']);
  });
});
