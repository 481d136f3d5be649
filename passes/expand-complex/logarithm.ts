/**
 * Complex logarithms and square roots. Near the unit circle, where log |z| vanishes, as `log1p(x^2 + y^2 - 1) / 2`, the sum with the errors of
 * its squares and sums (Dekker 1971, Knuth TAOCP 4.2.2); elsewhere as `log l + log1p((s / l)^2) / 2` of the longer and the shorter leg. Roots by
 * the longer leg as well (Numerical Recipes 5.5), so that no square overflows. Infinities and NaN: C23 G.6.3.2, G.6.4.2.
 */
import { type ComplexTerm, forFormat, type PerFormat } from '../expand-chlo/expansion.ts';
import type { Term } from '../expand-chlo/term.ts';
import { divide, isInfinite, legs, modulus, multiply } from './arithmetic.ts';

/** Veltkamp's factors: half of the digits of a significand. */
const splitters: PerFormat<number> = { f32: 4097, f64: 134217729 };

interface Exact {
  readonly high: Term;
  readonly low: Term;
}

function squareExactly(x: Term): Exact {
  const wide = x.times(forFormat(x, splitters));
  const head = wide.minus(wide.minus(x));
  const tail = x.minus(head);
  const high = x.squared();
  const low = head.squared().minus(high).plus(head.times(tail).times(2)).plus(tail.squared());
  return { high, low };
}

function addExactly(a: Term, b: Term): Exact {
  const high = a.plus(b);
  const back = high.minus(a);
  return { high, low: a.minus(high.minus(back)).plus(b.minus(back)) };
}

/** The sum of terms, with the errors of its partial sums, and `low`. */
function sumWithErrors([first, ...rest]: readonly [Term, ...Term[]], low: Term): Term {
  let [sum, error] = [first, low];
  for (const term of rest) {
    const next = addExactly(sum, term);
    sum = next.high;
    error = error.plus(next.low);
  }
  return sum.plus(error);
}

export function logOfModulus(z: ComplexTerm): Term {
  const { long, short, ratio } = legs(z);
  const isNear = long.ge(0.5).and(long.le(2));
  const inner = isNear.choose(long, 1);
  const [longSquare, shortSquare] = [squareExactly(inner), squareExactly(short.min(inner))];
  const excess = sumWithErrors(
    [inner.lift(-1), longSquare.high, shortSquare.high],
    longSquare.low.plus(shortSquare.low),
  );
  const far = long.log().plus(ratio.squared().log1p().times(0.5));
  return isInfinite(z).choose(Infinity, isNear.choose(excess.log1p().times(0.5), far));
}

export function log(z: ComplexTerm): ComplexTerm {
  return { re: logOfModulus(z), im: z.im.atan2(z.re) };
}

/** `log(1 + z)`: near 0 and the circle around -1 from `|1 + z|^2 - 1 = 2 x + x^2 + y^2`. */
export function log1p(z: ComplexTerm): ComplexTerm {
  const { re: x, im: y } = z;
  const shifted = { re: x.plus(1), im: y };
  const isSmall = x.abs().le(4).and(y.abs().le(4));
  const [u, v] = [isSmall.choose(x, 0), isSmall.choose(y, 0)];
  const [xSquare, ySquare] = [squareExactly(u), squareExactly(v)];
  const excess = sumWithErrors([u.times(2), ySquare.high, xSquare.high], xSquare.low.plus(ySquare.low));
  const isNear = isSmall.and(excess.gt(-0.5));
  const isReal = y.eq(0).and(x.gt(-1));
  return {
    re: isReal.choose(x.log1p(), isNear.choose(excess.log1p().times(0.5), logOfModulus(shifted))),
    im: isReal.choose(y, y.atan2(shifted.re)),
  };
}

/** The root with a non-negative real part. */
export function sqrt(z: ComplexTerm): ComplexTerm {
  const { re: x, im: y } = z;
  const [a, b] = [x.abs(), y.abs()];
  const { long, ratio } = legs(z);
  const diagonal = ratio.squared().plus(1).sqrt();
  const inner = a.ge(b).choose(diagonal.plus(1), diagonal.plus(ratio));
  const larger = long.sqrt().times(inner.times(0.5).sqrt());
  const smaller = long.eq(0).choose(long, b.over(larger.times(2)));
  const isRight = x.ge(0);
  return sqrtOfInfinities(z, {
    re: isRight.choose(larger, smaller),
    im: isRight.choose(smaller, larger).withSignOf(y),
  });
}

function sqrtOfInfinities({ re: x, im: y }: ComplexTerm, root: ComplexTerm): ComplexTerm {
  const steep = y.isInfinite();
  const [right, left] = [x.eq(Infinity), x.eq(-Infinity)];
  const zero = y.lift(0);
  const nanOr = (value: Term): Term => y.isNaN().choose(NaN, value);
  return {
    re: steep.choose(Infinity, right.choose(x, left.choose(nanOr(zero), root.re))),
    im: steep.choose(
      y,
      right.choose(nanOr(zero.withSignOf(y)), left.choose(zero.lift(Infinity).withSignOf(y), root.im)),
    ),
  };
}

/** `conj(sqrt z) / |z|`; of zeros and infinities the quotient of C23 G.5.1. */
export function rsqrt(z: ComplexTerm): ComplexTerm {
  const root = sqrt(z);
  const length = modulus(z);
  const isZero = length.eq(0);
  const vanished = root.im.eq(Infinity).choose(z.im.lift(-0), 0);
  return {
    re: isInfinite(z).choose(0, isZero.choose(Infinity, root.re.over(length))),
    im: isInfinite(z).choose(vanished, isZero.choose(NaN, root.im.negated().over(length))),
  };
}

/** `-i log((x + i y) / sqrt(x^2 + y^2))`, of complex x and y. */
export function atan2(y: ComplexTerm, x: ComplexTerm): ComplexTerm {
  const [xSquare, ySquare] = [multiply(x, x), multiply(y, y)];
  const length = sqrt({ re: xSquare.re.plus(ySquare.re), im: xSquare.im.plus(ySquare.im) });
  const { re, im } = log(divide({ re: x.re.minus(y.im), im: x.im.plus(y.re) }, length));
  return { re: im, im: re.negated() };
}
