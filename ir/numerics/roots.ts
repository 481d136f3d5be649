/** Roots. */
export function cbrt(x: number): number {
  throw new Error(`cbrt(${[x].join(', ')}) is not written yet`);
}
export function hypot(x: number, y: number): number {
  throw new Error(`hypot(${[x, y].join(', ')}) is not written yet`);
}
export function rsqrt(x: number): number {
  throw new Error(`rsqrt(${[x].join(', ')}) is not written yet`);
}
