/** Hyperbolic functions and the logistic. */
export function sinh(x: number): number {
  throw new Error(`sinh(${[x].join(', ')}) is not written yet`);
}
export function cosh(x: number): number {
  throw new Error(`cosh(${[x].join(', ')}) is not written yet`);
}
export function tanh(x: number): number {
  throw new Error(`tanh(${[x].join(', ')}) is not written yet`);
}
export function logistic(x: number): number {
  throw new Error(`logistic(${[x].join(', ')}) is not written yet`);
}
