/** Bytes that kernels touch, in the model that layout counts with. */
import type { Dim } from '../../ir/dimension.ts';
import type { Value } from '../../ir/operation.ts';
import { isTensor } from '../../ir/types.ts';
import { bytesOf, elementsOf } from '../fuse/op-kind.ts';

/**
 * What one element costs whose neighbours lie elsewhere: a whole vector is moved for it. 16 bytes is the narrowest vector of any target.
 * Measured in WebAssembly (128-bit vectors, one core): a depthwise
 * convolution that runs along a padded dimension takes 3.6 times the time of one along its features.
 */
export const strayBytes = 16;

export function shapeOf({ type }: Value): readonly Dim[] {
  return isTensor(type) ? type.shape : [];
}

export function rankOf(value: Value): number {
  return shapeOf(value).length;
}

/** Bytes of one element, as stored. */
export function elementBytesOf(value: Value): number {
  return bytesOf(value) / Math.max(1, elementsOf(value));
}

/** What it costs more to move the elements one by one than in vectors. */
export function strayCost(value: Value): number {
  return elementsOf(value) * Math.max(0, strayBytes - elementBytesOf(value));
}

/** A kernel that moves the elements into another order, in blocks: in WebAssembly 0.15 ns an element of four bytes, as a copy takes. */
export function relayoutCost(value: Value): number {
  return 2 * bytesOf(value);
}
