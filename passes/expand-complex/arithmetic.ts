/**
 * Complex arithmetic on parts. Quotients by Smith's method (CACM 5, 1962), so that no square overflows; zeros, infinities and NaN among
 * them as in C23 G.5.1. Products are the textbook formula.
 */
import type { ComplexTerm } from '../expand-chlo/expansion.ts';
import type { Term } from '../expand-chlo/term.ts';

export function multiply(lhs: ComplexTerm, rhs: ComplexTerm): ComplexTerm {
  return {
    re: lhs.re.times(rhs.re).minus(lhs.im.times(rhs.im)),
    im: lhs.re.times(rhs.im).plus(lhs.im.times(rhs.re)),
  };
}

/** With the longer leg of the divisor taken out of it and of its conjugate's product. */
export function divide(lhs: ComplexTerm, rhs: ComplexTerm): ComplexTerm {
  const isFlat = rhs.re.abs().ge(rhs.im.abs());
  const long = isFlat.choose(rhs.re, rhs.im);
  const short = isFlat.choose(rhs.im, rhs.re);
  const slope = short.over(long);
  const divisor = long.plus(short.times(slope));
  const [near, far] = [isFlat.choose(lhs.re, lhs.im), isFlat.choose(lhs.im, lhs.re)];
  const re = near.plus(far.times(slope)).over(divisor);
  const turned = far.minus(near.times(slope)).over(divisor);
  return specialQuotients(lhs, rhs, { re, im: isFlat.choose(turned, turned.negated()) });
}

function specialQuotients(lhs: ComplexTerm, rhs: ComplexTerm, quotient: ComplexTerm): ComplexTerm {
  const [isFiniteLhs, isFiniteRhs] = [isFinite(lhs), isFinite(rhs)];
  const [isInfiniteLhs, isInfiniteRhs] = [isInfinite(lhs), isInfinite(rhs)];
  const byZero = rhs.re.eq(0).and(rhs.im.eq(0)).and(lhs.re.isNaN().and(lhs.im.isNaN()).not());
  const infinity = rhs.re.lift(Infinity).withSignOf(rhs.re);
  const grown = timesConjugate(onlyInfinities(lhs), rhs, Infinity);
  const vanished = timesConjugate(onlySigns(lhs), onlyInfinities(rhs), 0);
  const pick = (part: 're' | 'im'): Term =>
    byZero.choose(
      infinity.times(lhs[part]),
      isInfiniteLhs
        .and(isFiniteRhs)
        .choose(grown[part], isFiniteLhs.and(isInfiniteRhs).choose(vanished[part], quotient[part])),
    );
  return { re: pick('re'), im: pick('im') };
}

/** `factor * lhs * conj rhs`. */
function timesConjugate(lhs: ComplexTerm, rhs: ComplexTerm, factor: number): ComplexTerm {
  return {
    re: lhs.re.times(rhs.re).plus(lhs.im.times(rhs.im)).times(factor),
    im: lhs.im.times(rhs.re).minus(lhs.re.times(rhs.im)).times(factor),
  };
}

/** Infinite parts become 1, others 0, with their signs. */
function onlyInfinities({ re, im }: ComplexTerm): ComplexTerm {
  const one = (part: Term): Term => part.isInfinite().choose(part.lift(1), 0).withSignOf(part);
  return { re: one(re), im: one(im) };
}

/** Parts that do not overflow when multiplied with ones. */
function onlySigns({ re, im }: ComplexTerm): ComplexTerm {
  return { re: re.sign(), im: im.sign() };
}

export function isFinite({ re, im }: ComplexTerm): Term {
  return re.isFinite().and(im.isFinite());
}

export function isInfinite({ re, im }: ComplexTerm): Term {
  return re.isInfinite().or(im.isInfinite());
}

/** The modulus: the longer leg times sqrt(1 + ratio^2). */
export function modulus({ re, im }: ComplexTerm): Term {
  const { long, ratio } = legs({ re, im });
  const length = long.times(ratio.squared().plus(1).sqrt());
  return isInfinite({ re, im }).choose(Infinity, length);
}

export interface Legs {
  readonly long: Term;
  readonly short: Term;
  /** Short over long; 0 for 0 over 0. */
  readonly ratio: Term;
}

export function legs({ re, im }: ComplexTerm): Legs {
  const [a, b] = [re.abs(), im.abs()];
  const [long, short] = [a.max(b), a.min(b)];
  return { long, short, ratio: long.eq(0).choose(long, short.over(long)) };
}

/** `z / |z|`; zero for zeros, NaN for infinities and NaN. */
export function sign(z: ComplexTerm): ComplexTerm {
  const { long } = legs(z);
  const [u, v] = [z.re.over(long), z.im.over(long)];
  const length = u.squared().plus(v.squared()).sqrt();
  const isZero = long.eq(0);
  return { re: isZero.choose(0, u.over(length)), im: isZero.choose(0, v.over(length)) };
}

/** By the real part first, then by the imaginary one. */
export function isLess(lhs: ComplexTerm, rhs: ComplexTerm): Term {
  return lhs.re.lt(rhs.re).or(lhs.re.eq(rhs.re).and(lhs.im.lt(rhs.im)));
}

export function isEqual(lhs: ComplexTerm, rhs: ComplexTerm): Term {
  return lhs.re.eq(rhs.re).and(lhs.im.eq(rhs.im));
}
