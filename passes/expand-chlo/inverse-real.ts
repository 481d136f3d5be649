/**
 * Inverse trigonometric and hyperbolic functions of real numbers:
 *
 *     asin x = atan2(x, sqrt((1 - x) (1 + x)))       acos x = atan2(sqrt((1 - x) (1 + x)), x)       atan x = atan2(x, 1)
 *     asinh x = sign(x) log1p(|x| + x^2 / (1 + sqrt(1 + x^2)))
 *     acosh x = log1p(sqrt(x - 1) (sqrt(x + 1) + sqrt(x - 1)))
 *     atanh x = (log1p(x) - log1p(-x)) / 2
 *
 * None of them cancels (Kahan 1987, "Branch cuts for complex elementary functions"). Where squares would overflow, asinh and
 * acosh are log |x| + log 2.
 */
import type { Term } from './term.ts';

/** Beyond, sqrt(x^2 + 1) is x in both formats; its square overflows in none. */
const large = 1e16;

export function asin(x: Term): Term {
  return x.atan2(legOf(x));
}

export function acos(x: Term): Term {
  return legOf(x).atan2(x);
}

export function atan(x: Term): Term {
  return x.atan2(1);
}

/** The leg beside x of a right triangle of hypotenuse 1. */
function legOf(x: Term): Term {
  const one = x.lift(1);
  return one.minus(x).times(one.plus(x)).sqrt();
}

export function asinh(x: Term): Term {
  const size = x.abs();
  const square = size.squared();
  const near = size.plus(square.over(square.plus(1).sqrt().plus(1))).log1p();
  return x.sign().times(size.ge(large).choose(logOfDouble(size), near));
}

export function acosh(x: Term): Term {
  const root = x.minus(1).sqrt();
  const near = root.times(x.plus(1).sqrt().plus(root)).log1p();
  return x.ge(large).choose(logOfDouble(x), near);
}

export function atanh(x: Term): Term {
  return x.log1p().minus(x.negated().log1p()).times(0.5);
}

function logOfDouble(x: Term): Term {
  return x.log().plus(Math.LN2);
}
