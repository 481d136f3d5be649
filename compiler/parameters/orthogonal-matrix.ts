/** Orthonormal columns from any matrix: Householder's QR in f64, with additions in a fixed order, so that every engine gives the same bits. */

/**
 * `columns` vectors of `rows >= columns` elements, one after another, to orthonormal ones: the Q of a QR whose R has a positive diagonal, which
 * makes Q uniform (Haar) where the vectors are normal. Mezzadri, "How to generate random matrices from the classical compact groups" (2007).
 */
export function orthonormalise(vectors: Float64Array, rows: number, columns: number): Float64Array {
  const diagonal = new Float64Array(columns);
  const column = (index: number): Float64Array => vectors.subarray(index * rows, (index + 1) * rows);
  for (let pivot = 0; pivot < columns; pivot++) {
    diagonal[pivot] = makeReflector(column(pivot), pivot);
    for (let other = pivot + 1; other < columns; other++) reflect(column(pivot), column(other), pivot);
  }
  const result = new Float64Array(rows * columns);
  for (let index = 0; index < columns; index++) {
    const unit = result.subarray(index * rows, (index + 1) * rows);
    unit[index] = (diagonal[index] ?? 0) < 0 ? -1 : 1;
    for (let pivot = columns - 1; pivot >= 0; pivot--) reflect(column(pivot), unit, pivot);
  }
  return result;
}

/** Makes `x[from..]` a unit vector `v` such that `x - 2 v (v . x)` is zero below `from`; gives what is left at `from`. */
function makeReflector(x: Float64Array, from: number): number {
  const norm = Math.sqrt(product(x, x, from));
  const head = x[from] ?? 0;
  const left = head > 0 ? -norm : norm;
  x[from] = head - left;
  const length = Math.sqrt(product(x, x, from));
  if (length > 0) for (let index = from; index < x.length; index++) x[index] = (x[index] ?? 0) / length;
  return left;
}

function reflect(v: Float64Array, target: Float64Array, from: number): void {
  const twice = 2 * product(v, target, from);
  for (let index = from; index < target.length; index++) {
    target[index] = (target[index] ?? 0) - twice * (v[index] ?? 0);
  }
}

function product(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let index = from; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
