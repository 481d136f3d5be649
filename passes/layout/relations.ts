/**
 * How the dimensions of an op's operands lie to those of its results: what an order of the one means for the other, and what it costs when
 * they differ.
 */
import {
  type DimensionOrder,
  isSameMemory as isSameMemoryOf,
  reshapedDimensions,
  withOrder,
} from '../../ir/dimension-order.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { broadcastInDim } from '../../ir/ops/stablehlo/broadcast-in-dim.ts';
import type { convolution } from '../../ir/ops/stablehlo/convolution.ts';
import type { reduce } from '../../ir/ops/stablehlo/reduce.ts';
import type { transpose } from '../../ir/ops/stablehlo/transpose.ts';
import { isTensor } from '../../ir/types.ts';
import { rankOf, shapeOf } from './tensor-bytes.ts';

/** Between an operand and a result. */
export interface Relation {
  readonly operand: Value;
  readonly result: Value;
  /** For each dimension of the result the operand's that it runs along; -1 where none does. */
  readonly toOperand: readonly number[];
  /** The result is the operand's memory: their orders have to agree. */
  readonly isSameMemory: boolean;
  /** The op computes each element from those in the same place: it becomes the end of the kernel that makes the operand. */
  readonly isPointwise?: true;
}

/**
 * - a list: what is not in it is read and written in any order alike. Contractions have an empty one: they pack their operands, and
 *   compute along any dimension of the result.
 * - `row-major`: the op takes and gives nothing else. So does whatever is not named here: control flow, what returns, kernels that
 *   write their own loops.
 */
export type Relations = readonly Relation[] | 'row-major';

export function relationsOf(op: Operation): Relations {
  const rule = rules.get(op.name);
  if (rule !== undefined) return rule(op);
  return op.definition.traits.has('elementwise') && op.regions.length === 0 ? pointwise(op) : 'row-major';
}

function relation(op: Operation, operand: Value, toOperand: readonly number[], isSameMemory = false): Relation {
  return { operand, result: op.result(), toOperand, isSameMemory };
}

function identity(value: Value): readonly number[] {
  return Array.from({ length: rankOf(value) }, (_, dimension) => dimension);
}

/** Operands of other ranks are scalars: predicates, bounds, indices. */
function elementByElement(op: Operation): readonly Relation[] {
  const map = identity(op.result());
  return op.operands.filter((operand) => rankOf(operand) === map.length).map((operand) => relation(op, operand, map));
}

function pointwise(op: Operation): readonly Relation[] {
  return elementByElement(op).map((each) => ({ ...each, isPointwise: true }));
}

/** The first operand; the others are scalars. */
function firstOperand(op: Operation): readonly Relation[] {
  return [relation(op, op.operand(0), identity(op.result()))];
}

/** The operand is updated in place. */
function update(op: Operation): readonly Relation[] {
  const map = identity(op.result());
  return [relation(op, op.operand(0), map, true), relation(op, op.operand(1), map)];
}

function transposed(op: Operation): readonly Relation[] {
  return [relation(op, op.operand(0), attributesOf<typeof transpose.attributes>(op).permutation)];
}

function broadcast(op: Operation): readonly Relation[] {
  const { broadcast_dimensions: dims } = attributesOf<typeof broadcastInDim.attributes>(op);
  return [relation(op, op.operand(0), identity(op.result()).map((dimension) => dims.indexOf(dimension)))]; // prettier-ignore
}

function reduced(op: Operation): readonly Relation[] {
  const { dimensions } = attributesOf<typeof reduce.attributes>(op);
  return op.results.map((result, index) => {
    const operand = op.operand(index);
    const toOperand = identity(operand).filter((dimension) => !dimensions.includes(dimension));
    return { operand, result, toOperand, isSameMemory: false };
  });
}

/** Dimensions of size 1 may come and go; others that merge or split are counted row-major. */
function reshaped(op: Operation): Relations {
  const toOperand = reshapedDimensions(shapeOf(op.operand(0)), shapeOf(op.result()));
  return toOperand === undefined ? 'row-major' : [relation(op, op.operand(0), toOperand, true)];
}

/**
 * A window of one point is a matrix product over features, as fast along the one as along the other, where both sides agree. What others
 * wish for says windows.ts.
 */
function convolved(op: Operation): readonly Relation[] {
  const attrs = attributesOf<typeof convolution.attributes>(op);
  if (!isPointWindow(op)) return [];
  const { dimension_numbers: dims } = attrs;
  const toOperand = identity(op.result()).map((dimension) => {
    if (dimension === dims.output_batch_dimension) return dims.input_batch_dimension;
    if (dimension === dims.output_feature_dimension) return dims.input_feature_dimension;
    return dims.input_spatial_dimensions[dims.output_spatial_dimensions.indexOf(dimension)] ?? -1;
  });
  return [relation(op, op.operand(0), toOperand)];
}

/** Whether each output of a convolution reads one point of the image, in step, and all of its features. */
export function isPointWindow(op: Operation): boolean {
  const attrs = attributesOf<typeof convolution.attributes>(op);
  const { dimension_numbers: dims, feature_group_count: groups, batch_group_count: batches } = attrs;
  const isOne = (list: readonly number[] | undefined): boolean => list?.every((each) => each === 1) !== false;
  const sizes = dims.kernel_spatial_dimensions.map((dimension) => shapeOf(op.operand(1))[dimension]);
  const isUnpadded = attrs.padding?.every(([low, high]) => low === 0 && high === 0) !== false;
  const isStill = isOne(attrs.window_strides) && isOne(attrs.lhs_dilation) && isUnpadded;
  return groups === 1 && batches === 1 && isStill && sizes.every((size) => size === 1);
}

const free = (): readonly Relation[] => [];

const rules: ReadonlyMap<string, (op: Operation) => Relations> = new Map<string, (op: Operation) => Relations>([
  ['stablehlo.select', pointwise],
  ['stablehlo.clamp', pointwise],
  ['stablehlo.concatenate', elementByElement],
  ['stablehlo.slice', firstOperand],
  ['stablehlo.pad', firstOperand],
  ['stablehlo.reverse', firstOperand],
  ['stablehlo.dynamic_slice', firstOperand],
  ['stablehlo.real_dynamic_slice', firstOperand],
  ['stablehlo.dynamic_update_slice', update],
  ['stablehlo.transpose', transposed],
  ['stablehlo.broadcast_in_dim', broadcast],
  ['stablehlo.reduce', reduced],
  ['stablehlo.reshape', reshaped],
  ['stablehlo.reduce_window', free],
  ['stablehlo.convolution', convolved],
  ['stablehlo.dot_general', free],
  ['stablehlo.constant', free],
  ['stablehlo.iota', free],
]);

/** The order of the operand that goes with one of the result; undefined when the result does not tell. */
export function operandOrder({ operand, toOperand }: Relation, order: DimensionOrder): DimensionOrder | undefined {
  return mappedOrder(order, toOperand, shapeOf(operand));
}

/** The order of the result that goes with one of the operand. */
export function resultOrder(
  { operand, result, toOperand }: Relation,
  order: DimensionOrder,
): DimensionOrder | undefined {
  const toResult = identity(operand).map((dimension) => toOperand.indexOf(dimension));
  return mappedOrder(order, toResult, shapeOf(result));
}

/** `places[i]` is where dimension i goes; those of size 1 that nothing goes to come first. */
function mappedOrder(
  order: DimensionOrder,
  places: readonly number[],
  shape: readonly unknown[],
): DimensionOrder | undefined {
  const mapped = order.map((dimension) => places[dimension] ?? -1).filter((dimension) => dimension >= 0);
  const others = [...shape.keys()].filter((dimension) => !mapped.includes(dimension));
  return others.every((dimension) => shape[dimension] === 1) ? [...others, ...mapped] : undefined;
}

/** True when elements that follow one another in the result follow one another in the operand, or are one. */
export function isReadInStep(
  { operand, result, toOperand }: Relation,
  operandIn: DimensionOrder,
  resultIn: DimensionOrder,
): boolean {
  const inner = innermost(result, resultIn);
  const from = innermost(operand, operandIn);
  if (inner === undefined || from === undefined) return true;
  const along = toOperand[inner] ?? -1;
  if (along < 0 || shapeOf(operand)[along] === 1) return true;
  // What is reduced runs along lanes too.
  return along === from || !toOperand.includes(from);
}

/** The innermost dimension that has more than one element. */
export function innermost(value: Value, order: DimensionOrder): number | undefined {
  const shape = shapeOf(value);
  return order.findLast((dimension) => shape[dimension] !== 1);
}

/** True when the orders put the elements of both in the same places. */
export function isSameMemory(
  { operand, result, toOperand }: Relation,
  operandIn: DimensionOrder,
  resultIn: DimensionOrder,
): boolean {
  const [from, to] = [operand.type, result.type];
  if (!isTensor(from) || !isTensor(to)) return false;
  return isSameMemoryOf(withOrder(from, operandIn), withOrder(to, resultIn), toOperand);
}

export function isOrderable({ type }: Value): boolean {
  return isTensor(type) && type.shape.length > 1;
}
