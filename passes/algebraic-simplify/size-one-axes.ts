/** Shapes that differ by axes of size 1 only. */

/**
 * Where each axis of `from` is in `to`, when the two differ by axes of size 1 only: the other axes in order, and axes of size 1
 * with them as far as they are in both; -1 for an axis of size 1 that `to` lacks. Undefined when the shapes differ otherwise.
 */
export function insertedAxes(from: readonly number[], to: readonly number[]): readonly number[] | undefined {
  const places: number[] = [];
  let next = 0;
  for (const size of from) {
    if (size === 1) {
      places.push(to[next] === 1 ? next++ : -1);
      continue;
    }
    while (to[next] === 1) next++;
    if (to[next] !== size) return undefined;
    places.push(next++);
  }
  return to.slice(next).every((size) => size === 1) ? places : undefined;
}
