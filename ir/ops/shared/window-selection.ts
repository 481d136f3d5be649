/** Which element of each window a predicate picks: the first half of `select_and_scatter`. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import { rowMajorStrides, shapeSize, type Tensor } from '../../evaluator/tensor.ts';
import type { Region } from '../../operation.ts';
import { forEachIndex } from './index-space.ts';
import { ElementColumns, gatherElements, isBulkRegion, ScalarKernel } from './region-kernel.ts';
import { asTensor } from './runtime-tensors.ts';
import type { Window } from './window-geometry.ts';

/**
 * For each window (of `counts`, row-major) the position in the operand of the element that wins: the one at hand stays while
 * `select(it, next)` is true. Padding takes no part; -1 where a window holds nothing else.
 */
export function selectInWindows(
  select: Region,
  operand: Tensor,
  counts: readonly number[],
  window: Window,
  context: EvaluationContext,
): Float64Array {
  const chosen = new Float64Array(shapeSize(counts)).fill(-1);
  const test = isBulkRegion(select)
    ? bulkTest(select, operand, chosen.length, context)
    : eachTest(select, operand, context);
  const next = new Float64Array(chosen.length);
  forEachIndex(window.dimensions, (inside) => {
    placesInWindows(inside, operand.shape, counts, window, next);
    test(chosen, next);
  });
  return chosen;
}

/** Replaces each chosen position by the next one (where there is one) unless the predicate holds of the two. */
type Test = (chosen: Float64Array, next: Float64Array) => void;

function eachTest(select: Region, operand: Tensor, context: EvaluationContext): Test {
  const kernel = new ScalarKernel(select, [operand.dtype, operand.dtype], context);
  const elements = new ElementColumns([operand]);
  return (chosen, next) => {
    for (let window = 0; window < chosen.length; window++) {
      const [current, candidate] = [chosen[window] ?? -1, next[window] ?? -1];
      if (candidate < 0) continue;
      if (current >= 0) {
        kernel.load(elements, current, 0);
        kernel.load(elements, candidate, 1);
        if (kernel.test()) continue;
      }
      chosen[window] = candidate;
    }
  };
}

function bulkTest(select: Region, operand: Tensor, windows: number, context: EvaluationContext): Test {
  const current = context.allocate(operand.dtype, [windows]);
  const candidate = context.allocate(operand.dtype, [windows]);
  return (chosen, next) => {
    if (operand.size === 0) return;
    gatherElements(operand, next.map(atLeastZero), candidate);
    gatherElements(operand, chosen.map(atLeastZero), current);
    const keeps = asTensor(context.apply(select, [current, candidate])[0]);
    for (let window = 0; window < chosen.length; window++) {
      const place = next[window] ?? -1;
      if (place >= 0 && ((chosen[window] ?? -1) < 0 || keeps.values[window] !== 1)) chosen[window] = place;
    }
  };
}

function atLeastZero(value: number): number {
  return Math.max(value, 0);
}

/** For each window, where its element at index `inside` is in the operand; -1 for padding. */
function placesInWindows(
  inside: readonly number[],
  shape: readonly number[],
  counts: readonly number[],
  window: Window,
  places: Float64Array,
): void {
  const strides = rowMajorStrides(shape);
  forEachIndex(counts, (index, position) => {
    let place = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const at = (index[axis] ?? 0) * (window.strides[axis] ?? 1) + (inside[axis] ?? 0) - (window.low[axis] ?? 0);
      if (at < 0 || at >= (shape[axis] ?? 0)) {
        places[position] = -1;
        return;
      }
      place += at * (strides[axis] ?? 1);
    }
    places[position] = place;
  });
}
