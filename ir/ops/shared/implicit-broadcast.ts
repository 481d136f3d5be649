/**
 * Implicit broadcasting of chlo's `broadcast_*` ops. The operand of lower rank gets the axes that `broadcast_dimensions` names (without
 * it, the last ones, as in NumPy); then sizes of 1 stretch.
 */
import { compatibleDims, describeDim, type Dim, dimMax, dimSymbol, equalDims, mergeDims } from '../../dimension.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import { describeList, range } from './axis-lists.ts';
import { broadcastTensor } from './broadcasting.ts';
import { describeShape, dimAt, type Shape } from './shapes.ts';

export const implicitBroadcastConstraints = {
  C1: 'broadcast_dimensions names, in ascending order, the axis of the result for each axis of the operand of lower rank',
  C2: 'sizes that meet at an axis are equal, or one is 1',
} as const;

/** For each axis of a shape of this rank, the axis of the result. */
function placedAxes(rank: number, resultRank: number, dims: readonly number[] | undefined): readonly number[] {
  if (dims !== undefined && rank < resultRank) return dims;
  return range(rank).map((axis) => axis + resultRank - rank);
}

/** The shape that all of them stretch to; reports C1 and C2 and gives undefined then. */
export function inferBroadcast(
  shapes: readonly Shape[],
  dims: readonly number[] | undefined,
  check: ConstraintCheck,
): Dim[] | undefined {
  const resultRank = Math.max(...shapes.map((shape) => shape.length));
  const lowest = Math.min(...shapes.map((shape) => shape.length));
  if (dims !== undefined) {
    const fits = isPlacement(dims, lowest, resultRank);
    const describe = (): string =>
      `broadcast_dimensions = ${describeList(dims)} for ${shapes.map(describeShape).join(' and ')}`;
    if (!check.require(fits, 'C1', describe)) return undefined;
  }
  const result = new Array<Dim>(resultRank).fill(1);
  for (const shape of shapes) {
    for (const [axis, target] of placedAxes(shape.length, resultRank, dims).entries()) {
      const size = dimAt(shape, axis);
      const known = dimAt(result, target);
      const canMeet = size === 1 || known === 1 || compatibleDims(size, known);
      const describe = (): string => `${describeDim(known)} and ${describeDim(size)} meet at axis ${target}`;
      if (!check.require(canMeet, 'C2', describe)) return undefined;
      result[target] = stretchedDim(known, size);
    }
  }
  return result;
}

function isPlacement(dims: readonly number[], rank: number, resultRank: number): boolean {
  return (
    dims.length === rank &&
    dims.every((dim, index) => dim >= 0 && dim < resultRank && (index === 0 || dim > (dims[index - 1] ?? 0)))
  );
}

/** The size where two meet; an unknown one may be 1. */
function stretchedDim(a: Dim, b: Dim): Dim {
  if (a === 1) return b;
  if (b === 1 || equalDims(a, b)) return a;
  if (typeof a === 'number' || typeof b === 'number') return mergeDims(a, b);
  const bounds = [dimMax(a), dimMax(b)];
  const [first, second] = bounds;
  return dimSymbol('', first === undefined || second === undefined ? undefined : Math.max(first, second));
}

/** All tensors stretched to their common shape. */
export function broadcastTogether(
  tensors: readonly Tensor[],
  dims: readonly number[] | undefined,
  context: EvaluationContext,
): readonly Tensor[] {
  const check: ConstraintCheck = {
    require(condition, _id, detail) {
      if (!condition) throw context.failure('E4012', `the shapes do not broadcast: ${detail()}`);
      return true;
    },
  };
  const shape = (inferBroadcast(
    tensors.map((tensor) => tensor.shape),
    dims,
    check,
  ) ?? []) as number[];
  return tensors.map((tensor) => {
    const isSame = tensor.rank === shape.length && tensor.shape.every((size, axis) => size === shape[axis]);
    return isSame ? tensor : broadcastTensor(tensor, shape, placedAxes(tensor.rank, shape.length, dims), context);
  });
}
