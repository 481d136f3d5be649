/** Numbers between -0.5 and 0.5, the same for every contestant (a linear congruential generator; Numerical Recipes, 2nd ed., 7.1). */
export function seeded(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}
