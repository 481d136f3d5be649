/** Where the windows of a gather or scatter stand in the operand, read from the index tensor. */
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { dotIndex } from './index-space.ts';
import { pick } from './strided-offsets.ts';
import { indexBatchAxes, type WindowDims } from './window-dimensions.ts';

export class WindowPlacement {
  /** Sizes of the index tensor's batch dimensions: one window for each index in them. */
  readonly batchShape: readonly number[];
  readonly #indices: Tensor;
  readonly #dims: WindowDims;
  readonly #batchStrides: readonly number[];
  readonly #vectorStride: number;
  /** For each batching dimension of the operand, the entry of a batch index it equals. */
  readonly #batchEntries: readonly number[];

  constructor(dims: WindowDims, indices: Tensor) {
    const strides = rowMajorStrides(indices.shape);
    const axes = indexBatchAxes(indices.rank, dims);
    this.#dims = dims;
    this.#indices = indices;
    this.batchShape = pick(indices.shape, axes);
    this.#batchStrides = pick(strides, axes);
    this.#vectorStride = strides[dims.indexVectorDim] ?? 1;
    this.#batchEntries = dims.indexBatching.map((axis) => axes.indexOf(axis));
  }

  /** Sets `start` to `full_start_index + full_batching_index`, not clamped. */
  read(batchIndex: readonly number[], start: number[]): void {
    const { indexMap, batchingDims } = this.#dims;
    start.fill(0);
    let position = dotIndex(batchIndex, this.#batchStrides);
    for (const axis of indexMap) {
      start[axis] = this.#indices.integer(position);
      position += this.#vectorStride;
    }
    for (const [index, axis] of batchingDims.entries()) start[axis] = batchIndex[this.#batchEntries[index] ?? 0] ?? 0;
  }
}
