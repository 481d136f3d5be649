import { describe, expect, it } from 'vitest';
import { dimSymbol, dynamicDim } from '../../../../ir/dimension.ts';
import { allWithin, isSorted, isUnique, otherAxes } from '../../../../ir/ops/shared/axis-lists.ts';
import {
  allCompatibleShapes,
  canBeAtMost,
  describeShape,
  mergeShapes,
  staticSize,
  sumDims,
} from '../../../../ir/ops/shared/shapes.ts';

describe('lists of axes', () => {
  it('are unique, sorted and within limits as the specification says', () => {
    expect([isUnique([]), isUnique([0, 1]), isUnique([1, 1])]).toEqual([true, true, false]);
    expect([isSorted([0, 0, 2]), isSorted([1, 0])]).toEqual([true, false]);
    expect([allWithin([0, 2], 0, 3), allWithin([3], 0, 3), allWithin([-1], 0, 3)]).toEqual([true, false, false]);
  });

  it('leave the other axes in order', () => {
    expect(otherAxes(4, [2, 0])).toEqual([1, 3]);
  });
});

describe('shapes with unknown sizes', () => {
  it('merge to what is known, and are compared with it', () => {
    expect(
      mergeShapes([
        [dynamicDim, 3],
        [2, dynamicDim],
      ]),
    ).toEqual([2, 3]);
    expect(allCompatibleShapes([[dynamicDim], [2], [3]])).toBe(false);
    expect(allCompatibleShapes([[dynamicDim], [2], [dynamicDim]])).toBe(true);
  });

  it('have a size only when it is certain', () => {
    expect([staticSize([2, 3]), staticSize([2, dynamicDim]), staticSize([0, dynamicDim])]).toEqual([6, undefined, 0]);
  });

  it('add up to the sum of their bounds', () => {
    expect(sumDims([2, dimSymbol('', 4)])).toBe(dimSymbol('', 6));
    expect(sumDims([2, dynamicDim])).toBe(dynamicDim);
  });

  it('are at most a limit unless it is certain that they are not', () => {
    expect([canBeAtMost(3, 2), canBeAtMost(3, dynamicDim), canBeAtMost(3, dimSymbol('', 2))]).toEqual([
      false,
      true,
      false,
    ]);
    expect(describeShape([2, dynamicDim, dimSymbol('', 8)])).toBe('[2, ?, ? (at most 8)]');
  });
});
