/**
 * The engine of `reduce` and `reduce_window`: every result element is a reducer applied, in order, to elements at fixed offsets from
 * a place of its own. The order is the specification's lexicographic one, from the initial value on; only long reductions to
 * few results are done as a balanced tree, which the specification permits and which rounds less.
 */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import type { Region } from '../../operation.ts';
import { copyTensor, ElementColumns, headOf, isBulkRegion, ScalarKernel } from './region-kernel.ts';
import { asTensor } from './runtime-tensors.ts';
import { StridedCopy } from './strided-copy.ts';
import { offsetsIn } from './index-space.ts';
import { wordsOf, wordsPerElement } from './element-words.ts';

export interface BoxReduction {
  readonly body: Region;
  /** Of equal shape, promoted to the body's element types. */
  readonly inputs: readonly Tensor[];
  /** Filled with the initial values; overwritten with the results. */
  readonly accumulators: readonly Tensor[];
  /** Strides of the inputs along the dimensions of the results, in elements. */
  readonly resultStrides: readonly number[];
  /** Offsets of the elements to combine, from a result's place. */
  readonly offsets: Float64Array;
}

/** Fewer results than this are not worth a whole-tensor step each. */
const bulkThreshold = 4;
/** More elements a result than this, for fewer than `treeWidth` results, are combined as a tree. */
const treeThreshold = 4096;
const treeWidth = 64;

export function reduceBoxes(reduction: BoxReduction, context: EvaluationContext): void {
  const results = shapeSize(reduction.accumulators[0]?.shape ?? []);
  if (results === 0 || reduction.offsets.length === 0) return;
  if (!isBulkRegion(reduction.body)) return reduceOneByOne(reduction, context);
  if (reduction.offsets.length > treeThreshold && results < treeWidth) return reduceAsTree(reduction, context);
  if (results < bulkThreshold) return reduceOneByOne(reduction, context);
  return reduceInBulk(reduction, context);
}

function reduceOneByOne(reduction: BoxReduction, context: EvaluationContext): void {
  const { body, inputs, accumulators, offsets } = reduction;
  const dtypes = accumulators.map((tensor) => tensor.dtype);
  const kernel = new ScalarKernel(body, [...dtypes, ...dtypes], context);
  const values = new ElementColumns(inputs);
  const results = new ElementColumns(accumulators);
  const places = offsetsIn(accumulators[0]?.shape ?? [], reduction.resultStrides, context);
  for (const [position, place] of places.entries()) {
    for (const offset of offsets) {
      kernel.load(results, position, 0);
      kernel.load(values, place + offset, accumulators.length);
      kernel.applyTo(results, position);
    }
  }
}

function reduceInBulk(reduction: BoxReduction, context: EvaluationContext): void {
  const { body, inputs, accumulators, resultStrides, offsets } = reduction;
  const slices = accumulators.map((tensor) => context.allocate(tensor.dtype, tensor.shape));
  const copies = slices.map((slice) => {
    const copy = new StridedCopy(slice.dtype, slice.shape, resultStrides, rowMajorStrides(slice.shape));
    return { copy, target: wordsOf(slice) };
  });
  const sources = inputs.map(wordsOf);
  for (const offset of offsets) {
    for (const [index, { copy, target }] of copies.entries()) {
      const source = sources[index];
      if (source !== undefined) copy.run(source, offset, target, 0);
    }
    const results = context.apply(body, [...accumulators, ...slices]);
    for (const [index, accumulator] of accumulators.entries()) copyTensor(asTensor(results[index]), accumulator);
  }
}

/** Rows of all results, one row an offset, are combined with their neighbours until one is left. */
function reduceAsTree(reduction: BoxReduction, context: EvaluationContext): void {
  const { body, accumulators } = reduction;
  const results = accumulators.map((tensor) => tensor.reshaped([tensor.size]));
  const rowSize = results[0]?.size ?? 0;
  let rows = gatherRows(reduction, context);
  for (let count = reduction.offsets.length; count > 1; count = Math.ceil(count / 2)) {
    const half = Math.floor(count / 2);
    const even = rows.map((tensor) => pickRows(tensor, 0, half, rowSize, context));
    const odd = rows.map((tensor) => pickRows(tensor, 1, half, rowSize, context));
    const combined = context.apply(body, [...even, ...odd]).map(asTensor);
    for (const [index, tensor] of rows.entries()) {
      const width = wordsPerElement(tensor.dtype) * rowSize;
      const words = wordsOf(tensor);
      if (count % 2 === 1) words.copyWithin(half * width, (count - 1) * width, count * width);
      words.set(wordsOf(asTensor(combined[index])));
    }
    rows = rows.map((tensor) => headOf(tensor, Math.ceil(count / 2) * rowSize));
  }
  const final = context.apply(body, [...results, ...rows]);
  for (const [index, accumulator] of results.entries()) copyTensor(asTensor(final[index]), accumulator);
}

function gatherRows(reduction: BoxReduction, context: EvaluationContext): Tensor[] {
  const { inputs, accumulators, resultStrides, offsets } = reduction;
  return accumulators.map((accumulator, index) => {
    const rows = context.allocate(accumulator.dtype, [offsets.length * accumulator.size]);
    const { shape } = accumulator;
    const copy = new StridedCopy(accumulator.dtype, shape, resultStrides, rowMajorStrides(shape));
    const source = wordsOf(asTensor(inputs[index]));
    const target = wordsOf(rows);
    for (const [row, offset] of offsets.entries()) copy.run(source, offset, target, row * accumulator.size);
    return rows;
  });
}

/** Rows `first`, `first + 2`, ... as a tensor of their own. */
function pickRows(rows: Tensor, first: number, count: number, rowSize: number, context: EvaluationContext): Tensor {
  const picked = context.allocate(rows.dtype, [count * rowSize]);
  const copy = new StridedCopy(rows.dtype, [count, rowSize], [2 * rowSize, 1], [rowSize, 1]);
  copy.run(wordsOf(rows), first * rowSize, wordsOf(picked), 0);
  return picked;
}
