/**
 * The arithmetic of kernels: the same names in structured kernels and in loop IR. Each means what the StableHLO op of that name means on
 * one element (docs/numerics.md): integers wrap, division by zero and shifts past the width are defined, floats are IEEE 754.
 */

/** Simple ones are instructions everywhere; the others are expanded to them by the vector-math pass. */
export const unaryOps = [
  'negate', 'abs', 'not', 'sqrt', 'floor', 'ceil', 'round-even', 'round-away', 'truncate', 'sign', 'popcount', 'count-leading-zeros', 'is-finite',
  'exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'tan', 'tanh', 'logistic', 'rsqrt', 'cbrt', 'erf',
] as const; // prettier-ignore

export type UnaryOp = (typeof unaryOps)[number];

/**
 * `minimum` and `maximum` propagate NaN; `divide` of integers truncates; `remainder` has the sign of the dividend. `dot-pairs`, of i32 only, takes
 * each word as two i16 and adds the two products, wrapping: one instruction on many targets, twice the products of a `multiply`.
 */
export const binaryOps = [
  'add', 'subtract', 'multiply', 'divide', 'remainder', 'minimum', 'maximum', 'and', 'or', 'xor', 'shift-left', 'shift-right-arithmetic',
  'shift-right-logical', 'power', 'atan2', 'dot-pairs',
] as const; // prettier-ignore

export type BinaryOp = (typeof binaryOps)[number];

export const compareOps = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;

/** On floats: ordered but for `ne`, which is true when one is NaN. Total order is expanded before. */
export type CompareOp = (typeof compareOps)[number];

/** Elementary functions that the vector-math pass expands; no back end ever sees them. */
export const elementaryOps: ReadonlySet<UnaryOp | BinaryOp> = new Set<UnaryOp | BinaryOp>([
  'exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'tan', 'tanh', 'logistic', 'rsqrt', 'cbrt', 'erf', 'power', 'atan2',
]); // prettier-ignore
