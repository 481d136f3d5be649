/** Gathers and scatters: dimension numbers of every kind, indices in and out of range. */
import type { DType } from '../../ir/dtype.ts';
import type { Value } from '../../ir/operation.ts';
import { tensorType, type Type } from '../../ir/types.ts';
import { exact, type FuzzOp, generated, movesOperands } from './fuzz-op.ts';
import { dtypeOf, type ProgramWriter, shapeOf, staticShapeOf } from './program-writer.ts';
import { reducer } from './regions.ts';

interface WindowPlan {
  /** Shape of the index tensor. */
  readonly indices: readonly number[];
  readonly indexVectorDim: number;
  /** Axes of the operand by what becomes of them; the rest are windows. */
  readonly dropped: readonly number[];
  readonly batching: readonly number[];
  readonly indexBatching: readonly number[];
  readonly indexMap: readonly number[];
  readonly windowSizes: readonly number[];
  /** Axes of the result that windows lie along, and the result's shape. */
  readonly windowDims: readonly number[];
  readonly result: readonly number[];
}

function planWindows(writer: ProgramWriter, shape: readonly number[]): WindowPlan {
  const { choices } = writer;
  const axes = shape.map((_, axis) => axis);
  const batching = axes.filter(() => choices.chance(5));
  const free = axes.filter((axis) => !batching.includes(axis));
  const indexMap = choices.shuffled(choices.some(free));
  const dropped = free.filter((axis) => shape[axis] !== 0 && choices.chance(3));
  const windowSizes = axes.map((axis) => {
    const size = shape[axis] ?? 0;
    if (batching.includes(axis)) return Math.min(1, size);
    if (dropped.includes(axis)) return 1;
    return indexMap.includes(axis) ? choices.nat(size + 1) : choices.chance(4) ? choices.nat(size + 1) : size;
  });
  const batchSizes = Array.from({ length: choices.pick([1, 1, 2, 0]) }, () => choices.pick([3, 1, 5, 2, 9, 0]));
  const placed: { readonly size: number; readonly batching: number | undefined }[] = [
    ...batchSizes.map((size) => ({ size, batching: undefined })),
    ...batching.map((axis) => ({ size: shape[axis] ?? 0, batching: axis })),
  ];
  const order = choices.shuffled(placed);
  const implicitVector = indexMap.length === 1 && choices.chance(2);
  const indexVectorDim = implicitVector ? order.length : choices.nat(order.length + 1);
  const indices = order.map(({ size }) => size);
  if (!implicitVector) indices.splice(indexVectorDim, 0, indexMap.length);
  const positionOf = (axis: number): number => {
    const at = order.findIndex((each) => each.batching === axis);
    return !implicitVector && at >= indexVectorDim ? at + 1 : at;
  };
  const windows = axes.filter((axis) => !dropped.includes(axis) && !batching.includes(axis));
  const resultRank = order.length + windows.length;
  const slots = Array.from({ length: resultRank }, (_, axis) => axis);
  const windowDims = choices
    .shuffled(slots)
    .slice(0, windows.length)
    .toSorted((a, b) => a - b);
  const batch = order.map(({ size }) => size);
  const result = slots.map((axis) => {
    const window = windowDims.indexOf(axis);
    return window >= 0 ? (windowSizes[windows[window] ?? 0] ?? 0) : (batch.shift() ?? 0);
  });
  return {
    indices,
    indexVectorDim,
    dropped,
    batching,
    indexBatching: batching.map(positionOf),
    indexMap,
    windowSizes,
    windowDims,
    result,
  };
}

function indexTensor(writer: ProgramWriter, shape: readonly number[]): Value {
  const dtype = writer.choices.pick<DType>(['i32', 'i64', 'i32', 'ui32', 'i8']);
  return writer.of(tensorType(shape, dtype), 'index');
}

function gatherOf(writer: ProgramWriter): {
  readonly operands: readonly Value[];
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly sizes: readonly number[];
  readonly result: Type;
} {
  const x = writer.any({ isStatic: true, maxRank: 3 });
  const plan = planWindows(writer, staticShapeOf(x));
  const attrs = {
    dimension_numbers: {
      offset_dims: plan.windowDims,
      collapsed_slice_dims: plan.dropped,
      operand_batching_dims: plan.batching,
      start_indices_batching_dims: plan.indexBatching,
      start_index_map: plan.indexMap,
      index_vector_dim: plan.indexVectorDim,
    },
  };
  const result = tensorType(plan.result, dtypeOf(x));
  return { operands: [x, indexTensor(writer, plan.indices)], attrs, sizes: plan.windowSizes, result };
}

function gather(writer: ProgramWriter, name: string): void {
  const { operands, attrs, sizes } = gatherOf(writer);
  writer.emit(name, operands, { ...attrs, slice_sizes: sizes });
}

function dynamicGather(writer: ProgramWriter, name: string): void {
  const { operands, attrs, sizes, result } = gatherOf(writer);
  writer.emit(name, [...operands, writer.numbers(sizes, 'i64')], attrs, { resultTypes: [result] });
}

function scatter(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true, maxRank: 3 });
  const plan = planWindows(writer, staticShapeOf(x));
  const update = writer.of(tensorType(plan.result, dtypeOf(x)));
  const region = writer.choices.chance(3)
    ? writer.closedRegion([tensorType([], dtypeOf(x)), tensorType([], dtypeOf(x))], (args) => args.slice(1))
    : reducer(writer, dtypeOf(x));
  const attrs = {
    scatter_dimension_numbers: {
      update_window_dims: plan.windowDims,
      inserted_window_dims: plan.dropped,
      input_batching_dims: plan.batching,
      scatter_indices_batching_dims: plan.indexBatching,
      scatter_dims_to_operand_dims: plan.indexMap,
      index_vector_dim: plan.indexVectorDim,
    },
  };
  writer.emit(name, [x, indexTensor(writer, plan.indices), update], attrs, { regions: [region] });
}

function torchIndexSelect(writer: ProgramWriter, name: string): void {
  const x = writer.any({ isStatic: true, minRank: 1, maxRank: 3 });
  const shape = staticShapeOf(x);
  const batch = writer.choices.nat(shape.length);
  const dim = writer.choices.between(batch, shape.length - 1);
  const index = writer.of(tensorType([...shape.slice(0, batch), writer.choices.pick([2, 1, 5])], 'i32'), 'index');
  writer.emit(name, [x, index], { dim, batch_dims: batch });
}

/** Of the first axis, one index an element: the gather of an embedding, also where its count is bound late. */
function takeRows(writer: ProgramWriter): void {
  const x = writer.any({ isStatic: true, minRank: 1, maxRank: 2, test: ({ shape }) => shape[0] !== 0 });
  const index = writer.any({ dtypes: ['i32', 'i64'], minRank: 1, maxRank: 1, profile: 'index' });
  const rest = staticShapeOf(x).slice(1);
  const attrs = {
    dimension_numbers: {
      operand_batching_dims: [],
      start_indices_batching_dims: [],
      offset_dims: rest.map((_, axis) => axis + 1),
      collapsed_slice_dims: [0],
      start_index_map: [0],
      index_vector_dim: shapeOf(index).length,
    },
    slice_sizes: [1, ...rest],
  };
  writer.emit('stablehlo.gather', [x, index], attrs);
}

export const indexedFuzz = {
  'stablehlo.dynamic_gather': generated(movesOperands(0, 1), dynamicGather),
  'stablehlo.gather': generated(
    movesOperands(0, 1),
    (writer, name) => (writer.choices.chance(5) ? takeRows(writer) : gather(writer, name)),
    5,
  ),
  'stablehlo.scatter': generated(exact, scatter, 5),
  'stablehlo.torch_index_select': generated(movesOperands(0, 1), torchIndexSelect),
} as const satisfies Readonly<Record<string, FuzzOp>>;
