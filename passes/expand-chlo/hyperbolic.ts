/**
 * Hyperbolic sine and cosine, by e = exp(|x| / 2), which overflows only where the result does:
 *
 *     cosh x = e (e / 2) + (1/2 / e) / e
 *     sinh x = sign(x) (e (e / 2) - (1/2 / e) / e),   for |x| < 1  (m + m / (m + 1)) / 2 with m = exp(x) - 1
 *     cosh(x + i y) = cosh x cos y + i sinh x sin y
 *     sinh(x + i y) = sinh x cos y + i cosh x sin y
 *
 * Infinities and NaN of complex numbers as in C23 G.6.2.4 and G.6.2.5.
 */
import type { ComplexTerm } from './expansion.ts';
import type { Operand, Term } from './term.ts';

export function cosh(x: Term): Term {
  return coshTimes(x, 1);
}

export function sinh(x: Term): Term {
  return sinhTimes(x, 1);
}

/** `factor cosh x`: no overflow on the way to a finite product. */
function coshTimes(x: Term, factor: Operand): Term {
  const { growing, fading } = halves(x, factor);
  return growing.plus(fading);
}

function sinhTimes(x: Term, factor: Operand): Term {
  const { growing, fading } = halves(x, factor);
  const small = x.expm1();
  const nearZero = small.plus(small.over(small.plus(1))).times(0.5);
  const far = x.sign().times(growing.minus(fading));
  return x.abs().lt(1).choose(scaled(nearZero, factor), far);
}

/** `factor exp(|x|) / 2` and `factor exp(-|x|) / 2`. */
function halves(x: Term, factor: Operand): { readonly growing: Term; readonly fading: Term } {
  const root = x.abs().times(0.5).exp();
  const growing = root.times(scaled(root.times(0.5), factor));
  const fading = scaled(root.lift(0.5).over(root).over(root), factor);
  return { growing, fading };
}

function scaled(term: Term, factor: Operand): Term {
  return factor === 1 ? term : term.times(factor);
}

export function complexCosh({ re: x, im: y }: ComplexTerm): ComplexTerm {
  const beyond = y.isFinite().not();
  const onAxis = x.isNaN().choose(y, x.sign().times(y));
  const im = sinhTimes(x, y.sin());
  return {
    re: beyond.and(x.isInfinite()).choose(Infinity, coshTimes(x, y.cos())),
    im: y.eq(0).choose(onAxis, beyond.and(x.eq(0)).choose(x, im)),
  };
}

export function complexSinh({ re: x, im: y }: ComplexTerm): ComplexTerm {
  const keeps = y.isFinite().not().and(x.eq(0).or(x.isInfinite()));
  return {
    re: keeps.choose(x, sinhTimes(x, y.cos())),
    im: y.eq(0).choose(y, coshTimes(x, y.sin())),
  };
}
