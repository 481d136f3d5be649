/** Inverse error function. */
export function erfInv(x: number): number {
  throw new Error(`erfInv(${[x].join(', ')}) is not written yet`);
}
