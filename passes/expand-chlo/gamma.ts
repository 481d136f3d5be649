/**
 * The logarithm of gamma, and its derivative.
 *
 *     lgamma x    rational around 1, 1.46 (the minimum) and 2; up to 8 by lgamma(1 + s) = log s + lgamma s; then Stirling's series;
 *                 left of 0 by reflection, log(pi / |x sin(pi x)|) - lgamma(-x)
 *     digamma x   log s - 1 / (2 s) - sum of B(2k) / (2k s^2k), after steps digamma x = digamma(x + 1) - 1 / x up to a large s;
 *                 left of 0 by reflection, digamma(-x) - 1 / x - pi cot(pi x)
 *
 * Coefficients of lgamma: Sun's fdlibm (e_lgamma_r.c, e_lgammaf_r.c); of digamma: Moshier, Cephes (psi.c).
 */
import { forFormat, type PerFormat } from './expansion.ts';
import type { Term } from './term.ts';

interface GammaTables {
  /** Around 2, of y = 2 - x. */
  readonly two: readonly number[];
  /** Around the minimum, of y = x - minimum: the value there, what it is rounded by, and the rest over y^2. */
  readonly minimum: number;
  readonly atMinimum: number;
  readonly tail: number;
  readonly aroundMinimum: readonly number[];
  /** Around 1, of y = x - 1. */
  readonly oneOver: readonly number[];
  readonly oneUnder: readonly number[];
  /** For 2 <= x < 3, of y = x - 2. */
  readonly stepOver: readonly number[];
  readonly stepUnder: readonly number[];
  /** Stirling's series, of 1 / x^2, times 1 / x. */
  readonly stirling: readonly number[];
}

/** log(2 pi) / 2 - 1/2 */
const stirlingConstant = 0.4189385332046727;

/** From the highest power down. Those of f32 are the same, rounded, but for what a rounded minimum needs. */
const ofF64: GammaTables = {
  two: [
    0.000044864094961891516, 0.000025214456545125733, 0.00010801156724758394, 0.00022086279071390839,
    0.0005100697921535113, 0.0011927076318336207, 0.0028905138367341563, 0.007385550860814029, 0.020580808432516733,
    0.06735230105312927, 0.3224670334241136, 0.07721566490153287,
  ],
  minimum: 1.4616321449683622,
  atMinimum: -0.12148629053584961,
  tail: -3.638676997039505e-18,
  aroundMinimum: [
    0.0003355291926355191, -0.00031275416837512086, 0.00031563207090362595, -0.0005385953053567405,
    0.000881081882437654, -0.0014034646998923284, 0.0022596478090061247, -0.0036845201678113826, 0.006100538702462913,
    -0.010314224129834144, 0.01797067508118204, -0.032788541075985965, 0.06462494023913339, -0.1475877229945939,
    0.48383612272381005,
  ],
  oneOver: [
    0.013381091853678766, 0.22896372806469245, 0.9777175279633727, 1.4549225013723477, 0.6328270640250934,
    -0.07721566490153287,
  ],
  oneUnder: [0.003217092422824239, 0.10422264559336913, 0.7692851504566728, 2.128489763798934, 2.4559779371304113, 1],
  stepOver: [
    0.00003194753265841009, 0.0018402845140733772, 0.02664227030336386, 0.14635047265246445, 0.325778796408931,
    0.21498241596060885, -0.07721566490153287,
  ],
  stepUnder: [
    0.000007326684307446256, 0.0007779424963818936, 0.01864591917156529, 0.17193386563280308, 0.7219355475671381,
    1.3920053346762105, 1,
  ],
  stirling: [
    -0.0016309293409657527, 0.0008363399189962821, -0.00059518755745034, 0.0007936505586430196, -0.0027777777772877554,
    0.08333333333333297,
  ],
};

const tables: PerFormat<GammaTables> = {
  f32: { ...ofF64, minimum: 1.4616321325302124, atMinimum: -0.12148628383874893, tail: 6.6971006518e-9 },
  f64: ofF64,
};

/** Below, lgamma x is -log |x|. */
const tinyForLgamma: PerFormat<number> = { f32: 1e-10, f64: 1e-20 };

/** Infinite at 0, -1, -2, ... and at both infinities. */
export function lgamma(x: Term): Term {
  const size = x.abs();
  const positive = lgammaOfPositive(size);
  const sine = sineOfPi(size);
  const reflected = size.lift(Math.PI).over(sine.times(size)).log().minus(positive);
  const left = sine.eq(0).or(size.eq(Infinity)).choose(Infinity, reflected);
  const isTiny = size.lt(forFormat(x, tinyForLgamma));
  return isTiny.choose(size.log().negated(), x.lt(0).choose(left, positive));
}

/** |sin(pi x)| for x >= 0, exactly 0 where x is whole. */
function sineOfPi(x: Term): Term {
  const fraction = x.minus(x.floor());
  return fraction.min(fraction.negated().plus(1)).times(Math.PI).sin();
}

function lgammaOfPositive(x: Term): Term {
  return x.lt(2).choose(lgammaBelow2(x), x.lt(8).choose(lgammaBelow8(x), stirling(x)));
}

/** For 0 < x < 2: left of 0.9 as lgamma(x + 1) - log x. */
function lgammaBelow2(x: Term): Term {
  const { minimum } = forFormat(x, tables);
  const isLow = x.le(0.9);
  // What is added to x for the argument of the pieces is not added to it, which would round.
  const pick = (low: Term, high: Term): Term => isLow.choose(low, high);
  const isNear2 = pick(x.ge(0.7316), x.ge(1.7316));
  const isMiddle = pick(x.ge(0.2316), x.ge(1.23));
  const near2 = lgammaNear2(pick(x.negated().plus(1), x.negated().plus(2)));
  const middle = lgammaNearMinimum(pick(x.minus(minimum - 1), x.minus(minimum)));
  const near1 = lgammaNear1(pick(x, x.minus(1)));
  const piece = isNear2.choose(near2, isMiddle.choose(middle, near1));
  return isLow.choose(piece.minus(x.log()), piece);
}

function lgammaNear2(y: Term): Term {
  return y.times(y.polynomial(forFormat(y, tables).two)).minus(y.times(0.5));
}

function lgammaNearMinimum(y: Term): Term {
  const { atMinimum, tail, aroundMinimum } = forFormat(y, tables);
  return y.squared().times(y.polynomial(aroundMinimum)).minus(tail).plus(atMinimum);
}

function lgammaNear1(y: Term): Term {
  const { oneOver, oneUnder } = forFormat(y, tables);
  // lgamma 1 is 0, not -0.
  return y.times(y.polynomial(oneOver)).over(y.polynomial(oneUnder)).minus(y.times(0.5)).plus(0);
}

function lgammaBelow8(x: Term): Term {
  const { stepOver, stepUnder } = forFormat(x, tables);
  const whole = x.floor();
  const y = x.minus(whole);
  const first = y.times(0.5).plus(y.times(y.polynomial(stepOver)).over(y.polynomial(stepUnder)));
  let product = whole.ge(3).choose(y.plus(2), 1);
  for (const step of [3, 4, 5, 6]) product = whole.gt(step).choose(product.times(y.plus(step)), product);
  return first.plus(product.log());
}

function stirling(x: Term): Term {
  const reciprocal = x.lift(1).over(x);
  const series = reciprocal.times(reciprocal.squared().polynomial(forFormat(x, tables).stirling));
  return x.minus(0.5).times(x.log().minus(1)).plus(series.plus(stirlingConstant));
}

/** B(2k) / 2k for k = 7 ... 1. */
const digammaSeries = [
  0.08333333333333333, -0.021092796092796094, 0.007575757575757576, -0.004166666666666667, 0.003968253968253968,
  -0.008333333333333333, 0.08333333333333333,
] as const;

/** `start`: where the series is exact enough. `tiny`: below, digamma is -1 / x. */
const digammaLimits: PerFormat<{ readonly start: number; readonly tiny: number }> = {
  f32: { start: 6, tiny: 1e-20 },
  f64: { start: 10, tiny: 1e-150 },
};

/** NaN at 0, -1, -2, ... and at -inf. */
export function digamma(x: Term): Term {
  const size = x.abs();
  const positive = digammaOfPositive(size);
  const reciprocal = size.lift(1).over(size);
  const reflected = positive.plus(reciprocal).minus(cotangentOfPi(x).times(Math.PI));
  const regular = size
    .lt(forFormat(x, digammaLimits).tiny)
    .choose(x.lift(-1).over(x), x.lt(0).choose(reflected, positive));
  return x.le(0).and(x.floor().eq(x)).choose(NaN, regular);
}

function digammaOfPositive(x: Term): Term {
  const { start } = forFormat(x, digammaLimits);
  let [base, steps] = [x, x.lift(0)];
  for (let step = 0; step < start; step++) {
    const isSmall = base.lt(start);
    steps = isSmall.choose(steps.plus(base.lift(1).over(base)), steps);
    base = isSmall.choose(base.plus(1), base);
  }
  const reciprocal = base.lift(1).over(base);
  const square = reciprocal.squared();
  const series = square.times(square.polynomial(digammaSeries));
  return base.log().minus(reciprocal.times(0.5)).minus(series).minus(steps);
}

/** cot(pi x), from the distance to the nearest whole number. */
function cotangentOfPi(x: Term): Term {
  const distance = x.minus(x.plus(0.5).floor());
  return x.lift(1).over(distance.times(Math.PI).tan());
}
