/** Positions of elements in strided storage: what loops over several dimensions become one flat loop with. */

/**
 * The offset of every index of a box, in row-major order of `sizes`: the sum of `index[d] * strides[d]`, plus `start`.
 * The number of offsets is the product of the sizes; all are below 2^32.
 */
export function stridedOffsets(sizes: readonly number[], strides: readonly number[], start = 0): Uint32Array {
  let offsets = Uint32Array.of(start);
  for (const [axis, size] of sizes.entries()) {
    const stride = strides[axis] ?? 0;
    const wider = new Uint32Array(offsets.length * size);
    let at = 0;
    for (const offset of offsets) for (let index = 0; index < size; index++) wider[at++] = offset + index * stride;
    offsets = wider;
  }
  return offsets;
}

/** `list[axis]` for each of `axes`. */
export function pick<T>(list: readonly T[], axes: readonly number[]): T[] {
  const picked: T[] = [];
  for (const axis of axes) {
    const value = list[axis];
    if (value !== undefined) picked.push(value);
  }
  return picked;
}
