/**
 * logistic(x) = 1 / (1 + exp(-x)), exp(-x) = 2^k (1 + q), s = 2^k:
 *
 *     |x| <= limit:  1 / ((1 + s) + s q)              1 + s is exact, so that only the sum and the quotient round at their full size
 *     x < -limit:    e - e^2, with e = exp(x)             what is left out is less than e 2^-46
 *
 * exp itself is never rounded: its error and those of sum and quotient would come to more than 2 ULP.
 */
import { compare, divide, fma, multiply, negate, select, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { expConstants, reducedExpOfNegative } from './exp.ts';
import {
  atMost,
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  powerOfTwoBiased,
  scaled,
  share,
  twoPowersOfTwo,
} from './math-site.ts';
import { allWithin, eitherWay } from './range-test.ts';

/** 1 + 2^k is exact up to here. */
const limits: Readonly<Record<MathDType, number>> = { f32: 16, f64: 36 };

export function expandLogistic(site: MathSite, x: Expr): Expr {
  const limit = limits[mathDType(x)];
  return eitherWay(site, x, {
    isPlain: () => allWithin(x, limit),
    plain: () => logisticOfNear(site, x),
    any: () => logisticOfAny(site, x, limit),
  });
}

function logisticOfNear(site: MathSite, x: Expr): Expr {
  const { bits, m } = reducedExpOfNegative(site, x, negativeBias(x));
  return divide(like(x, 1), sumOfNear(site, share(site, 's', powerOfTwoBiased(bits)), m));
}

/** Of exponents, with a bit that becomes the sign. */
function negativeBias(x: Expr): number {
  const { exponentBias } = layoutOf(x);
  return exponentBias + 2 * (exponentBias + 1);
}

/** (1 + s) - s m, of -s. */
function sumOfNear(site: MathSite, negative: Expr, m: Expr): Expr {
  return fma(negative, m, share(site, 'exact', subtract(like(m, 1), negative)));
}

function logisticOfAny(site: MathSite, x: Expr, limit: number): Expr {
  const { least } = expConstants[mathDType(x)];
  const isFar = share(site, 'is_far', compare('lt', x, -limit));
  const positive = share(site, 'positive', select(isFar, negate(x), x));
  const { bits, m } = reducedExpOfNegative(site, share(site, 'bounded', atMost(positive, -least)), 0);
  const scale = twoPowersOfTwo(site, bits);
  const s = share(site, 's', multiply(scale[0], scale[1]));
  const ofFar = scaled(subtract(like(x, 1), fma(s, subtract(like(x, 1), m), m)), scale);
  return select(isFar, ofFar, divide(like(x, 1), sumOfNear(site, negate(s), m)));
}
