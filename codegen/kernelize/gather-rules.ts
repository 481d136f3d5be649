/** Reads at indices that are computed at run time: gather, dynamic_slice, dynamic_update_slice; the types say how many elements. */
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { gatherDims } from '../../ir/ops/shared/window-dimensions.ts';
import type { dynamicGather } from '../../ir/ops/stablehlo/dynamic-gather.ts';
import type { dynamicSlice } from '../../ir/ops/stablehlo/dynamic-slice.ts';
import type { gather } from '../../ir/ops/stablehlo/gather.ts';
import { equalSizes, type Size, sizeOf } from '../kernel/size.ts';
import type { IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import type { ElementContext, ElementRule, Place } from './element-context.ts';
import { dimensionsOf, guardedValue, rankOf, selectValue, unsupportedKernel } from './expressions.ts';
import type { GuardSet } from './index-algebra.ts';
import { constantNumber } from './splat-constant.ts';

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

/** Steps of 1 alone; the limits are where the result's type says that it ends. */
export const realDynamicSliceRule: ElementRule = (op, { indices, guards }, context) => {
  const { algebra } = context;
  const [operand, starts] = [op.operand(0), op.operand(1)];
  if (Number(constantNumber(op.operand(3))) !== 1) throw unsupportedKernel(op, 'its strides are not all 1');
  const sizes = dimensionsOf(op.result(), op);
  const at = dimensionsOf(operand, op).map((extent, axis) => {
    const index = indices[axis] ?? algebra.zero;
    const size = sizes[axis] ?? 1;
    if (equalSizes(size, extent)) return index;
    const start = context.element(starts, { indices: [algebra.constant(axis)], guards });
    return algebra.add(index, clampedStart(start, extent, size, context));
  });
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
    if (start === undefined || equalSizes(sizes[axis] ?? 1, extent)) return context.algebra.zero;
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

export const gatherRule: ElementRule = (op, place, context) =>
  gathered(op, attributesOf<typeof gather.attributes>(op).slice_sizes, place, context);

/** The sizes are those of the result, or 1 where the dimension is dropped. */
export const dynamicGatherRule: ElementRule = (op, place, context) => {
  const { windowDims, droppedDims, batchingDims } = gatherDims(
    attributesOf<typeof dynamicGather.attributes>(op).dimension_numbers,
  );
  const shape = dimensionsOf(op.result(), op);
  const windows = windowDims.map((axis) => shape[axis] ?? 1);
  const dropped = [...droppedDims, ...batchingDims];
  const sizes = dimensionsOf(op.operand(0), op).map((_, axis) => (dropped.includes(axis) ? 1 : (windows.shift() ?? 1)));
  return gathered(op, sizes, place, context);
};

function gathered(
  op: Operation,
  sizes: readonly Size[],
  { indices, guards }: Place,
  context: ElementContext,
): ValueExpr {
  const dims = gatherDims(attributesOf<typeof dynamicGather.attributes>(op).dimension_numbers);
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
    if (component < 0 || equalSizes(size, extent)) return offset;
    return algebra.add(clampedStart(start(component), extent, size, context), offset);
  });
  return context.element(operand, { indices: at, guards });
}

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
