/** Sliding windows: `reduce_window` and `select_and_scatter`. */
import { type Dim, dimMax, mapDims } from '../../dimension.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import { allAtLeast, describeList } from './axis-lists.ts';
import type { Shape } from './shapes.ts';

/** Every list has one entry a dimension. */
export interface Window {
  readonly dimensions: readonly number[];
  readonly strides: readonly number[];
  readonly baseDilations: readonly number[];
  readonly windowDilations: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Attributes as an op has them: what is left out is 1, or no padding. */
export interface WindowAttributes {
  readonly window_dimensions: readonly number[] | undefined;
  readonly window_strides: readonly number[] | undefined;
  readonly base_dilations?: readonly number[] | undefined;
  readonly window_dilations?: readonly number[] | undefined;
  readonly padding: readonly (readonly number[])[] | undefined;
}

export function windowOf(rank: number, attrs: WindowAttributes): Window {
  const ones = new Array<number>(rank).fill(1);
  const padding = attrs.padding ?? ones.map(() => [0, 0]);
  return {
    dimensions: attrs.window_dimensions ?? ones,
    strides: attrs.window_strides ?? ones,
    baseDilations: attrs.base_dilations ?? ones,
    windowDilations: attrs.window_dilations ?? ones,
    low: padding.map((edges) => edges[0] ?? 0),
    high: padding.map((edges) => edges[1] ?? 0),
  };
}

/** Constraint ids: of the number of entries, and of their being positive. Lists an op does not have get no ids. */
export interface WindowConstraintIds {
  readonly dimensions: readonly [size: string, positive: string];
  readonly strides: readonly [size: string, positive: string];
  readonly baseDilations?: readonly [size: string, positive: string];
  readonly windowDilations?: readonly [size: string, positive: string];
  readonly padding: string;
}

/** True when the window can be used for a shape of this rank. */
export function checkWindow(
  rank: number,
  attrs: WindowAttributes,
  ids: WindowConstraintIds,
  check: ConstraintCheck,
): boolean {
  const window = windowOf(rank, attrs);
  const lists = [
    [window.dimensions, ids.dimensions],
    [window.strides, ids.strides],
    [window.baseDilations, ids.baseDilations],
    [window.windowDilations, ids.windowDilations],
  ] as const;
  let isRight = true;
  for (const [list, pair] of lists) {
    if (pair === undefined) continue;
    isRight =
      check.require(list.length === rank, pair[0], () => `${describeList(list)}, the rank is ${rank}`) && isRight;
    isRight = check.require(allAtLeast(list, 1), pair[1], () => describeList(list)) && isRight;
  }
  const { padding } = attrs;
  const isPadding = padding === undefined || (padding.length === rank && padding.every((edges) => edges.length === 2));
  const shape = (): string => `it is ${padding?.length} x ${padding?.[0]?.length ?? 2}, the rank is ${rank}`;
  return check.require(isPadding, ids.padding, shape) && isRight;
}

/** How many windows fit along each dimension. */
export function windowCounts(shape: Shape, window: Window): Dim[] {
  return shape.map((dim, axis) => mapDims((size) => windowCount(size, window, axis), dim));
}

export function windowCount(size: number, window: Window, axis: number): number {
  const at = (list: readonly number[], absent: number): number => list[axis] ?? absent;
  const dilated = size === 0 ? 0 : (size - 1) * at(window.baseDilations, 1) + 1;
  const padded = at(window.low, 0) + dilated + at(window.high, 0);
  const extent = (at(window.dimensions, 1) - 1) * at(window.windowDilations, 1) + 1;
  if (padded <= 0 || extent > padded) return 0;
  return Math.floor((padded - extent) / at(window.strides, 1)) + 1;
}

/** Windows that are all of the elements before a place (`isReverse`: after it) along one axis, and that place. */
export interface CumulativeWindow {
  readonly axis: number;
  readonly isReverse: boolean;
}

/** Of a shape whose open sizes have bounds that the window is as long as. */
export function cumulativeWindow(shape: Shape, window: Window): CumulativeWindow | undefined {
  const { dimensions, strides, baseDilations, windowDilations, low, high } = window;
  const isPlain = [strides, baseDilations, windowDilations].every((list) => list.every((step) => step === 1));
  const long = shape.flatMap((_, axis) => ((dimensions[axis] ?? 1) > 1 ? [axis] : []));
  const [axis, ...others] = long;
  if (axis === undefined || others.length > 0 || !isPlain) return undefined;
  if (shape.some((_, each) => each !== axis && (low[each] !== 0 || high[each] !== 0))) return undefined;
  const before = (dimensions[axis] ?? 1) - 1;
  const most = dimMax(shape[axis] ?? 0);
  if (most === undefined || before + 1 < most) return undefined;
  if (low[axis] === before && high[axis] === 0) return { axis, isReverse: false };
  return low[axis] === 0 && high[axis] === before ? { axis, isReverse: true } : undefined;
}
