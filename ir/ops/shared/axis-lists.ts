/** Checks on lists of axes and sizes, as the specification's constraints phrase them. */

/** `is_unique(list)`. */
export function isUnique(list: readonly number[]): boolean {
  return new Set(list).size === list.length;
}

/** `is_sorted(list)`: ascending, repeats allowed. */
export function isSorted(list: readonly number[]): boolean {
  for (let index = 1; index < list.length; index++) {
    if ((list[index - 1] ?? 0) > (list[index] ?? 0)) return false;
  }
  return true;
}

/** `low <= list < high`, element by element. */
export function allWithin(list: readonly number[], low: number, high: number): boolean {
  return list.every((value) => value >= low && value < high);
}

/** `low <= list`. */
export function allAtLeast(list: readonly number[], low: number): boolean {
  return list.every((value) => value >= low);
}

/** Axes of `0..rank` that are not in `axes`, ascending. */
export function otherAxes(rank: number, axes: readonly number[]): number[] {
  const taken = new Set(axes);
  const rest: number[] = [];
  for (let axis = 0; axis < rank; axis++) if (!taken.has(axis)) rest.push(axis);
  return rest;
}

/** `[0, 1, ..., count - 1]`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** For messages: `[0, 2]`. */
export function describeList(list: readonly number[]): string {
  return `[${list.join(', ')}]`;
}
