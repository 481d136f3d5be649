/**
 * The discrete Fourier transform of rows `[B, N]`, in real arithmetic. A short length is a product with the matrix of roots of unity; a
 * composite one `N = r m` is split (Cooley and Tukey 1965), with `n = m n1 + n2` and `k = k1 + r k2`:
 *
 *     [B, N] -> [B, r, m]  x roots of r  -> [B, m, r]  * twiddles  -> [B r, m]  transformed  -> [B, m, r] -> [B, N]
 *
 * and one with a large prime is a circular convolution with a chirp, of a power of two (Bluestein 1970). All roots are computed each by
 * itself in f64 and rounded once.
 */
import { FourierPlan, unitRoots } from '../../ir/ops/shared/discrete-fourier.ts';
import type { Value } from '../../ir/operation.ts';
import { tensorType } from '../../ir/types.ts';
import { dtypeOf, type ExpandKit } from '../expand-kit.ts';

/** Parts of complex rows; without `im` they are real. */
export interface Rows {
  readonly re: Value;
  readonly im: Value | undefined;
}

export interface ComplexRows extends Rows {
  readonly im: Value;
}

/** Up to here one product with a matrix is fastest: its rows fill vectors. */
const longestMatrix = 32;
/** Primes up to here are products with a matrix as well. */
const longestPrimeMatrix = 128;

/** `X[k] = sum of x[n] exp(-2 pi i n k / N)`. */
export function transform(kit: ExpandKit, rows: Rows): ComplexRows {
  const length = lengthOf(kit, rows);
  if (length <= 1) return { re: rows.re, im: rows.im ?? kit.constantLike(0, rows.re) };
  if (length <= longestMatrix) return byMatrix(kit, rows);
  const radix = largestDivisor(length);
  if (radix > 1) return bySplitting(kit, rows, radix);
  return length <= longestPrimeMatrix ? byMatrix(kit, rows) : byChirp(kit, rows);
}

/** The inverse, with its factor 1/N: the transform with the parts exchanged before and after. */
export function inverse(kit: ExpandKit, { re, im }: ComplexRows): ComplexRows {
  const turned = transform(kit, { re: im, im: re });
  const count = kit.constantLike(lengthOf(kit, { re, im }), re);
  return { re: kit.divide(turned.im, count), im: kit.divide(turned.re, count) };
}

function lengthOf(kit: ExpandKit, { re }: Rows): number {
  return kit.sizesOf(re)[1] ?? 1;
}

/** The largest divisor that a matrix is used for; 1 for a prime. */
function largestDivisor(length: number): number {
  for (let divisor = longestMatrix; divisor > 1; divisor--) if (length % divisor === 0) return divisor;
  for (let divisor = longestMatrix + 1; divisor <= longestPrimeMatrix && divisor < length; divisor++)
    if (length % divisor === 0) return divisor;
  return 1;
}

interface Table {
  readonly re: Value;
  readonly im: Value;
}

/** `exp(-2 pi i index(row, column) / count)` as two constants. */
function rootTable(
  kit: ExpandKit,
  like: Value,
  shape: readonly [rows: number, columns: number],
  count: number,
  index: (row: number, column: number) => number,
): Table {
  const roots = unitRoots(count);
  const [rows, columns] = shape;
  const part = (offset: 0 | 1): Value => {
    const numbers: number[] = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        numbers.push(roots[2 * (index(row, column) % count) + offset] ?? 0);
    return kit.constantOf(numbers, tensorType(shape, dtypeOf(like)));
  };
  return { re: part(0), im: part(1) };
}

/** Contracts `axis` with the matrix of roots; the result's last axis is the frequency. */
function contracted(kit: ExpandKit, rows: Rows, axis: number, length: number): ComplexRows {
  const roots = rootTable(kit, rows.re, [length, length], length, (row, column) => row * column);
  const product = (part: Value, root: Value): Value => kit.dot(part, root, { contract: [[axis, 0]] });
  const [re, im] = [product(rows.re, roots.re), product(rows.re, roots.im)];
  if (rows.im === undefined) return { re, im };
  return {
    re: kit.subtract(re, product(rows.im, roots.im)),
    im: kit.add(im, product(rows.im, roots.re)),
  };
}

function byMatrix(kit: ExpandKit, rows: Rows): ComplexRows {
  return contracted(kit, rows, 1, lengthOf(kit, rows));
}

function bySplitting(kit: ExpandKit, rows: Rows, radix: number): ComplexRows {
  const [batch = 1, length = 1] = kit.sizesOf(rows.re);
  const rest = length / radix;
  const split = mapped(rows, (part) => kit.reshape(part, [batch, radix, rest]));
  const inner = contracted(kit, split, 1, radix);
  const twiddles = rootTable(kit, rows.re, [rest, radix], length, (row, column) => row * column);
  const spread = (part: Value): Value => kit.broadcast(part, [1, 2], [batch, rest, radix]);
  const turned = product(kit, inner, { re: spread(twiddles.re), im: spread(twiddles.im) });
  const lines = both(turned, (part) => kit.reshape(kit.transpose(part, [0, 2, 1]), [batch * radix, rest]));
  const outer = transform(kit, lines);
  return both(outer, (part) =>
    kit.reshape(kit.transpose(kit.reshape(part, [batch, radix, rest]), [0, 2, 1]), [batch, length]),
  );
}

/** `n k = (n^2 + k^2 - (k - n)^2) / 2`. */
function byChirp(kit: ExpandKit, rows: Rows): ComplexRows {
  const [batch = 1, length = 1] = kit.sizesOf(rows.re);
  let padded = 1;
  while (padded < 2 * length - 1) padded *= 2;
  const chirp = rootTable(kit, rows.re, [1, length], 2 * length, (_, n) => (n * n) % (2 * length));
  const spread = (part: Value): Value =>
    kit.broadcast(kit.reshape(part, [kit.sizesOf(part)[1] ?? 1]), [1], [batch, kit.sizesOf(part)[1] ?? 1]);
  const turn = { re: spread(chirp.re), im: spread(chirp.im) };
  const turned = product(kit, { re: rows.re, im: rows.im ?? kit.constantLike(0, rows.re) }, turn);
  const spectrum = transform(
    kit,
    both(turned, (part) => extended(kit, part, padded)),
  );
  const kernel = chirpSpectrum(kit, rows.re, length, padded);
  const convolved = inverse(kit, product(kit, spectrum, { re: spread(kernel.re), im: spread(kernel.im) }));
  return product(
    kit,
    both(convolved, (part) => kit.sliceAlong(part, 1, 0, length)),
    turn,
  );
}

/** The transform of the conjugate chirp, around 0 in a circle of `padded`: known at compile time. */
function chirpSpectrum(kit: ExpandKit, like: Value, length: number, padded: number): Table {
  const roots = unitRoots(2 * length);
  const line = new Float64Array(2 * padded);
  for (let n = 0; n < length; n++) {
    const root = 2 * ((n * n) % (2 * length));
    for (const at of [n, (padded - n) % padded]) {
      line[2 * at] = roots[root] ?? 0;
      line[2 * at + 1] = -(roots[root + 1] ?? 0);
    }
  }
  const spectrum = new FourierPlan(padded).forward(line);
  const type = tensorType([1, padded], dtypeOf(like));
  const part = (offset: 0 | 1): Value =>
    kit.constantOf(
      Array.from(spectrum).filter((_, slot) => slot % 2 === offset),
      type,
    );
  return { re: part(0), im: part(1) };
}

/** Zeros behind each row. */
function extended(kit: ExpandKit, rows: Value, length: number): Value {
  const [, given = 1] = kit.sizesOf(rows);
  return kit.pad(rows, [0, 0], [0, length - given]);
}

function product(kit: ExpandKit, a: ComplexRows, b: Table): ComplexRows {
  return {
    re: kit.subtract(kit.multiply(a.re, b.re), kit.multiply(a.im, b.im)),
    im: kit.add(kit.multiply(a.re, b.im), kit.multiply(a.im, b.re)),
  };
}

function mapped(rows: Rows, map: (part: Value) => Value): Rows {
  return { re: map(rows.re), im: rows.im === undefined ? undefined : map(rows.im) };
}

export function both(rows: ComplexRows, map: (part: Value) => Value): ComplexRows {
  return { re: map(rows.re), im: map(rows.im) };
}
