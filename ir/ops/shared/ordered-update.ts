/**
 * Combining values into places that may repeat: the second half of `scatter` and `select_and_scatter`. Updates of one place happen in
 * the order they are given in.
 */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { Region } from '../../operation.ts';
import {
  ElementColumns,
  gatherElements,
  headOf,
  isBulkRegion,
  passedArguments,
  ScalarKernel,
  scatterElements,
} from './region-kernel.ts';
import { asTensor } from './runtime-tensors.ts';
import { StridedCopy } from './strided-copy.ts';
import { wordsOf } from './element-words.ts';

/** A round with fewer updates than this on average is not worth a whole-tensor step. */
const bulkThreshold = 4;

/**
 * `results[targets[i]] = body(results[targets[i]], updates[i])` for each i in order; targets below 0 are skipped. All tensors have the
 * body's element types.
 */
export function updateInOrder(
  body: Region,
  results: readonly Tensor[],
  updates: readonly Tensor[],
  targets: Float64Array,
  context: EvaluationContext,
): void {
  const passed = passedArguments(body);
  if (passed?.every((argument, index) => argument === index + results.length) === true)
    return overwrite(results, updates, targets);
  if (isBulkRegion(body)) {
    const rounds = planRounds(targets, results[0]?.size ?? 0);
    if (rounds.order.length >= bulkThreshold * (rounds.starts.length - 1))
      return updateInRounds(body, results, updates, targets, rounds, context);
  }
  const dtypes = results.map((tensor) => tensor.dtype);
  const kernel = new ScalarKernel(body, [...dtypes, ...dtypes], context);
  const places = new ElementColumns(results);
  const values = new ElementColumns(updates);
  for (const [index, target] of targets.entries()) {
    if (target < 0) continue;
    kernel.load(places, target, 0);
    kernel.load(values, index, results.length);
    kernel.applyTo(places, target);
  }
}

function overwrite(results: readonly Tensor[], updates: readonly Tensor[], targets: Float64Array): void {
  for (const [index, result] of results.entries()) {
    const update = asTensor(updates[index]);
    const copy = new StridedCopy(result.dtype, [1], [0], [0]);
    const source = wordsOf(update);
    const words = wordsOf(result);
    for (const [position, target] of targets.entries()) if (target >= 0) copy.run(source, position, words, target);
  }
}

/** Updates sorted into rounds: round r has the r-th update of each place, so that within a round places are distinct. */
interface Rounds {
  /** Indices of updates, round by round. */
  readonly order: Float64Array;
  /** Where each round starts in `order`, and the end. */
  readonly starts: readonly number[];
}

function planRounds(targets: Float64Array, size: number): Rounds {
  const seen = new Uint32Array(size);
  const roundOf = new Uint32Array(targets.length);
  const counts: number[] = [];
  for (const [index, target] of targets.entries()) {
    if (target < 0) continue;
    const round = seen[target] ?? 0;
    seen[target] = round + 1;
    roundOf[index] = round;
    counts[round] = (counts[round] ?? 0) + 1;
  }
  const starts = [0];
  for (const count of counts) starts.push((starts.at(-1) ?? 0) + count);
  const next = [...starts];
  const order = new Float64Array(starts.at(-1) ?? 0);
  for (const [index, target] of targets.entries()) {
    if (target < 0) continue;
    const round = roundOf[index] ?? 0;
    const at = next[round] ?? 0;
    order[at] = index;
    next[round] = at + 1;
  }
  return { order, starts };
}

function updateInRounds(
  body: Region,
  results: readonly Tensor[],
  updates: readonly Tensor[],
  targets: Float64Array,
  { order, starts }: Rounds,
  context: EvaluationContext,
): void {
  const widest = starts.reduce((most, start, round) => Math.max(most, start - (starts[round - 1] ?? 0)), 0);
  const buffers = (): Tensor[] => results.map((tensor) => context.allocate(tensor.dtype, [widest]));
  const places = buffers();
  const values = buffers();
  for (let round = 0; round + 1 < starts.length; round++) {
    const chosen = order.subarray(starts[round], starts[round + 1]);
    const where = Float64Array.from(chosen, (index) => targets[index] ?? 0);
    const inputs = [
      ...places.map((buffer, index) => filled(buffer, results[index], where)),
      ...values.map((buffer, index) => filled(buffer, updates[index], chosen)),
    ];
    const combined = context.apply(body, inputs);
    for (const [index, result] of results.entries()) scatterElements(asTensor(combined[index]), where, result);
  }
}

function filled(buffer: Tensor, from: Tensor | undefined, positions: Float64Array): Tensor {
  const head = headOf(buffer, positions.length);
  gatherElements(asTensor(from), positions, head);
  return head;
}
