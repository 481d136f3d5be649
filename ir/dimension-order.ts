/**
 * Dimension orders: in which order the dimensions of a tensor lie in memory, from the outermost to the innermost. `[0, 2, 3, 1]` of
 * `tensor<1x64x56x56xf32>` is channel-last. An order says nothing about values: ops, their inference and the evaluator ignore it.
 */
import type { Dim } from './dimension.ts';
import { isTensor, type TensorType, tensorType, type Type } from './types.ts';

/** Outermost first; every dimension once. */
export type DimensionOrder = readonly number[];

export function isRowMajor(order: DimensionOrder): boolean {
  return order.every((dimension, position) => dimension === position);
}

/** The order of a type; row-major unless it says otherwise. */
export function orderOf(type: TensorType): DimensionOrder {
  return type.order ?? type.shape.map((_, dimension) => dimension);
}

/** The type in another order. Row-major is written by saying nothing, so that types have one form. */
export function withOrder(type: TensorType, order: DimensionOrder | undefined): TensorType {
  const stated = order === undefined || isRowMajor(order) ? undefined : order;
  return tensorType(type.shape, type.element, stated === undefined ? {} : { order: stated });
}

export function equalOrders(a: DimensionOrder, b: DimensionOrder): boolean {
  return a.length === b.length && a.every((dimension, position) => dimension === b[position]);
}

/** One entry a dimension, as it lies in memory; the same list for what is row-major. */
export function inMemoryOrder<T>(entries: readonly T[], order: DimensionOrder | undefined): readonly T[] {
  if (order === undefined) return entries;
  return order.flatMap((dimension) => entries.slice(dimension, dimension + 1));
}

/** An order without the dimensions of size 1: where those stand makes no difference in memory. */
export function wideDimensions(order: DimensionOrder, shape: readonly Dim[]): DimensionOrder {
  return order.filter((dimension) => shape[dimension] !== 1);
}

/** True for a tensor that is not row-major. */
export function hasOrder(type: Type): boolean {
  return isTensor(type) && type.order !== undefined;
}

/**
 * True when a result lies in memory just as its operand does. For each dimension of the result, `toOperand` is the operand's that it runs
 * along; -1 where it has size 1 and is new.
 */
export function isSameMemory(operand: TensorType, result: TensorType, toOperand: readonly number[]): boolean {
  const from = wideDimensions(orderOf(operand), operand.shape);
  const to = wideDimensions(orderOf(result), result.shape).map((dimension) => toOperand[dimension]);
  return equalOrders(
    from,
    to.map((dimension) => dimension ?? -1),
  );
}

/** For each dimension of a reshape's result the operand's it is; undefined unless only dimensions of size 1 come and go. */
export function reshapedDimensions(from: readonly Dim[], to: readonly Dim[]): readonly number[] | undefined {
  const wide = (shape: readonly Dim[]): readonly number[] => [...shape.keys()].filter((axis) => shape[axis] !== 1);
  const [kept, now] = [wide(from), wide(to)];
  if (kept.length !== now.length || kept.some((axis, at) => from[axis] !== to[now[at] ?? -1])) return undefined;
  return [...to.keys()].map((axis) => kept[now.indexOf(axis)] ?? -1);
}
