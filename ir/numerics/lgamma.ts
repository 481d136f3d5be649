/** Log gamma. */
export function lgamma(x: number): number {
  throw new Error(`lgamma(${[x].join(', ')}) is not written yet`);
}
