import { bool, struct, withDefault } from '../../attribute-schema.ts';
import { compatibleDims } from '../../dimension.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { type ConstraintCheck, defineOp } from '../../op-definition.ts';
import { operandGroup } from '../../op-site.ts';
import { integers, tensorOf } from '../../type-constraints.ts';
import { isTensor, type TensorType, tensorType } from '../../types.ts';
import { otherAxes } from '../shared/axis-lists.ts';
import { dotIndex, forEachIndex, isInBounds } from '../shared/index-space.ts';
import { updateInOrder } from '../shared/ordered-update.ts';
import { promoteTensor } from '../shared/promotion.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireSameQuantization } from '../shared/quantized-regions.ts';
import { checkReducer } from '../shared/reducer-signature.ts';
import { copyTensor } from '../shared/region-kernel.ts';
import { describeTypes } from '../shared/region-signature.ts';
import { requireRegion, requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { allCompatibleShapes, canBeAtMost, describeShape, dimAt, mergeShapes, type Shape } from '../shared/shapes.ts';
import { pick } from '../shared/strided-offsets.ts';
import {
  checkWindowDims,
  indexBatchAxes,
  scatterDims,
  scatterFields,
  windowAxes,
  type WindowDims,
} from '../shared/window-dimensions.ts';
import { WindowPlacement } from '../shared/window-placement.ts';

const ids = {
  rank: 'C2',
  vectorDim: 'C22',
  mapSize: 'C19',
  windowSorted: 'C7',
  windowRange: 'C8',
  droppedUnique: 'C9',
  droppedSorted: 'C10',
  droppedRange: 'C11',
  batchingSorted: 'C12',
  batchingRange: 'C13',
  indexBatchingUnique: 'C14',
  indexBatchingRange: 'C15',
  vectorNotBatching: 'C16',
  batchingCount: 'C17',
  batchingSizes: 'C18',
  mapUnique: 'C20',
  mapRange: 'C21',
} as const;

export const scatter = defineOp({
  name: 'stablehlo.scatter',
  code: 'E2221',
  summary:
    'The inputs with slices, at start indices given by a tensor, combined with updates; what is out of bounds is skipped.',
  spec: 'spec.md#scatter',
  operands: [
    { name: 'inputs', type: perTensor, arity: 'variadic' },
    { name: 'scatter_indices', type: tensorOf(integers) },
    { name: 'updates', type: perTensor, arity: 'variadic' },
  ],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    scatter_dimension_numbers: struct('stablehlo', 'scatter', scatterFields),
    indices_are_sorted: withDefault(bool(), false),
    unique_indices: withDefault(bool(), false),
  },
  regions: [{ name: 'update_computation' }],
  traits: ['storage-view'],
  effects: 'regions',
  constraints: {
    C1: 'same(shape(inputs...))',
    C2: 'rank(inputs[0]) = size(update_window_dims) + size(inserted_window_dims) + size(input_batching_dims)',
    C3: 'same(shape(updates...))',
    C4: 'shape(updates[0]) = combine(update_scatter_dim_sizes, update_window_dim_sizes)',
    C5: '0 < size(inputs) = size(updates) = N',
    C6: 'element_type(updates...) = element_type(inputs...)',
    C7: 'is_unique(update_window_dims) and is_sorted(update_window_dims)',
    C8: '0 <= update_window_dims < rank(updates[0])',
    C9: 'is_unique(concatenate(inserted_window_dims, input_batching_dims))',
    C10: 'is_sorted(inserted_window_dims)',
    C11: '0 <= inserted_window_dims < rank(inputs[0])',
    C12: 'is_sorted(input_batching_dims)',
    C13: '0 <= input_batching_dims < rank(inputs[0])',
    C14: 'is_unique(scatter_indices_batching_dims)',
    C15: '0 <= scatter_indices_batching_dims < rank(scatter_indices)',
    C16: 'index_vector_dim not in scatter_indices_batching_dims',
    C17: 'size(input_batching_dims) = size(scatter_indices_batching_dims)',
    C18: 'dim(inputs[0], input_batching_dims...) = dim(scatter_indices, scatter_indices_batching_dims...)',
    C19: 'size(scatter_dims_to_operand_dims) = index_vector_dim < rank(scatter_indices) ? dim(scatter_indices, index_vector_dim) : 1',
    C20: 'is_unique(concatenate(scatter_dims_to_operand_dims, input_batching_dims))',
    C21: '0 <= scatter_dims_to_operand_dims < rank(inputs[0])',
    C22: '0 <= index_vector_dim <= rank(scatter_indices)',
    C23: 'update_computation has type (tensor<E0>, ..., tensor<EN-1>, tensor<E0>, ..., tensor<EN-1>) -> (tensor<E0>, ..., tensor<EN-1>), where is_promotable(element_type(inputs[i]), Ei)',
    C24: 'shape(inputs...) = shape(results...)',
    C25: 'element_type(results[i]) = Ei',
  },
  resultConstraint: 'C24, C25',
  inferTypes(site, check) {
    const inputs = operandGroup(site, 'inputs').filter(isTensor);
    const updates = operandGroup(site, 'updates').filter(isTensor);
    const [indices] = operandGroup(site, 'scatter_indices').filter(isTensor);
    const [input] = inputs;
    const [update] = updates;
    const isSome =
      inputs.length === updates.length && (site.op === undefined || site.resultTypes.length === inputs.length);
    const counts = (): string =>
      `${inputs.length} inputs, ${updates.length} updates, ${site.resultTypes.length} results`;
    if (!check.require(isSome && input !== undefined, 'C5', counts)) return undefined;
    if (input === undefined || update === undefined || indices === undefined) return undefined;
    const inputShapes = inputs.map((type) => type.shape);
    const isSame = check.require(allCompatibleShapes(inputShapes), 'C1', () => `they are ${describeTypes(inputs)}`);
    const areSame = allCompatibleShapes(updates.map((type) => type.shape));
    check.require(areSame, 'C3', () => `they are ${describeTypes(updates)}`);
    check.require(
      updates.every((type, index) => type.element === inputs[index]?.element),
      'C6',
      () => `the updates are ${describeTypes(updates)}, the inputs ${describeTypes(inputs)}`,
    );
    const dims = scatterDims(site.attrs.scatter_dimension_numbers);
    if (checkWindowDims(dims, input.shape, indices.shape, ids, check) && areSame)
      checkUpdateShape(input, indices, update, dims, check);
    const elements = checkReducer(
      requireRegion(site),
      inputs.map((type) => type.element),
      check,
      'C23',
    );
    if (!isSame) return undefined;
    const shape = mergeShapes(inputShapes);
    return elements?.map((element) => tensorType(shape, element));
  },
  evaluate(site, inputs, context) {
    requireSameQuantization(site, context);
    const count = (inputs.length - 1) / 2;
    const dims = scatterDims(site.attrs.scatter_dimension_numbers);
    const dtypes = site.resultTypes.map((_, index) => resultDType(requireResult(site, index), context));
    const results = dtypes.map((dtype, index) => {
      const result = context.allocate(dtype, tensorInput(inputs, index).shape);
      copyTensor(promoteTensor(tensorInput(inputs, index), dtype, context), result);
      return result;
    });
    const updates = dtypes.map((dtype, index) => promoteTensor(tensorInput(inputs, count + 1 + index), dtype, context));
    const targets = placesOfUpdates(
      tensorInput(inputs, 0).shape,
      tensorInput(inputs, count),
      tensorInput(inputs, count + 1),
      dims,
    );
    updateInOrder(requireRegion(site), results, updates, targets, context);
    return results;
  },
});

function checkUpdateShape(
  input: TensorType,
  indices: TensorType,
  update: TensorType,
  dims: WindowDims,
  check: ConstraintCheck,
): void {
  const batch: Shape = pick(indices.shape, indexBatchAxes(indices.shape.length, dims));
  const limits: Shape = pick(input.shape, windowAxes(input.shape.length, dims));
  const batchAxes = otherAxes(update.shape.length, dims.windowDims);
  const fits =
    update.shape.length === batch.length + limits.length &&
    batchAxes.every((axis, index) => compatibleDims(dimAt(update.shape, axis), dimAt(batch, index))) &&
    dims.windowDims.every((axis, index) => canBeAtMost(dimAt(update.shape, axis), dimAt(limits, index)));
  const detail = (): string =>
    `the updates have shape ${describeShape(update.shape)}, the indices give ${describeShape(batch)}, windows at most ${describeShape(limits)}`;
  check.require(fits, 'C4', detail);
}

/** For each element of the updates, in row-major order, its position in the inputs; -1 when it is out of bounds. */
function placesOfUpdates(shape: readonly number[], indices: Tensor, update: Tensor, dims: WindowDims): Float64Array {
  const targets = new Float64Array(update.size).fill(-1);
  if (update.size === 0) return targets;
  const axes = windowAxes(shape.length, dims);
  const strides = rowMajorStrides(shape);
  const updateStrides = rowMajorStrides(update.shape);
  const batchStrides = pick(updateStrides, otherAxes(update.rank, dims.windowDims));
  const windowStrides = pick(updateStrides, dims.windowDims);
  const windowShape = pick(update.shape, dims.windowDims);
  const placement = new WindowPlacement(dims, indices);
  const start = new Array<number>(shape.length).fill(0);
  const place = new Array<number>(shape.length).fill(0);
  forEachIndex(placement.batchShape, (batch) => {
    placement.read(batch, start);
    const first = dotIndex(batch, batchStrides);
    forEachIndex(windowShape, (inside) => {
      for (let axis = 0; axis < place.length; axis++) place[axis] = start[axis] ?? 0;
      for (let index = 0; index < axes.length; index++) {
        const axis = axes[index] ?? 0;
        place[axis] = (place[axis] ?? 0) + (inside[index] ?? 0);
      }
      if (isInBounds(place, shape)) targets[first + dotIndex(inside, windowStrides)] = dotIndex(place, strides);
    });
  });
  return targets;
}
