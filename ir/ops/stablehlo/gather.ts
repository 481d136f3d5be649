import { bool, i64List, struct, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { integers, tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { describeList } from '../shared/axis-lists.ts';
import { gatherWindows } from '../shared/gathering.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { canBeAtMost, describeShape, dimAt, type Shape } from '../shared/shapes.ts';
import { pick } from '../shared/strided-offsets.ts';
import {
  checkWindowDims,
  combineSizes,
  gatherDims,
  gatherFields,
  indexBatchAxes,
  windowAxes,
} from '../shared/window-dimensions.ts';

const ids = {
  rank: 'C1',
  vectorDim: 'C2',
  mapSize: 'C3',
  windowSorted: 'C4',
  windowRange: 'C5',
  droppedUnique: 'C6',
  droppedSorted: 'C7',
  droppedRange: 'C8',
  batchingSorted: 'C10',
  batchingRange: 'C11',
  indexBatchingUnique: 'C13',
  indexBatchingRange: 'C14',
  vectorNotBatching: 'C15',
  batchingCount: 'C16',
  batchingSizes: 'C17',
  mapUnique: 'C18',
  mapRange: 'C19',
} as const;

export const gather = defineOp({
  name: 'stablehlo.gather',
  code: 'E2211',
  summary: 'Slices of the operand at start indices given by a tensor, moved into bounds.',
  spec: 'spec.md#gather',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'start_indices', type: tensorOf(integers) },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: {
    dimension_numbers: struct('stablehlo', 'gather', gatherFields),
    slice_sizes: i64List(),
    indices_are_sorted: withDefault(bool(), false),
  },
  constraints: {
    C1: 'rank(operand) = size(offset_dims) + size(collapsed_slice_dims) + size(operand_batching_dims)',
    C2: '0 <= index_vector_dim <= rank(start_indices)',
    C3: 'size(start_index_map) = index_vector_dim < rank(start_indices) ? dim(start_indices, index_vector_dim) : 1',
    C4: 'is_unique(offset_dims) and is_sorted(offset_dims)',
    C5: '0 <= offset_dims < rank(result)',
    C6: 'is_unique(concatenate(collapsed_slice_dims, operand_batching_dims))',
    C7: 'is_sorted(collapsed_slice_dims)',
    C8: '0 <= collapsed_slice_dims < rank(operand)',
    C9: 'slice_sizes[collapsed_slice_dims...] <= 1',
    C10: 'is_sorted(operand_batching_dims)',
    C11: '0 <= operand_batching_dims < rank(operand)',
    C12: 'slice_sizes[operand_batching_dims...] <= 1',
    C13: 'is_unique(start_indices_batching_dims)',
    C14: '0 <= start_indices_batching_dims < rank(start_indices)',
    C15: 'index_vector_dim not in start_indices_batching_dims',
    C16: 'size(operand_batching_dims) = size(start_indices_batching_dims)',
    C17: 'dim(operand, operand_batching_dims...) = dim(start_indices, start_indices_batching_dims...)',
    C18: 'is_unique(concatenate(start_index_map, operand_batching_dims))',
    C19: '0 <= start_index_map < rank(operand)',
    C20: 'size(slice_sizes) = rank(operand)',
    C21: '0 <= slice_sizes <= shape(operand)',
    C22: 'shape(result) = combine(batch_dim_sizes, offset_dim_sizes)',
    C23: 'element_type(operand) = element_type(result)',
  },
  resultConstraint: 'C22, C23',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const indices = operandTensor(site, 1);
    const sizes = site.attrs.slice_sizes;
    const dims = gatherDims(site.attrs.dimension_numbers);
    const rank = operand.shape.length;
    const isUsable = checkWindowDims(dims, operand.shape, indices.shape, ids, check);
    const isSized = check.require(
      sizes.length === rank,
      'C20',
      () => `slice_sizes are ${describeList(sizes)}, the rank is ${rank}`,
    );
    if (!isUsable || !isSized) return undefined;
    const atMostOne = (axes: readonly number[]): boolean => axes.every((axis) => (sizes[axis] ?? 0) <= 1);
    check.require(atMostOne(dims.droppedDims), 'C9', () => `slice_sizes are ${describeList(sizes)}`);
    check.require(atMostOne(dims.batchingDims), 'C12', () => `slice_sizes are ${describeList(sizes)}`);
    const fits = sizes.every((size, axis) => size >= 0 && canBeAtMost(size, dimAt(operand.shape, axis)));
    const shapes = (): string => `slice_sizes are ${describeList(sizes)}, the operand ${describeShape(operand.shape)}`;
    check.require(fits, 'C21', shapes);
    const batch: Shape = pick(indices.shape, indexBatchAxes(indices.shape.length, dims));
    const window: Shape = pick(sizes, windowAxes(rank, dims));
    return [tensorType(combineSizes(batch, window, dims.windowDims), operand.element)];
  },
  evaluate(site, inputs, context) {
    const dims = gatherDims(site.attrs.dimension_numbers);
    const { slice_sizes: sizes } = site.attrs;
    return [gatherWindows(tensorInput(inputs, 0), tensorInput(inputs, 1), sizes, dims, context)];
  },
});
