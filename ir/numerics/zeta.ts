/** Hurwitz zeta. */
export function zeta(s: number, q: number): number {
  throw new Error(`zeta(${[s, q].join(', ')}) is not written yet`);
}
