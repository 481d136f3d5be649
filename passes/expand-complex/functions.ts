/**
 * Elementary functions of complex numbers by those of real ones:
 *
 *     exp(x + i y) = e^x cos y + i e^x sin y
 *     expm1        = expm1 x cos y - 2 sin^2(y / 2) + i e^x sin y
 *     tanh         = (sinh x cosh x + i sin y cos y) / (sinh^2 x + cos^2 y)
 *     logistic     = (1 + conj w) / |1 + w|^2 for w = e^-z on the right, (w + |w|^2) / |1 + w|^2 for w = e^z on the left
 *     z^w          = |z|^c e^(-d t) (cos u + i sin u), u = c t + d log |z|, with t = arg z and w = c + i d
 *
 * sin, cos and tan are the hyperbolic ones of i z. Infinities and NaN as the evaluator has them, most of them after C23 G.6.
 */
import { cbrt as cbrtOp } from '../../ir/ops/stablehlo/cbrt.ts';
import { tanh as tanhOp } from '../../ir/ops/stablehlo/tanh.ts';
import { type ComplexTerm, forFormat, type PerFormat } from '../expand-chlo/expansion.ts';
import { complexCosh, complexSinh, cosh, sinh } from '../expand-chlo/hyperbolic.ts';
import type { Term } from '../expand-chlo/term.ts';
import { isInfinite, legs, modulus } from './arithmetic.ts';
import { logOfModulus } from './logarithm.ts';

/** Beyond, e^x overflows, but times a sine it may not. */
const expLimit: PerFormat<number> = { f32: 88, f64: 709 };
/** Beyond, tanh x is 1. */
const tanhLimit: PerFormat<number> = { f32: 10, f64: 20 };

/** `e^x factor`, finite when the product is. */
function expTimes(x: Term, factor: Term): Term {
  const half = x.times(0.5).exp();
  return x.gt(forFormat(x, expLimit)).choose(half.times(factor).times(half), x.exp().times(factor));
}

export function exp({ re: x, im: y }: ComplexTerm): ComplexTerm {
  const isReal = y.eq(0);
  return { re: isReal.choose(x.exp(), expTimes(x, y.cos())), im: isReal.choose(y, expTimes(x, y.sin())) };
}

export function expm1(z: ComplexTerm): ComplexTerm {
  const { re: x, im: y } = z;
  const halfSine = y.times(0.5).sin();
  const near = x.expm1().times(y.cos()).minus(halfSine.squared().times(2));
  const grown = exp(z);
  const far = x.gt(forFormat(x, expLimit)).or(x.isInfinite());
  return { re: y.eq(0).choose(x.expm1(), far.choose(grown.re.minus(1), near)), im: grown.im };
}

export function tanh({ re: x, im: y }: ComplexTerm): ComplexTerm {
  const [s, c] = [y.sin(), y.cos()];
  const isFar = x.abs().gt(forFormat(x, tanhLimit));
  const inner = isFar.choose(x.sign(), x);
  const [sinhX, coshX] = [sinh(inner), cosh(inner)];
  const divisor = sinhX.squared().plus(c.squared());
  const fading = x.abs().times(-2).exp().times(4).times(s.times(c));
  const beyond = y.isFinite().not();
  const isLost = beyond.and(x.isInfinite().not());
  const re = isFar.choose(x.sign(), sinhX.times(coshX).over(divisor));
  const im = isFar.choose(fading, s.times(c).over(divisor));
  const direction = beyond.and(x.isInfinite()).choose(y.lift(0).withSignOf(y), im);
  return {
    re: y.eq(0).choose(realTanh(x), x.eq(0).choose(x, isLost.choose(NaN, re))),
    im: y.eq(0).choose(y, x.eq(0).choose(y.tan(), isLost.choose(NaN, direction))),
  };
}

function realTanh(x: Term): Term {
  return x.formula.term(x.formula.kit.elementwise(tanhOp, [x.value]));
}

const timesI = ({ re, im }: ComplexTerm): ComplexTerm => ({ re: im.negated(), im: re });
const overI = ({ re, im }: ComplexTerm): ComplexTerm => ({ re: im, im: re.negated() });

export const sin = (z: ComplexTerm): ComplexTerm => overI(complexSinh(timesI(z)));
export const cos = (z: ComplexTerm): ComplexTerm => complexCosh(timesI(z));
export const tan = (z: ComplexTerm): ComplexTerm => overI(tanh(timesI(z)));

export function logistic({ re: x, im: y }: ComplexTerm): ComplexTerm {
  const size = x.abs().negated().exp();
  const [re, im] = [size.times(y.cos()), size.times(y.sin())];
  const onePlus = re.plus(1);
  const divisor = onePlus.squared().plus(im.squared());
  const dividend = x.ge(0).choose(onePlus, re.plus(size.squared()));
  return { re: dividend.over(divisor), im: y.eq(0).choose(y, im.over(divisor)) };
}

/** The principal root: of modulus `cbrt |z|` and angle `arg z / 3`. */
export function cbrt(z: ComplexTerm): ComplexTerm {
  const { long, ratio } = legs(z);
  const diagonal = isInfinite(z).choose(1, ratio.squared().plus(1).sqrt());
  const root = realCbrt(long).times(realCbrt(diagonal));
  const third = z.im.atan2(z.re).over(3);
  const isZero = long.eq(0);
  return {
    re: isZero.choose(z.re, root.times(third.cos())),
    im: isZero.or(third.eq(0)).choose(isZero.choose(z.im, third), root.times(third.sin())),
  };
}

function realCbrt(x: Term): Term {
  return x.formula.term(x.formula.kit.elementwise(cbrtOp, [x.value]));
}

export function power(z: ComplexTerm, w: ComplexTerm): ComplexTerm {
  const angle = z.im.atan2(z.re);
  const turn = angle.times(w.re).plus(w.im.eq(0).choose(0, logOfModulus(z).times(w.im)));
  const shrink = w.im.eq(0).choose(1, w.im.negated().times(angle).exp());
  const size = modulus(z).power(w.re).times(shrink);
  const isZero = z.re.eq(0).and(z.im.eq(0));
  const isOne = w.re
    .eq(0)
    .and(w.im.eq(0))
    .or(z.re.eq(1).and(z.im.eq(0)));
  const ofZero = w.im.eq(0).and(w.re.gt(0)).choose(z.re.lift(0), NaN);
  return {
    re: isOne.choose(1, isZero.choose(ofZero, size.times(turn.cos()))),
    im: isOne.choose(0, isZero.choose(ofZero, turn.eq(0).choose(turn, size.times(turn.sin())))),
  };
}
