/** The greater and the lesser of two elements, for `maximum`, `minimum` and `clamp`. */
import { isComplexLess } from './complex-order.ts';
import type { BinaryRules } from './elementwise-loops.ts';

/** NaN if either float is; -0 is less than 0. Complex numbers go by real, then by imaginary part. */
export const maximumRules = {
  boolean: (x, y) => x | y,
  integer: (x, y) => Math.max(x, y),
  bigint: (x, y) => (x > y ? x : y),
  float: (x, y) => Math.max(x, y),
  complex: (x, y) => (isComplexLess(y, x) ? x : y),
} satisfies BinaryRules;

/** The counterpart of `maximumRules`. */
export const minimumRules = {
  boolean: (x, y) => x & y,
  integer: (x, y) => Math.min(x, y),
  bigint: (x, y) => (x < y ? x : y),
  float: (x, y) => Math.min(x, y),
  complex: (x, y) => (isComplexLess(x, y) ? x : y),
} satisfies BinaryRules;
