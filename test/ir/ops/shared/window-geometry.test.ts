import { describe, expect, it } from 'vitest';
import { dimSymbol, dynamicDim } from '../../../../ir/dimension.ts';
import { paddedSize } from '../../../../ir/ops/shared/padding.ts';
import { windowCounts, windowOf } from '../../../../ir/ops/shared/window-geometry.ts';

const attrs = {
  window_dimensions: [2],
  window_strides: [4],
  base_dilations: [2],
  window_dilations: [3],
  padding: [[2, 1]],
};

describe('window geometry', () => {
  it('counts the windows that fit a padded, dilated dimension', () => {
    expect(windowCounts([3], windowOf(1, attrs))).toEqual([2]);
  });

  it('counts none where the window is larger than the input or nothing is left', () => {
    const window = windowOf(1, { window_dimensions: [3], window_strides: undefined, padding: [[-1, -1]] });
    expect(windowCounts([2], window)).toEqual([0]);
    expect(windowCounts([4], window)).toEqual([0]);
    expect(windowCounts([5], window)).toEqual([1]);
  });

  it('gives an unknown count for an unknown size, bounded where that is', () => {
    const window = windowOf(1, { window_dimensions: [3], window_strides: [2], padding: undefined });
    expect(windowCounts([dynamicDim], window)).toEqual([dynamicDim]);
    expect(windowCounts([dimSymbol('', 9)], window)).toEqual([dimSymbol('', 4)]);
  });

  it('takes nothing between the elements of an empty dimension', () => {
    expect(paddedSize(0, 1, 2, 5)).toBe(3);
    expect(paddedSize(3, -1, 0, 2)).toBe(6);
  });
});
