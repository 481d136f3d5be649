/** Inverse hyperbolic functions. */
export function asinh(x: number): number {
  throw new Error(`asinh(${[x].join(', ')}) is not written yet`);
}
export function acosh(x: number): number {
  throw new Error(`acosh(${[x].join(', ')}) is not written yet`);
}
export function atanh(x: number): number {
  throw new Error(`atanh(${[x].join(', ')}) is not written yet`);
}
