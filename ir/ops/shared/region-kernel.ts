/**
 * Regions over scalars (reducers, comparators, maps) as kernels. Where all its ops are elementwise, a region is applied to whole
 * tensors at once: each element then takes the same steps as alone, so the result is the same to the bit, and the interpreter's cost
 * an op is paid once for thousands of elements.
 */
import type { DType } from '../../dtype.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { Tensor } from '../../evaluator/tensor.ts';
import type { Operation, Region } from '../../operation.ts';
import { type WordArray, wordsOf, wordsPerElement } from './element-words.ts';
import { asTensor } from './runtime-tensors.ts';

/** True when the region may be applied to tensors of any one shape instead of scalars. */
export function isBulkRegion(region: Region): boolean {
  const { block } = region;
  const isLocal = (op: Operation): boolean => op.operandUses.every((use) => use.value.block === block);
  for (let op = block.first; op !== undefined; op = op.next) {
    const isAllowed = op === block.last || (op.definition.traits.has('elementwise') && op.regions.length === 0);
    if (!isAllowed || !isLocal(op)) return false;
  }
  return true;
}

/** Which argument each result of the region is, when it computes nothing; `[1]` for the usual "set" of a scatter. */
export function passedArguments(region: Region): readonly number[] | undefined {
  const { block } = region;
  if (block.first !== block.last || block.last === undefined) return undefined;
  const values = block.last.operandUses.map((use) => use.value);
  return values.every((value) => value.argumentOf === block) ? values.map((value) => value.index) : undefined;
}

/** One element of a tensor that scalars are moved in and out of. */
interface Cell {
  readonly tensor: Tensor;
  readonly words: WordArray;
  readonly width: number;
}

function cellOf(dtype: DType): Cell {
  const tensor = Tensor.zeros(dtype, []);
  return { tensor, words: wordsOf(tensor), width: wordsPerElement(dtype) };
}

/** Elements of several tensors of equal size, read and written by position. */
export class ElementColumns {
  readonly tensors: readonly Tensor[];
  readonly words: readonly WordArray[];

  constructor(tensors: readonly Tensor[]) {
    this.tensors = tensors;
    this.words = tensors.map(wordsOf);
  }
}

/**
 * A region applied to scalars: input `i` is read from a column at a position. The scalars are reused, so results are copied out at
 * once.
 */
export class ScalarKernel {
  readonly #region: Region;
  readonly #context: EvaluationContext;
  readonly #cells: readonly Cell[];
  readonly #inputs: readonly Tensor[];

  constructor(region: Region, dtypes: readonly DType[], context: EvaluationContext) {
    this.#region = region;
    this.#context = context;
    this.#cells = dtypes.map(cellOf);
    this.#inputs = this.#cells.map((cell) => cell.tensor);
  }

  /** Sets inputs `start`, `start + step`, ... to the columns' elements at `position`. */
  load(columns: ElementColumns, position: number, start: number, step = 1): void {
    let slot = start;
    for (const words of columns.words) {
      const cell = this.#cells[slot];
      if (cell !== undefined) copyWords(words, position * cell.width, cell.words, 0, cell.width);
      slot += step;
    }
  }

  apply(): readonly Tensor[] {
    return this.#context.apply(this.#region, this.#inputs).map(asTensor);
  }

  /** Applies and stores the results to the columns at `position`. */
  applyTo(columns: ElementColumns, position: number): void {
    const results = this.#context.apply(this.#region, this.#inputs);
    for (const [index, words] of columns.words.entries()) {
      const result = asTensor(results[index]);
      const width = wordsPerElement(result.dtype);
      copyWords(wordsOf(result), 0, words, position * width, width);
    }
  }

  /** Applies a predicate. */
  test(): boolean {
    return asTensor(this.#context.apply(this.#region, this.#inputs)[0]).values[0] === 1;
  }
}

function copyWords(from: WordArray, source: number, to: WordArray, target: number, count: number): void {
  for (let word = 0; word < count; word++) to[target + word] = from[source + word] ?? 0;
}

/** `to[i] = from[positions[i]]` for the first `count` positions. */
export function gatherElements(from: Tensor, positions: ArrayLike<number>, to: Tensor, count = positions.length): void {
  const width = wordsPerElement(from.dtype);
  const source = wordsOf(from);
  const target = wordsOf(to);
  for (let index = 0; index < count; index++)
    copyWords(source, (positions[index] ?? 0) * width, target, index * width, width);
}

/** `to[positions[i]] = from[i]` for the first `count` positions. */
export function scatterElements(
  from: Tensor,
  positions: ArrayLike<number>,
  to: Tensor,
  count = positions.length,
): void {
  const width = wordsPerElement(from.dtype);
  const source = wordsOf(from);
  const target = wordsOf(to);
  for (let index = 0; index < count; index++)
    copyWords(source, index * width, target, (positions[index] ?? 0) * width, width);
}

/** The first `count` elements of a flat buffer, sharing its memory. */
export function headOf(buffer: Tensor, count: number): Tensor {
  const slots = buffer.size === 0 ? 0 : buffer.values.length / buffer.size;
  return new Tensor(buffer.dtype, [count], buffer.values.subarray(0, count * slots));
}

/** Overwrites `target` with `source`, of the same dtype and size. */
export function copyTensor(source: Tensor, target: Tensor): void {
  wordsOf(target).set(wordsOf(source));
}
