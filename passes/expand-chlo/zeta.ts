/**
 * Hurwitz's zeta function, and the derivatives of digamma.
 *
 *     zeta(s, q) = sum of (q + k)^-s for k < 10, with a = q + 10
 *                  + a^(1 - s) / (s - 1) + a^-s (1/2 + sum of B(2j) / (2j)! s (s + 1) ... (s + 2j - 2) / a^(2j - 1))
 *     polygamma(n, x) = (-1)^(n + 1) n! zeta(n + 1, x); digamma x for n = 0
 *
 * (Euler, Maclaurin; Johansson 2015, "Rigorous high-precision computation of the Hurwitz zeta function", formula 5.) For q < 0, with
 * f the fraction of q: zeta(s, q) = zeta(s, f) + (-1)^s (zeta(s, 1 - f) - zeta(s, 1 - q)), the last two being the terms left
 * of 0. polygamma needs n! in the format: n <= 34 in f32, 170 in f64.
 */
import { digamma, lgamma } from './gamma.ts';
import type { Term } from './term.ts';

/** B(2j) / (2j)! for j = 12 ... 1. */
const eulerMaclaurin = [
  -1.3954464685812522e-19, 5.5090028283602295e-18, -2.174868698558062e-16, 8.586062056277845e-15,
  -3.3896802963225827e-13, 1.3382536530684679e-11, -5.284190138687493e-10, 2.08767569878681e-8, -8.267195767195768e-7,
  0.00003306878306878307, -0.001388888888888889, 0.08333333333333333,
] as const;

const directTerms = 10;

/** NaN for s < 1 and infinite arguments, infinite for s = 1; at q = 0, -1, ... infinite for an even s, else NaN. */
export function zeta(s: Term, q: Term): Term {
  const isWhole = s.floor().eq(s);
  const isEven = isEvenNumber(s);
  const floor = q.floor();
  const fraction = q.minus(floor);
  const isLeft = q.lt(0);
  // One sum serves q itself and, left of 0, its fraction.
  const right = sumOfPowers(s, isLeft.choose(fraction, q));
  const left = sumOfPowers(s, floor.plus(1).minus(q)).minus(sumOfPowers(s, q.negated().plus(1)));
  const reflected = isWhole.choose(right.plus(isEven.choose(left, left.negated())), NaN);
  const regular = isLeft.choose(reflected, right);
  const atPole = isEven.choose(Infinity, s.lift(NaN));
  const defined = q.le(0).and(floor.eq(q)).choose(atPole, regular);
  const isDefined = s.ge(1).and(s.isFinite()).and(q.isFinite());
  return isDefined.choose(s.eq(1).choose(Infinity, defined), NaN);
}

/** The sum for q > 0. */
function sumOfPowers(s: Term, q: Term): Term {
  const exponent = s.negated();
  let [base, sum] = [q, q.power(exponent)];
  for (let term = 1; term < directTerms; term++) {
    base = base.plus(1);
    sum = sum.plus(base.power(exponent));
  }
  base = base.plus(1);
  const power = base.power(exponent);
  const integral = base.power(exponent.plus(1)).over(s.minus(1));
  const rest = power.eq(0).choose(0, power.times(correction(s, base)));
  return sum.plus(integral.plus(rest));
}

/** 1/2 and the series, by Horner's rule: term j + 1 has the factors (s + 2j - 1) (s + 2j) / a^2 besides those of term j. */
function correction(s: Term, base: Term): Term {
  const reciprocal = s.lift(1).over(base);
  const square = reciprocal.squared();
  let series = s.lift(0);
  for (const [index, coefficient] of eulerMaclaurin.entries()) {
    const order = eulerMaclaurin.length - index;
    const factors = s
      .plus(2 * order - 1)
      .times(s.plus(2 * order))
      .times(square);
    series = index === 0 ? s.lift(coefficient) : series.times(factors).plus(coefficient);
  }
  return series.times(s).times(reciprocal).plus(0.5);
}

function isEvenNumber(x: Term): Term {
  const half = x.times(0.5);
  return half.floor().eq(half);
}

/** The greatest n whose factorial is multiplied up. */
const smallOrder = 20;

/** NaN for a negative or fractional order. */
export function polygamma(order: Term, x: Term): Term {
  const next = order.plus(1);
  const magnitude = factorial(order).times(zeta(next, x));
  const derivative = isEvenNumber(order).choose(magnitude.negated(), magnitude);
  const isOrder = order.ge(0).and(order.floor().eq(order));
  return isOrder.choose(order.eq(0).choose(digamma(x), derivative), NaN);
}

function factorial(n: Term): Term {
  let product = n.lift(1);
  for (let factor = 2; factor <= smallOrder; factor++) {
    product = n.ge(factor).choose(product.times(factor), product);
  }
  return n.gt(smallOrder).choose(lgamma(n.plus(1)).exp(), product);
}
