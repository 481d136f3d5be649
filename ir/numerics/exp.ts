/** Exponentials. */
export function exp(x: number): number {
  throw new Error(`exp(${[x].join(', ')}) is not written yet`);
}
export function expm1(x: number): number {
  throw new Error(`expm1(${[x].join(', ')}) is not written yet`);
}
