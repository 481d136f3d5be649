/** Powers. */
export function pow(x: number, y: number): number {
  throw new Error(`pow(${[x, y].join(', ')}) is not written yet`);
}
