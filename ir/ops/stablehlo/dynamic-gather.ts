import { bool, struct, withDefault } from '../../attribute-schema.ts';
import { compatibleDims, dynamicDim } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { integers, tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { describeList } from '../shared/axis-lists.ts';
import { gatherWindows } from '../shared/gathering.ts';
import { integerList } from '../shared/index-operands.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';
import { pick } from '../shared/strided-offsets.ts';
import {
  checkWindowDims,
  combineSizes,
  gatherDims,
  gatherFields,
  indexBatchAxes,
  windowAxes,
} from '../shared/window-dimensions.ts';

/** The specification of dynamic_gather has no batching dimensions yet; where they occur, gather's constraints are cited. */
const ids = {
  rank: 'C1',
  vectorDim: 'C2',
  mapSize: 'C3',
  windowSorted: 'C4',
  windowRange: 'C5',
  droppedUnique: 'C6',
  droppedSorted: 'C6',
  droppedRange: 'C7',
  batchingSorted: 'gather C10',
  batchingRange: 'gather C11',
  indexBatchingUnique: 'gather C13',
  indexBatchingRange: 'gather C14',
  vectorNotBatching: 'gather C15',
  batchingCount: 'gather C16',
  batchingSizes: 'gather C17',
  mapUnique: 'C9',
  mapRange: 'C10',
} as const;

export const dynamicGather = defineOp({
  name: 'stablehlo.dynamic_gather',
  code: 'E2205',
  summary: 'gather with slice sizes given at run time.',
  spec: 'spec.md#dynamic_gather',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'start_indices', type: tensorOf(integers) },
    { name: 'slice_sizes', type: integerList },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: {
    dimension_numbers: struct('stablehlo', 'gather', gatherFields),
    indices_are_sorted: withDefault(bool(), false),
  },
  constraints: {
    C1: 'rank(operand) = size(offset_dims) + size(collapsed_slice_dims)',
    C2: '0 <= index_vector_dim <= rank(start_indices)',
    C3: 'size(start_index_map) = index_vector_dim < rank(start_indices) ? dim(start_indices, index_vector_dim) : 1',
    C4: 'is_unique(offset_dims) and is_sorted(offset_dims)',
    C5: '0 <= offset_dims < rank(result)',
    C6: 'is_unique(collapsed_slice_dims) and is_sorted(collapsed_slice_dims)',
    C7: '0 <= collapsed_slice_dims < rank(operand)',
    C8: 'slice_sizes[collapsed_slice_dims...] <= 1',
    C9: 'is_unique(start_index_map)',
    C10: '0 <= start_index_map < rank(operand)',
    C11: 'size(slice_sizes) = rank(operand)',
    C12: '0 <= slice_sizes <= shape(operand)',
    C13: 'shape(result) = combine(batch_dim_sizes, offset_dim_sizes)',
    C14: 'element_type(operand) = element_type(result)',
    'gather C10': 'is_sorted(operand_batching_dims)',
    'gather C11': '0 <= operand_batching_dims < rank(operand)',
    'gather C13': 'is_unique(start_indices_batching_dims)',
    'gather C14': '0 <= start_indices_batching_dims < rank(start_indices)',
    'gather C15': 'index_vector_dim not in start_indices_batching_dims',
    'gather C16': 'size(operand_batching_dims) = size(start_indices_batching_dims)',
    'gather C17': 'dim(operand, operand_batching_dims...) = dim(start_indices, start_indices_batching_dims...)',
  },
  resultConstraint: 'C13, C14',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const indices = operandTensor(site, 1);
    const sizes = operandTensor(site, 2);
    const dims = gatherDims(site.attrs.dimension_numbers);
    const rank = operand.shape.length;
    const isUsable = checkWindowDims(dims, operand.shape, indices.shape, ids, check);
    const isSized = compatibleDims(dimAt(sizes.shape, 0), rank);
    if (!check.require(isSized, 'C11', () => `slice_sizes is ${sizes.text}, the rank ${rank}`) || !isUsable)
      return undefined;
    const batch = pick(indices.shape, indexBatchAxes(indices.shape.length, dims));
    const window = windowAxes(rank, dims).map(() => dynamicDim);
    return [tensorType(combineSizes(batch, window, dims.windowDims), operand.element)];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const sizes = tensorInput(inputs, 2).integers();
    const dims = gatherDims(site.attrs.dimension_numbers);
    const isDropped = new Set([...dims.droppedDims, ...dims.batchingDims]);
    const isValid = sizes.every((size, axis) => {
      const limit = isDropped.has(axis) ? 1 : (operand.shape[axis] ?? 0);
      return size >= 0 && size <= limit;
    });
    if (!isValid)
      throw context.failure(
        'E4015',
        `slice sizes ${describeList(sizes)} for an operand of ${describeList(operand.shape)}`,
      );
    const result = gatherWindows(operand, tensorInput(inputs, 1), sizes, dims, context);
    requireRuntimeShape(result.shape, requireResult(site), context);
    return [result];
  },
});
