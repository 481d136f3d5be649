/** Bessel functions. */
export function besselI1e(x: number): number {
  throw new Error(`besselI1e(${[x].join(', ')}) is not written yet`);
}
