/** Error functions. */
export function erf(x: number): number {
  throw new Error(`erf(${[x].join(', ')}) is not written yet`);
}
export function erfc(x: number): number {
  throw new Error(`erfc(${[x].join(', ')}) is not written yet`);
}
