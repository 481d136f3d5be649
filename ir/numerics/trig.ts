/** Circular functions. */
export function sin(x: number): number {
  throw new Error(`sin(${[x].join(', ')}) is not written yet`);
}
export function cos(x: number): number {
  throw new Error(`cos(${[x].join(', ')}) is not written yet`);
}
export function tan(x: number): number {
  throw new Error(`tan(${[x].join(', ')}) is not written yet`);
}
