/**
 * The one loop behind transpose, broadcast, slice, reverse, pad, concatenate, gather and the windows of scatter: it copies a box of
 * elements, each side with its own strides. Strides may be zero (broadcast) or negative (reverse).
 */
import type { DType } from '../../dtype.ts';
import { rowMajorStrides, type Tensor } from '../../evaluator/tensor.ts';
import { type WordArray, wordsOf, wordsPerElement } from './element-words.ts';

interface Loop {
  length: number;
  readonly sourceStep: number;
  readonly targetStep: number;
}

/** Below this many words a plain loop beats the engine's block copy. */
const blockCopyThreshold = 16;

/** A copy planned once, run at many offsets. */
export class StridedCopy {
  readonly #loops: readonly Loop[];
  readonly #wordsPerElement: number;

  /** Strides are in elements. */
  constructor(
    dtype: DType,
    shape: readonly number[],
    sourceStrides: readonly number[],
    targetStrides: readonly number[],
  ) {
    this.#wordsPerElement = wordsPerElement(dtype);
    this.#loops = planLoops(this.#wordsPerElement, shape, sourceStrides, targetStrides);
  }

  /** Offsets are in elements. The memory must not overlap unless source and target positions are equal. */
  run(source: WordArray, sourceOffset: number, target: WordArray, targetOffset: number): void {
    this.#level(0, source, sourceOffset * this.#wordsPerElement, target, targetOffset * this.#wordsPerElement);
  }

  #level(level: number, source: WordArray, sourceAt: number, target: WordArray, targetAt: number): void {
    const loop = this.#loops[level];
    if (loop === undefined) return;
    if (level === this.#loops.length - 1) return copyRun(loop, source, sourceAt, target, targetAt);
    for (let index = 0; index < loop.length; index++) {
      this.#level(level + 1, source, sourceAt, target, targetAt);
      sourceAt += loop.sourceStep;
      targetAt += loop.targetStep;
    }
  }
}

/** Drops loops of one step and joins neighbours that walk both sides evenly; empty when there is nothing to copy. */
function planLoops(
  words: number,
  shape: readonly number[],
  sourceStrides: readonly number[],
  targetStrides: readonly number[],
): Loop[] {
  if (shape.includes(0)) return [];
  const loops: Loop[] = [{ length: words, sourceStep: 1, targetStep: 1 }];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    if (length === 1) continue;
    const sourceStep = (sourceStrides[axis] ?? 0) * words;
    const targetStep = (targetStrides[axis] ?? 0) * words;
    const inner = loops.at(-1);
    if (inner !== undefined && inner.length === 1) loops[loops.length - 1] = { length, sourceStep, targetStep };
    else if (
      inner !== undefined &&
      sourceStep === inner.sourceStep * inner.length &&
      targetStep === inner.targetStep * inner.length
    )
      inner.length *= length;
    else loops.push({ length, sourceStep, targetStep });
  }
  return loops.reverse();
}

function copyRun(loop: Loop, source: WordArray, sourceAt: number, target: WordArray, targetAt: number): void {
  const { length, sourceStep, targetStep } = loop;
  if (targetStep === 1 && length >= blockCopyThreshold) {
    if (sourceStep === 1) return target.set(source.subarray(sourceAt, sourceAt + length), targetAt);
    if (sourceStep === 0) {
      target.fill(source[sourceAt] ?? 0, targetAt, targetAt + length);
      return;
    }
  }
  for (let index = 0; index < length; index++) {
    target[targetAt] = source[sourceAt] ?? 0;
    sourceAt += sourceStep;
    targetAt += targetStep;
  }
}

/** Where a box starts in a tensor's memory and how it walks, in elements. */
export interface Walk {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** A walk over all of a tensor in row-major order. */
export function rowMajorWalk(shape: readonly number[]): Walk {
  return { offset: 0, strides: rowMajorStrides(shape) };
}

/** Copies a box of `shape` from one tensor to another of the same dtype. */
export function copyBox(shape: readonly number[], source: Tensor, from: Walk, target: Tensor, to: Walk): void {
  const copy = new StridedCopy(source.dtype, shape, from.strides, to.strides);
  copy.run(wordsOf(source), from.offset, wordsOf(target), to.offset);
}

/** Sets every element of `target` to element `at` of `source`. */
export function fillTensor(target: Tensor, source: Tensor, at = 0): void {
  const count = target.size;
  const copy = new StridedCopy(target.dtype, [count], [0], [1]);
  copy.run(wordsOf(source), at, wordsOf(target), 0);
}
