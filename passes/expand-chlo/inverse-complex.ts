/**
 * Inverse sine and cosine of complex numbers, circular and hyperbolic. With x, y the magnitudes of the parts,
 * r = |z + 1|, s = |z - 1| and a = (r + s) / 2 (Hull, Fairgrieve, Tang 1997, "Implementing the complex arcsine and arccosine
 * functions using exception handling"):
 *
 *     asin z = atan2(x, sqrt(a^2 - x^2)) + i log(a + sqrt(a^2 - 1))        acos z = atan2(sqrt(a^2 - x^2), re z) - i (the same)
 *     asinh z = -i asin(i z)                                               acosh z = i acos z, or -i acos z left of the cut
 *
 * with a - x and a - 1 written so that nothing cancels, and limits where squares would over- or underflow. Signs come from the
 * parts, zeros included, so that each side of a cut is continuous.
 */
import { type ComplexTerm, forFormat, type PerFormat } from './expansion.ts';
import type { Term } from './term.ts';

/** `huge`: a square root of the greatest number, over 8. `faint`: a root of the least normal number, times 4. */
interface Range {
  readonly huge: number;
  readonly faint: number;
}

const ranges: PerFormat<Range> = {
  f32: { huge: 2305843009213694000, faint: 4.336808689942018e-19 },
  f64: { huge: 1.6759759912428246e153, faint: 5.9666725849601654e-154 },
};

export function complexAsin(z: ComplexTerm): ComplexTerm {
  const { adjacent, imaginary } = asinAcosKernel(z);
  return { re: z.re.eq(0).choose(z.re, z.re.atan2(adjacent)), im: imaginary.withSignOf(z.im) };
}

export function complexAcos(z: ComplexTerm): ComplexTerm {
  const { adjacent, imaginary } = asinAcosKernel(z);
  return {
    re: z.re.eq(0).choose(Math.PI / 2, adjacent.atan2(z.re)),
    im: imaginary.withSignOf(z.im).negated(),
  };
}

export function complexAsinh({ re, im }: ComplexTerm): ComplexTerm {
  const turned = complexAsin({ re: im, im: re });
  return { re: turned.im, im: turned.re };
}

export function complexAcosh(z: ComplexTerm): ComplexTerm {
  const { re, im } = complexAcos(z);
  return { re: im.abs(), im: re.withSignOf(z.im) };
}

/** `chlo._asin_acos_kernel`: the two parts together. */
export function kernelParts(z: ComplexTerm): ComplexTerm {
  const { adjacent, imaginary } = asinAcosKernel(z);
  return { re: adjacent, im: imaginary };
}

/** sqrt(a^2 - x^2), and log(a + sqrt(a^2 - 1)), both for z in the first quadrant. */
function asinAcosKernel(z: ComplexTerm): { readonly adjacent: Term; readonly imaginary: Term } {
  const distances = distancesOf(z.re.abs(), z.im.abs());
  return { adjacent: adjacentOf(distances), imaginary: imaginaryOf(distances) };
}

interface Distances {
  readonly x: Term;
  readonly y: Term;
  /** r + (x + 1), s + (x - 1), s - (x - 1). */
  readonly far: Term;
  readonly nearPlus: Term;
  readonly nearMinus: Term;
  readonly a: Term;
  readonly isRight: Term;
}

function distancesOf(x: Term, y: Term): Distances {
  const [right, left] = [x.plus(1), x.minus(1)];
  const [r, s] = [hypotenuse(right, y), hypotenuse(left.abs(), y)];
  return {
    x,
    y,
    far: r.plus(right),
    nearPlus: s.plus(left),
    nearMinus: s.minus(left),
    a: r.plus(s).times(0.5),
    isRight: x.gt(1),
  };
}

function adjacentOf({ x, y, far, nearPlus, nearMinus, a, isRight }: Distances): Term {
  const half = a.plus(x).times(0.5);
  const inside = half.times(y.squared().over(far).plus(nearMinus)).sqrt();
  const outside = y.times(half.over(far).plus(half.over(nearPlus)).sqrt());
  return x.max(y).ge(forFormat(x, ranges).huge).choose(y, isRight.choose(outside, inside));
}

/** Far out log(2 |z|); beside the real axis, between -1 and 1, y / sqrt(1 - x^2); else log1p(a - 1 + sqrt((a - 1) (a + 1))). */
function imaginaryOf(distances: Distances): Term {
  const { x, y, a } = distances;
  const { huge, faint } = forFormat(x, ranges);
  const isFlat = y.lt(faint).and(x.lt(1));
  const one = x.lift(1);
  const flatAMinus1 = one.minus(x).times(one.plus(x)).over(a.plus(1));
  const aMinus1 = isFlat.choose(flatAMinus1, aMinusOne(distances));
  const root = aMinus1.times(a.plus(1)).sqrt();
  const near = isFlat.choose(y.over(root), aMinus1.plus(root).log1p());
  return x.ge(huge).or(y.ge(huge)).choose(logOfDoubleModulus(x, y), near);
}

function aMinusOne({ x, y, far, nearPlus, nearMinus, a }: Distances): Term {
  const halfSquare = y.squared().times(0.5);
  const first = halfSquare.over(far);
  const outside = first.plus(nearPlus.times(0.5));
  const inside = first.plus(halfSquare.over(nearMinus));
  return x.ge(1).choose(outside, a.le(1.5).choose(inside, a.minus(1)));
}

/** log(2 |z|) for parts that may be infinite, one of them NaN then. */
function logOfDoubleModulus(x: Term, y: Term): Term {
  const isSteep = y.ge(x).or(x.isNaN());
  const larger = isSteep.choose(y, x);
  const ratio = isSteep.choose(x, y).over(larger);
  const squared = larger.eq(Infinity).choose(0, ratio.squared());
  return larger.log().plus(Math.LN2).plus(squared.log1p().times(0.5));
}

/** sqrt(x^2 + y^2) for x, y >= 0, without overflow on the way, and without losing a small y beside x. */
export function hypotenuse(x: Term, y: Term): Term {
  const larger = x.max(y);
  const smaller = x.min(y);
  const ratio = smaller.over(larger);
  const square = ratio.squared();
  const root = square.plus(1).sqrt();
  const nearly = larger.plus(larger.times(square).times(0.5));
  const isTiny = root.eq(1).and(square.gt(0));
  return larger.eq(smaller).choose(larger.times(Math.SQRT2), isTiny.choose(nearly, larger.times(root)));
}
