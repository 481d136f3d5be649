/**
 * The groups of `chlo.ragged_dot`: the ragged dimension is cut into runs, one a group, of the lengths in group_sizes; what lies
 * beyond the last run belongs to none. The sizes may differ along the dimensions that come before it.
 */
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import { dotIndex, forEachIndex } from './index-space.ts';
import { wordsOf, wordsPerElement } from './element-words.ts';

/** Which group each index of `[prefix..., ragged]` is in; -1 for none. */
export interface RaggedGroups {
  readonly shape: readonly number[];
  readonly groups: Int32Array;
}

/** `sizes` is `[g]`, or `[prefix..., g]`; `shape` is `[prefix..., ragged]`. */
export function raggedGroups(sizes: Tensor, shape: readonly number[]): RaggedGroups {
  const length = shape.at(-1) ?? 0;
  const count = sizes.shape.at(-1) ?? 0;
  const groups = new Int32Array(shapeSize(shape)).fill(-1);
  const rows = shapeSize(shape.slice(0, -1));
  for (let row = 0; row < rows; row++) {
    const sizesAt = sizes.rank === 1 ? 0 : row * count;
    let end = 0;
    for (let group = 0; group < count; group++) {
      const start = end;
      end = Math.min(length, start + Math.max(0, sizes.integer(sizesAt + group)));
      groups.fill(group, row * length + start, row * length + end);
    }
  }
  return { shape, groups };
}

/** Zeroes the elements of `tensor` that are not in the group; `axes` are those of the groups' shape in the tensor. */
export function keepGroup(
  tensor: Tensor,
  { shape, groups }: RaggedGroups,
  axes: readonly number[],
  group: number,
): void {
  const words = wordsOf(tensor);
  const perElement = wordsPerElement(tensor.dtype);
  const strides = new Array<number>(tensor.rank).fill(0);
  for (const [position, stride] of rowMajorStrides(shape).entries()) strides[axes[position] ?? 0] = stride;
  forEachIndex(tensor.shape, (index, position) => {
    if (groups[dotIndex(index, strides)] !== group) words.fill(0, position * perElement, (position + 1) * perElement);
  });
}
