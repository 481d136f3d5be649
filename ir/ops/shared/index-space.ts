/** Walking the index space of a shape. */
import { invariant } from '../../diagnostics/diagnostic.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';

/** Calls `visit` for every index in lexicographic order; the array is reused, and `position` counts from 0. */
export function forEachIndex(
  shape: readonly number[],
  visit: (index: readonly number[], position: number) => void,
): void {
  if (shape.includes(0)) return;
  const index = new Array<number>(shape.length).fill(0);
  for (let position = 0; ; position++) {
    visit(index, position);
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Sum of `index[axis] * strides[axis]`. */
export function dotIndex(index: readonly number[], strides: readonly number[]): number {
  let sum = 0;
  for (let axis = 0; axis < index.length; axis++) sum += (index[axis] ?? 0) * (strides[axis] ?? 0);
  return sum;
}

/** True when `0 <= index < shape` in every axis. */
export function isInBounds(index: readonly number[], shape: readonly number[]): boolean {
  for (let axis = 0; axis < index.length; axis++) {
    const value = index[axis] ?? 0;
    if (value < 0 || value >= (shape[axis] ?? 0)) return false;
  }
  return true;
}

/** `dotIndex(index, strides)` for every index of a shape in order; charged to the evaluation's memory like a tensor. */
export function offsetsIn(
  shape: readonly number[],
  strides: readonly number[],
  context: EvaluationContext,
): Float64Array {
  const { values } = context.allocate('f64', shape);
  invariant(values instanceof Float64Array, 'f64 is stored otherwise');
  forEachIndex(shape, (index, position) => {
    values[position] = dotIndex(index, strides);
  });
  return values;
}
