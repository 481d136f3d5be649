/** Arithmetic on flat arrays of real or complex f64 numbers, for the linear algebra ops. Positions count elements. */
import { dtypeInfo } from '../../dtype.ts';
import type { DType } from '../../dtype.ts';
import { complexDivide } from '../../numerics/index.ts';

export interface MatrixField {
  readonly slots: 1 | 2;
  /** `x[at] -= a[i] * b[j]`. */
  subtractProduct(x: Float64Array, at: number, a: Float64Array, i: number, b: Float64Array, j: number): void;
  /** `x[at] /= d[i]`. */
  divide(x: Float64Array, at: number, d: Float64Array, i: number): void;
  /** `to[i] = from[j]`. */
  copy(to: Float64Array, i: number, from: Float64Array, j: number): void;
  /** `to[i] = conjugate(from[j])`. */
  conjugate(to: Float64Array, i: number, from: Float64Array, j: number): void;
  /** `x[at] = sqrt(real(x[at]))`; NaN when that is negative. */
  realSquareRoot(x: Float64Array, at: number): void;
}

export function matrixFieldOf(dtype: DType): MatrixField {
  return dtypeInfo(dtype).kind === 'complex' ? complexField : realField;
}

const realField: MatrixField = {
  slots: 1,
  subtractProduct(x, at, a, i, b, j) {
    x[at] = (x[at] ?? 0) - (a[i] ?? 0) * (b[j] ?? 0);
  },
  divide(x, at, d, i) {
    x[at] = (x[at] ?? 0) / (d[i] ?? 0);
  },
  copy(to, i, from, j) {
    to[i] = from[j] ?? 0;
  },
  conjugate(to, i, from, j) {
    to[i] = from[j] ?? 0;
  },
  realSquareRoot(x, at) {
    x[at] = Math.sqrt(x[at] ?? 0);
  },
};

const complexField: MatrixField = {
  slots: 2,
  subtractProduct(x, at, a, i, b, j) {
    const [re, im] = [a[2 * i] ?? 0, a[2 * i + 1] ?? 0];
    const [otherRe, otherIm] = [b[2 * j] ?? 0, b[2 * j + 1] ?? 0];
    x[2 * at] = (x[2 * at] ?? 0) - (re * otherRe - im * otherIm);
    x[2 * at + 1] = (x[2 * at + 1] ?? 0) - (re * otherIm + im * otherRe);
  },
  divide(x, at, d, i) {
    const quotient = complexDivide(
      { re: x[2 * at] ?? 0, im: x[2 * at + 1] ?? 0 },
      { re: d[2 * i] ?? 0, im: d[2 * i + 1] ?? 0 },
    );
    x[2 * at] = quotient.re;
    x[2 * at + 1] = quotient.im;
  },
  copy(to, i, from, j) {
    to[2 * i] = from[2 * j] ?? 0;
    to[2 * i + 1] = from[2 * j + 1] ?? 0;
  },
  conjugate(to, i, from, j) {
    to[2 * i] = from[2 * j] ?? 0;
    to[2 * i + 1] = -(from[2 * j + 1] ?? 0);
  },
  realSquareRoot(x, at) {
    x[2 * at] = Math.sqrt(x[2 * at] ?? 0);
    x[2 * at + 1] = 0;
  },
};
