/** Digamma and polygamma. */
export function digamma(x: number): number {
  throw new Error(`digamma(${[x].join(', ')}) is not written yet`);
}
export function polygamma(order: number, x: number): number {
  throw new Error(`polygamma(${[order, x].join(', ')}) is not written yet`);
}
