/**
 * Stable sorting by a comparator region. Long lines (or many) are sorted by merging with ranks: the place of an element in its merged
 * run is its place in its own run plus the number of elements of the other run before it, found by bisection for all elements at once.
 */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { Region } from '../../operation.ts';
import { ElementColumns, gatherElements, isBulkRegion, ScalarKernel } from './region-kernel.ts';
import { asTensor } from './runtime-tensors.ts';

/** Fewer elements than this are compared one by one. */
const bulkThreshold = 64;

/**
 * The order of `lines` lines of `length` elements: entry `line * length + k` is the position (in the columns) of the k-th element of the
 * line. `order` holds the positions in their first order and is overwritten.
 */
export function sortLines(
  comparator: Region,
  columns: readonly Tensor[],
  order: Float64Array,
  length: number,
  context: EvaluationContext,
): void {
  if (length < 2) return;
  if (order.length >= bulkThreshold && isBulkRegion(comparator)) {
    const merged = mergeInBulk(bulkComparator(comparator, columns, order.length, context), order, length);
    if (merged !== undefined) return order.set(merged);
  }
  const less = singleComparator(comparator, columns, context);
  for (let start = 0; start < order.length; start += length) mergeSort(order.subarray(start, start + length), less);
}

type Less = (left: number, right: number) => boolean;

function singleComparator(comparator: Region, tensors: readonly Tensor[], context: EvaluationContext): Less {
  const dtypes = tensors.flatMap((tensor) => [tensor.dtype, tensor.dtype]);
  const kernel = new ScalarKernel(comparator, dtypes, context);
  const columns = new ElementColumns(tensors);
  return (left, right) => {
    kernel.load(columns, left, 0, 2);
    kernel.load(columns, right, 1, 2);
    return kernel.test();
  };
}

function mergeSort(line: Float64Array, less: Less): void {
  let from: Float64Array = line;
  let to: Float64Array = new Float64Array(line.length);
  for (let width = 1; width < line.length; width *= 2) {
    for (let start = 0; start < line.length; start += 2 * width) mergeRuns(from, to, start, width, less);
    [from, to] = [to, from];
  }
  if (from !== line) line.set(from);
}

function mergeRuns(from: Float64Array, to: Float64Array, start: number, width: number, less: Less): void {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesRight = right < end && (left >= middle || less(from[right] ?? 0, from[left] ?? 0));
    to[at] = from[takesRight ? right++ : left++] ?? 0;
  }
}

/** Sets `answers[i]` to whether element `lefts[i]` comes before element `rights[i]`. */
type BulkLess = (lefts: Float64Array, rights: Float64Array) => ArrayLike<number | bigint>;

function bulkComparator(
  comparator: Region,
  columns: readonly Tensor[],
  count: number,
  context: EvaluationContext,
): BulkLess {
  const sides = columns.flatMap(({ dtype }) => [context.allocate(dtype, [count]), context.allocate(dtype, [count])]);
  return (lefts, rights) => {
    for (const [index, column] of columns.entries()) {
      gatherElements(column, lefts, asTensor(sides[2 * index]));
      gatherElements(column, rights, asTensor(sides[2 * index + 1]));
    }
    return asTensor(context.apply(comparator, sides)[0]).values;
  };
}

/** Undefined when the comparator is no strict weak order (NaN may do that): then ranks are no permutation. */
function mergeInBulk(less: BulkLess, order: Float64Array, length: number): Float64Array | undefined {
  let from: Float64Array = Float64Array.from(order);
  for (let width = 1; width < length; width *= 2) {
    const to = new Float64Array(from.length).fill(-1);
    const ranks = rankInSiblings(less, from, length, width);
    for (let at = 0; at < from.length; at++) {
      const inLine = at % length;
      const pairStart = at - (inLine % (2 * width));
      to[pairStart + (inLine % width) + (ranks[at] ?? 0)] = from[at] ?? 0;
    }
    if (to.includes(-1)) return undefined;
    from = to;
  }
  return from;
}

/** For each element, how many of the other run of its pair come before it; equal ones do when they are in the left run. */
function rankInSiblings(less: BulkLess, from: Float64Array, length: number, width: number): Float64Array {
  const count = from.length;
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  const siblings = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const inLine = at % length;
    const run = inLine - (inLine % width);
    const sibling = isLeftRun(inLine, width) ? run + width : run - width;
    siblings[at] = at - inLine + sibling;
    high[at] = Math.max(0, Math.min(width, length - sibling));
  }
  const lefts = new Float64Array(count);
  const rights = new Float64Array(count);
  for (let reach = width; reach >= 1; reach = Math.floor(reach / 2)) {
    for (let at = 0; at < count; at++) {
      const middle = Math.floor(((low[at] ?? 0) + (high[at] ?? 0)) / 2);
      const self = from[at] ?? 0;
      const isActive = (low[at] ?? 0) < (high[at] ?? 0);
      const other = isActive ? (from[(siblings[at] ?? 0) + middle] ?? 0) : self;
      const isLeft = isLeftRun(at % length, width);
      lefts[at] = isLeft ? other : self;
      rights[at] = isLeft ? self : other;
    }
    const answers = less(lefts, rights);
    for (let at = 0; at < count; at++) {
      const [start, end] = [low[at] ?? 0, high[at] ?? 0];
      if (start >= end) continue;
      const middle = Math.floor((start + end) / 2);
      const isBefore = (answers[at] === 1) === isLeftRun(at % length, width);
      if (isBefore) low[at] = middle + 1;
      else high[at] = middle;
    }
  }
  return low;
}

function isLeftRun(inLine: number, width: number): boolean {
  return inLine % (2 * width) < width;
}
