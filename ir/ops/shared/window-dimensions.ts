/**
 * The dimension numbers of `gather`, `dynamic_gather` and `scatter`, under one set of names: windows of an operand, placed by vectors
 * of an index tensor.
 *
 * | here            | gather                      | scatter                      |
 * | --------------- | --------------------------- | ---------------------------- |
 * | windowDims      | offset_dims                 | update_window_dims           |
 * | droppedDims     | collapsed_slice_dims        | inserted_window_dims         |
 * | batchingDims    | operand_batching_dims       | input_batching_dims          |
 * | indexBatching   | start_indices_batching_dims | scatter_indices_batching_dims |
 * | indexMap        | start_index_map             | scatter_dims_to_operand_dims |
 */
import { type AttributeCodec, i64, i64List, withDefault } from '../../attribute-schema.ts';
import { compatibleDims, type Dim } from '../../dimension.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import { allWithin, describeList, isSorted, isUnique, otherAxes } from './axis-lists.ts';
import { describeShape, dimAt, type Shape } from './shapes.ts';

export interface WindowDims {
  readonly windowDims: readonly number[];
  readonly droppedDims: readonly number[];
  readonly batchingDims: readonly number[];
  readonly indexBatching: readonly number[];
  readonly indexMap: readonly number[];
  readonly indexVectorDim: number;
}

const none: readonly number[] = Object.freeze([]);

/** A list that may be left out. */
function dims(): AttributeCodec<readonly number[]> {
  return withDefault(i64List(), none);
}

export const gatherFields = {
  offset_dims: dims(),
  collapsed_slice_dims: dims(),
  operand_batching_dims: dims(),
  start_indices_batching_dims: dims(),
  start_index_map: dims(),
  index_vector_dim: withDefault(i64(), 0),
};

export const scatterFields = {
  update_window_dims: dims(),
  inserted_window_dims: dims(),
  input_batching_dims: dims(),
  scatter_indices_batching_dims: dims(),
  scatter_dims_to_operand_dims: dims(),
  index_vector_dim: withDefault(i64(), 0),
};

type FieldValues<F> = { readonly [K in keyof F]: F[K] extends AttributeCodec<infer T> ? T : never };

export function gatherDims(fields: FieldValues<typeof gatherFields>): WindowDims {
  return {
    windowDims: fields.offset_dims,
    droppedDims: fields.collapsed_slice_dims,
    batchingDims: fields.operand_batching_dims,
    indexBatching: fields.start_indices_batching_dims,
    indexMap: fields.start_index_map,
    indexVectorDim: fields.index_vector_dim,
  };
}

export function scatterDims(fields: FieldValues<typeof scatterFields>): WindowDims {
  return {
    windowDims: fields.update_window_dims,
    droppedDims: fields.inserted_window_dims,
    batchingDims: fields.input_batching_dims,
    indexBatching: fields.scatter_indices_batching_dims,
    indexMap: fields.scatter_dims_to_operand_dims,
    indexVectorDim: fields.index_vector_dim,
  };
}

/** Which constraint of the op says what of its dimension numbers. */
export interface WindowDimsIds {
  readonly rank: string;
  readonly vectorDim: string;
  readonly mapSize: string;
  readonly windowSorted: string;
  readonly windowRange: string;
  readonly droppedUnique: string;
  readonly droppedSorted: string;
  readonly droppedRange: string;
  readonly batchingSorted: string;
  readonly batchingRange: string;
  readonly indexBatchingUnique: string;
  readonly indexBatchingRange: string;
  readonly vectorNotBatching: string;
  readonly batchingCount: string;
  readonly batchingSizes: string;
  readonly mapUnique: string;
  readonly mapRange: string;
}

/** All that constrains the numbers alone, and with the shapes of operand and indices; true when they can be used. */
export function checkWindowDims(
  numbers: WindowDims,
  operand: Shape,
  indices: Shape,
  ids: WindowDimsIds,
  check: ConstraintCheck,
): boolean {
  const { windowDims, droppedDims, batchingDims, indexBatching, indexMap, indexVectorDim } = numbers;
  const rank = operand.length;
  const indexRank = indices.length;
  const failed: string[] = [];
  const require = (condition: boolean, id: string, detail: () => string): boolean => {
    if (!check.require(condition, id, detail)) failed.push(id);
    return condition;
  };
  const within = (list: readonly number[], limit: number, id: string): boolean =>
    require(allWithin(list, 0, limit), id, () => `${describeList(list)}, the limit is ${limit}`);
  const sorted = (list: readonly number[], id: string): boolean =>
    require(isSorted(list), id, () => describeList(list));
  const unique = (list: readonly number[], id: string): boolean =>
    require(isUnique(list), id, () => describeList(list));

  require(rank === windowDims.length + droppedDims.length + batchingDims.length, ids.rank, () =>
    `the rank is ${rank}, the sizes are ${windowDims.length}, ${droppedDims.length} and ${batchingDims.length}`);
  const hasVectorDim = within([indexVectorDim], indexRank + 1, ids.vectorDim);
  sorted(windowDims, ids.windowSorted);
  unique(windowDims, ids.windowSorted);
  if (hasVectorDim) within(windowDims, windowDims.length + batchRank(indexRank, indexVectorDim), ids.windowRange);
  unique([...droppedDims, ...batchingDims], ids.droppedUnique);
  sorted(droppedDims, ids.droppedSorted);
  within(droppedDims, rank, ids.droppedRange);
  sorted(batchingDims, ids.batchingSorted);
  const isBatching = within(batchingDims, rank, ids.batchingRange);
  unique(indexBatching, ids.indexBatchingUnique);
  const isIndexBatching = within(indexBatching, indexRank, ids.indexBatchingRange);
  require(!indexBatching.includes(indexVectorDim), ids.vectorNotBatching, () => describeList(indexBatching));
  const counts = (): string => `${batchingDims.length} and ${indexBatching.length}`;
  const isPaired = require(batchingDims.length === indexBatching.length, ids.batchingCount, counts);
  if (isBatching && isIndexBatching && isPaired) {
    const sizes = (): string => `the shapes are ${describeShape(operand)} and ${describeShape(indices)}`;
    const areSame = batchingDims.every((axis, index) =>
      compatibleDims(dimAt(operand, axis), dimAt(indices, indexBatching[index] ?? 0)),
    );
    require(areSame, ids.batchingSizes, sizes);
  }
  unique([...indexMap, ...batchingDims], ids.mapUnique);
  within(indexMap, rank, ids.mapRange);
  if (hasVectorDim) {
    const vector: Dim = indexVectorDim < indexRank ? dimAt(indices, indexVectorDim) : 1;
    const sizes = (): string => `${describeList(indexMap)}, the indices have shape ${describeShape(indices)}`;
    require(compatibleDims(vector, indexMap.length), ids.mapSize, sizes);
  }
  return failed.length === 0;
}

function batchRank(indexRank: number, indexVectorDim: number): number {
  return indexVectorDim < indexRank ? indexRank - 1 : indexRank;
}

/** Dimensions of the indices that count windows: all but `index_vector_dim`. */
export function indexBatchAxes(indexRank: number, { indexVectorDim }: WindowDims): number[] {
  return otherAxes(indexRank, [indexVectorDim]);
}

/** Dimensions of the operand that a window keeps. */
export function windowAxes(operandRank: number, { droppedDims, batchingDims }: WindowDims): number[] {
  return otherAxes(operandRank, [...droppedDims, ...batchingDims]);
}

/** `combine` of the specification: window sizes go to `windowDims`, batch sizes to the dimensions left. */
export function combineSizes<T>(
  batchSizes: readonly T[],
  windowSizes: readonly T[],
  windowDims: readonly number[],
): T[] {
  const isWindow = new Set(windowDims);
  const combined: T[] = [];
  let batch = 0;
  let window = 0;
  for (let axis = 0; axis < batchSizes.length + windowSizes.length; axis++) {
    const size = isWindow.has(axis) ? windowSizes[window++] : batchSizes[batch++];
    if (size !== undefined) combined.push(size);
  }
  return combined;
}
