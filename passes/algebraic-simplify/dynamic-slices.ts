/** Rules of dynamic_slice, dynamic_update_slice and gather: static where the indices are. */
import type { AttributesOf } from '../../ir/attribute-schema.ts';
import type { Value } from '../../ir/operation.ts';
import { clampStart } from '../../ir/ops/shared/slicing.ts';
import { dynamicSlice } from '../../ir/ops/stablehlo/dynamic-slice.ts';
import { dynamicUpdateSlice } from '../../ir/ops/stablehlo/dynamic-update-slice.ts';
import { gather } from '../../ir/ops/stablehlo/gather.ts';
import { reshape } from '../../ir/ops/stablehlo/reshape.ts';
import { slice } from '../../ir/ops/stablehlo/slice.ts';
import { integersOf, splatNumber } from '../constants.ts';
import { elementCount, equalLists, match, staticTensor } from '../match.ts';
import { movesData, rule } from '../rewrite-rule.ts';

/** The start of each axis, moved into bounds; undefined when one is neither constant nor irrelevant. */
function constantStarts(
  indices: readonly Value[],
  shape: readonly number[],
  sizes: readonly number[],
): readonly number[] | undefined {
  const starts: number[] = [];
  for (const [axis, index] of indices.entries()) {
    const last = (shape[axis] ?? 0) - (sizes[axis] ?? 0);
    const start = last === 0 ? 0 : splatNumber(index);
    if (start === undefined) return undefined;
    starts.push(clampStart(Number(start), last));
  }
  return starts;
}

function boxAttrs(starts: readonly number[], sizes: readonly number[]): AttributesOf<typeof slice.attributes> {
  return {
    start_indices: starts,
    limit_indices: starts.map((start, axis) => start + (sizes[axis] ?? 0)),
    strides: starts.map(() => 1),
  };
}

function sameIndices(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((index, axis) => index === b[axis]);
}

/** Where the only window of a gather starts; undefined when there are several, or where is not known. */
function onlyWindow(
  attrs: AttributesOf<typeof gather.attributes>,
  indices: Value,
  shape: readonly number[],
): readonly number[] | undefined {
  const {
    start_index_map: map,
    operand_batching_dims: batching,
    index_vector_dim: vectorDim,
  } = attrs.dimension_numbers;
  const indexShape = staticTensor(indices.type)?.shape;
  if (indexShape?.every((size, axis) => axis === vectorDim || size === 1) !== true || batching.length > 0)
    return undefined;
  const values = integersOf(indices);
  if (values === undefined || values.length !== map.length) return undefined;
  return shape.map((size, axis) => {
    const at = map.indexOf(axis);
    return at < 0 ? 0 : clampStart(values[at] ?? 0, size - (attrs.slice_sizes[axis] ?? 0));
  });
}

export const dynamicSliceRules = [
  rule(dynamicSlice, {
    name: 'dynamic-slice-constant',
    equation: 'dynamic_slice(x, constants) = slice(x); dynamic_slice(x, i) = slice(x), where it takes all along i',
    floatingPoint: movesData,
    rewrite({ op, attrs, makeAlike }) {
      const shape = staticTensor(op.operand(0).type)?.shape;
      if (shape === undefined) return undefined;
      const starts = constantStarts(op.operands.slice(1), shape, attrs.slice_sizes);
      return starts === undefined ? undefined : makeAlike(slice, [op.operand(0)], boxAttrs(starts, attrs.slice_sizes));
    },
  }),
  rule(dynamicSlice, {
    name: 'dynamic-slice-of-update',
    equation: 'dynamic_slice(dynamic_update_slice(x, u, i), i) = u, where sizes agree',
    floatingPoint: movesData,
    rewrite({ op }) {
      const inner = match(op.operand(0), dynamicUpdateSlice);
      if (inner === undefined || !sameIndices(inner.op.operands.slice(2), op.operands.slice(1))) return undefined;
      return inner.op.operand(1);
    },
  }),
  rule(dynamicUpdateSlice, {
    name: 'dynamic-update-slice-of-all',
    equation: 'dynamic_update_slice(x, u, i) = u, where u is as large as x',
    floatingPoint: movesData,
    rewrite({ op }) {
      const isAll = staticTensor(op.operand(1).type) !== undefined;
      return isAll ? op.operand(1) : undefined;
    },
  }),
  rule(dynamicUpdateSlice, {
    name: 'dynamic-update-slice-of-nothing',
    equation: 'dynamic_update_slice(x, u, i) = x, where u has no elements',
    floatingPoint: movesData,
    rewrite: ({ op }) => (elementCount(op.operand(1).type) === 0 ? op.operand(0) : undefined),
  }),
  rule(dynamicUpdateSlice, {
    name: 'dynamic-update-slice-of-itself',
    equation: 'dynamic_update_slice(x, dynamic_slice(x, i), i) = x',
    floatingPoint: movesData,
    rewrite({ op }) {
      const inner = match(op.operand(1), dynamicSlice);
      const isSame = inner !== undefined && inner.op.operand(0) === op.operand(0);
      return isSame && sameIndices(inner.op.operands.slice(1), op.operands.slice(2)) ? op.operand(0) : undefined;
    },
  }),
  rule(dynamicUpdateSlice, {
    name: 'dynamic-update-slice-twice',
    equation:
      'dynamic_update_slice(dynamic_update_slice(x, u, i), v, i) = dynamic_update_slice(x, v, i), where sizes agree',
    floatingPoint: movesData,
    rewrite({ op, makeAlike }) {
      const inner = match(op.operand(0), dynamicUpdateSlice);
      if (inner === undefined || inner.op.operand(1).type !== op.operand(1).type) return undefined;
      if (staticTensor(op.operand(1).type) === undefined) return undefined;
      if (!sameIndices(inner.op.operands.slice(2), op.operands.slice(2))) return undefined;
      return makeAlike(dynamicUpdateSlice, [inner.op.operand(0), ...op.operands.slice(1)]);
    },
  }),
  rule(gather, {
    name: 'gather-constant',
    equation: 'gather(x, constant) = reshape(slice(x)), where there is one window',
    floatingPoint: movesData,
    rewrite({ op, attrs, make, makeAlike }) {
      const operand = staticTensor(op.operand(0).type);
      if (operand === undefined || staticTensor(op.result().type) === undefined) return undefined;
      const starts = onlyWindow(attrs, op.operand(1), operand.shape);
      if (starts === undefined) return undefined;
      const isAll = equalLists(operand.shape, attrs.slice_sizes);
      const window = isAll ? op.operand(0) : make(slice, [op.operand(0)], boxAttrs(starts, attrs.slice_sizes));
      return makeAlike(reshape, [window]);
    },
  }),
];
