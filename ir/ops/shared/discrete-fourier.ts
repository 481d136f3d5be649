/**
 * One-dimensional discrete Fourier transforms of any length, in f64.
 *
 * A length without prime factors above 13 is split by mixed radices (Cooley and Tukey 1965), decimation in time; any other
 * becomes a circular convolution of a power of two (Bluestein 1970). Twiddles are computed from exact fractions of the
 * circle, each by itself, so that errors do not add up.
 */
import { cos, sin } from '../../numerics/index.ts';

const greatestRadix = 13;

/** Interleaved complex data. */
export type ComplexSlots = Float64Array;

/** A transform of one length, planned once. */
export class FourierPlan {
  readonly length: number;
  readonly #run: (data: ComplexSlots) => ComplexSlots;

  constructor(length: number) {
    this.length = length;
    const radices = smallFactors(length);
    this.#run = radices === undefined ? planBluestein(length) : planMixedRadix(length, radices);
  }

  /** `X[k] = sum of x[n] exp(-2 pi i n k / N)`: `length` complex numbers in, as many out; the input is kept. */
  forward(data: ComplexSlots): ComplexSlots {
    return this.length <= 1 ? data.slice() : this.#run(data);
  }

  /** The inverse of `forward`, with its factor 1/N. */
  inverse(data: ComplexSlots): ComplexSlots {
    const result = conjugate(this.forward(conjugate(data)));
    for (let slot = 0; slot < result.length; slot++) result[slot] = (result[slot] ?? 0) / this.length;
    return result;
  }
}

function conjugate(data: ComplexSlots): ComplexSlots {
  const result = data.slice();
  for (let slot = 1; slot < result.length; slot += 2) result[slot] = -(result[slot] ?? 0);
  return result;
}

/** The prime factors of a length, 4 for 2 x 2; undefined when one is too large. */
function smallFactors(length: number): number[] | undefined {
  const factors: number[] = [];
  let left = length;
  for (const radix of [4, 2, 3, 5, 7, 11, greatestRadix]) {
    while (left % radix === 0 && left > 1) {
      factors.push(radix);
      left /= radix;
    }
  }
  return left === 1 || length < 32 ? (left === 1 ? factors : [...factors, left]) : undefined;
}

/** `exp(-2 pi i k / n)` for `k` from 0 to `n - 1`. */
export function unitRoots(count: number): ComplexSlots {
  const roots = new Float64Array(2 * count);
  for (let index = 0; index < count; index++) {
    const [re, im] = unitRoot(index, count);
    roots[2 * index] = re;
    roots[2 * index + 1] = im;
  }
  return roots;
}

/** `exp(-2 pi i index / count)`, folded into an eighth of the circle, where the argument is most exact. */
function unitRoot(index: number, count: number): readonly [re: number, im: number] {
  const eighths = (8 * index) / count;
  const octant = Math.floor(eighths);
  const angle = (numerator: number): number => (2 * Math.PI * numerator) / count;
  const near = (quarter: number): number => angle((4 * index - quarter * count) / 4);
  switch (octant) {
    case 0:
      return [cos(near(0)), -sin(near(0))];
    case 1:
    case 2:
      return [-sin(near(1)), -cos(near(1))];
    case 3:
    case 4:
      return [-cos(near(2)), sin(near(2))];
    case 5:
    case 6:
      return [sin(near(3)), cos(near(3))];
    default:
      return [cos(near(4)), -sin(near(4))];
  }
}

function planMixedRadix(length: number, radices: readonly number[]): (data: ComplexSlots) => ComplexSlots {
  const roots = unitRoots(length);
  return (data) => {
    const result = new Float64Array(2 * length);
    const gathered = new Float64Array(2 * Math.max(...radices));
    const step: Step = { roots, radices, total: length, data, result, gathered };
    transform(step, 0, { from: 0, stride: 1 }, 0, length);
    return result;
  };
}

interface Step {
  readonly roots: ComplexSlots;
  readonly radices: readonly number[];
  readonly total: number;
  readonly data: ComplexSlots;
  readonly result: ComplexSlots;
  /** Room for the inputs of one butterfly. */
  readonly gathered: ComplexSlots;
}

interface Source {
  readonly from: number;
  readonly stride: number;
}

/** Transforms `length` numbers of the data, `stride` apart, into `result` from `to` on. */
function transform(step: Step, level: number, source: Source, to: number, length: number): void {
  const { data, result } = step;
  if (length === 1) {
    result[2 * to] = data[2 * source.from] ?? 0;
    result[2 * to + 1] = data[2 * source.from + 1] ?? 0;
    return;
  }
  const radix = step.radices[level] ?? length;
  const part = length / radix;
  for (let residue = 0; residue < radix; residue++) {
    const inner = { from: source.from + residue * source.stride, stride: source.stride * radix };
    transform(step, level + 1, inner, to + residue * part, part);
  }
  for (let index = 0; index < part; index++) combine(step, radix, to + index, part, length);
}

/** One butterfly: `radix` numbers, `part` apart, are twiddled and transformed in place. */
function combine(step: Step, radix: number, at: number, part: number, length: number): void {
  const { roots, result, total, gathered } = step;
  const spread = total / length;
  const index = at % part;
  for (let residue = 0; residue < radix; residue++) {
    const slot = 2 * (at + residue * part);
    gathered[2 * residue] = result[slot] ?? 0;
    gathered[2 * residue + 1] = result[slot + 1] ?? 0;
  }
  for (let output = 0; output < radix; output++) {
    let re = 0;
    let im = 0;
    for (let residue = 0; residue < radix; residue++) {
      const turn = ((residue * (index + output * part)) % length) * spread;
      const rootRe = roots[2 * turn] ?? 0;
      const rootIm = roots[2 * turn + 1] ?? 0;
      const x = gathered[2 * residue] ?? 0;
      const y = gathered[2 * residue + 1] ?? 0;
      re += x * rootRe - y * rootIm;
      im += x * rootIm + y * rootRe;
    }
    const slot = 2 * (at + output * part);
    result[slot] = re;
    result[slot + 1] = im;
  }
}

/** `n k = (n^2 + k^2 - (k - n)^2) / 2` turns the transform into a convolution with a chirp. */
function planBluestein(length: number): (data: ComplexSlots) => ComplexSlots {
  let padded = 1;
  while (padded < 2 * length - 1) padded *= 2;
  const plan = new FourierPlan(padded);
  const chirp = chirpOf(length);
  const kernel = new Float64Array(2 * padded);
  for (let index = 0; index < length; index++) {
    for (const at of [index, (padded - index) % padded]) {
      kernel[2 * at] = chirp[2 * index] ?? 0;
      kernel[2 * at + 1] = -(chirp[2 * index + 1] ?? 0);
    }
  }
  const spectrum = plan.forward(kernel);
  return (data) => {
    const shifted = new Float64Array(2 * padded);
    multiplyPairs(data, chirp, shifted, length);
    const product = new Float64Array(2 * padded);
    multiplyPairs(plan.forward(shifted), spectrum, product, padded);
    const result = new Float64Array(2 * length);
    multiplyPairs(plan.inverse(product), chirp, result, length);
    return result;
  };
}

/** `exp(-pi i n^2 / N)`; `n^2` is reduced modulo `2 N` so that it stays exact. */
function chirpOf(length: number): ComplexSlots {
  const chirp = new Float64Array(2 * length);
  let square = 0;
  for (let index = 0; index < length; index++) {
    const [re, im] = unitRoot(square, 2 * length);
    chirp[2 * index] = re;
    chirp[2 * index + 1] = im;
    square = (square + 2 * index + 1) % (2 * length);
  }
  return chirp;
}

function multiplyPairs(a: ComplexSlots, b: ComplexSlots, into: ComplexSlots, count: number): void {
  for (let slot = 0; slot < 2 * count; slot += 2) {
    const [re, im] = [a[slot] ?? 0, a[slot + 1] ?? 0];
    const [otherRe, otherIm] = [b[slot] ?? 0, b[slot + 1] ?? 0];
    into[slot] = re * otherRe - im * otherIm;
    into[slot + 1] = re * otherIm + im * otherRe;
  }
}
