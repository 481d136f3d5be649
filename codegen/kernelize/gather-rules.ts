/** Reads at indices that are computed at run time: gather, dynamic_slice, dynamic_update_slice. */
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { gatherDims } from '../../ir/ops/shared/window-dimensions.ts';
import type { dynamicSlice } from '../../ir/ops/stablehlo/dynamic-slice.ts';
import type { gather } from '../../ir/ops/stablehlo/gather.ts';
import { type Size, sizeOf } from '../kernel/size.ts';
import type { IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import type { ElementContext, ElementRule, Place } from './element-context.ts';
import { dimensionsOf, guardedValue, rankOf, selectValue } from './expressions.ts';
import type { GuardSet } from './index-algebra.ts';

/** Where slices of these sizes start: each start clamped so that the slice stays inside. */
function clampedStart(value: ValueExpr, extent: Size, size: Size, context: ElementContext): IndexExpr {
  const limit = sizeOf('add', extent, sizeOf('multiply', size, -1));
  return context.algebra.loaded(value, limit);
}

export const dynamicSliceRule: ElementRule = (op, { indices, guards }, context) => {
  const { slice_sizes: sizes } = attributesOf<typeof dynamicSlice.attributes>(op);
  const [operand, ...starts] = op.operands;
  if (operand === undefined) return context.element(op.operand(0), { indices, guards });
  const places = startsOf(op, operand, starts, sizes, guards, context);
  const at = indices.map((index, axis) => context.algebra.add(index, places[axis] ?? context.algebra.zero));
  return context.element(operand, { indices: at, guards });
};

function startsOf(
  op: Operation,
  operand: Value,
  starts: readonly Value[],
  sizes: readonly Size[],
  guards: GuardSet,
  context: ElementContext,
): readonly IndexExpr[] {
  return dimensionsOf(operand, op).map((extent, axis) => {
    const start = starts[axis];
    if (start === undefined || sizes[axis] === extent) return context.algebra.zero;
    return clampedStart(context.element(start, { indices: [], guards }), extent, sizes[axis] ?? 1, context);
  });
}

/** Where the update goes: the index in the operand of each of its dimensions' first element. */
export function updateStarts(op: Operation, guards: GuardSet, context: ElementContext): readonly IndexExpr[] {
  const [operand, update, ...starts] = op.operands;
  if (operand === undefined || update === undefined) return [];
  return startsOf(op, operand, starts, dimensionsOf(update, op), guards, context);
}

/** As a value: the update inside its box, the operand elsewhere. Written in place instead where that is possible (stage-plan.ts). */
export const dynamicUpdateSliceRule: ElementRule = (op, { indices, guards }, context) => {
  const { algebra } = context;
  const update = op.operand(1);
  const shape = dimensionsOf(update, op);
  const starts = updateStarts(op, guards, context);
  const inside = indices.map((index, axis) => algebra.add(index, algebra.scale(starts[axis] ?? algebra.zero, -1)));
  const boxed = algebra.guards(
    guards,
    inside.map((index, axis) => ({ index, extent: shape[axis] ?? 1 })),
  );
  const added = algebra.newGuards(guards, boxed);
  const updated = context.element(update, { indices: inside, guards: boxed });
  if (added.length === 0) return updated;
  return selectValue(guardedValue(added), updated, context.element(op.operand(0), { indices, guards }));
};

export const gatherRule: ElementRule = (op, { indices, guards }, context) => {
  const { dimension_numbers: numbers, slice_sizes: sizes } = attributesOf<typeof gather.attributes>(op);
  const dims = gatherDims(numbers);
  const { algebra } = context;
  const [operand, startIndices] = [op.operand(0), op.operand(1)];
  const shape = dimensionsOf(operand, op);
  const batch = indices.filter((_, axis) => !dims.windowDims.includes(axis));
  const within = dims.windowDims.map((axis) => indices[axis] ?? algebra.zero);
  const offsets = spreadOffsets(shape.length, within, [...dims.droppedDims, ...dims.batchingDims], context);
  const start = (component: number): ValueExpr => {
    const at = startPlace(startIndices, batch, dims.indexVectorDim, component, guards, context);
    return context.element(startIndices, at);
  };
  const at = shape.map((extent, axis): IndexExpr => {
    const offset = offsets[axis] ?? algebra.zero;
    const batching = dims.batchingDims.indexOf(axis);
    if (batching >= 0) return batchIndex(batch, dims.indexBatching[batching] ?? 0, dims.indexVectorDim) ?? algebra.zero;
    const component = dims.indexMap.indexOf(axis);
    const size = sizes[axis] ?? 1;
    if (component < 0 || size === extent) return offset;
    return algebra.add(clampedStart(start(component), extent, size, context), offset);
  });
  return context.element(operand, { indices: at, guards });
};

/** The window's own indices at the operand dimensions that are kept; 0 at the dropped ones. */
function spreadOffsets(
  rank: number,
  within: readonly IndexExpr[],
  dropped: readonly number[],
  { algebra }: ElementContext,
): readonly IndexExpr[] {
  const rest = [...within];
  return Array.from({ length: rank }, (_, axis) =>
    dropped.includes(axis) ? algebra.zero : (rest.shift() ?? algebra.zero),
  );
}

/** The batch index that belongs to a dimension of the index tensor, which has the vector dimension besides. */
function batchIndex(batch: readonly IndexExpr[], dimension: number, vectorDim: number): IndexExpr | undefined {
  return batch[dimension > vectorDim ? dimension - 1 : dimension];
}

function startPlace(
  startIndices: Value,
  batch: readonly IndexExpr[],
  vectorDim: number,
  component: number,
  guards: GuardSet,
  { algebra }: ElementContext,
): Place {
  if (vectorDim >= rankOf(startIndices)) return { indices: batch, guards };
  return { indices: batch.toSpliced(vectorDim, 0, algebra.constant(component)), guards };
}
