/** Logarithms. */
export function log(x: number): number {
  throw new Error(`log(${[x].join(', ')}) is not written yet`);
}
export function log1p(x: number): number {
  throw new Error(`log1p(${[x].join(', ')}) is not written yet`);
}
