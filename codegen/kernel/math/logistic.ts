/**
 * logistic(x) = 1 / (1 + exp(-x)). With e = exp(-|x|) nothing overflows, and the tail for negative x keeps its precision:
 *
 *     x >= 0: 1 / (1 + e);   x < 0: e / (1 + e)
 *
 * The second would add the errors of three roundings and of exp to more than 2 ULP. So what the sum 1 + e lost, d, is taken from the numerator
 * before it is rounded: e = 2^k (1 + q), and (1 + q) (1 - d) = 1 + (q - d (1 + q)).
 */
import { add, compare, divide, fma, negate, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { expConstants, reducedExp, scaledPlain, whereNormal } from './exp.ts';
import { atMost, type MathSite, mathDType, scaled, share, twoPowersOfTwo } from './math-site.ts';

export function expandLogistic(site: MathSite, x: Expr): Expr {
  const { least } = expConstants[mathDType(x)];
  return whereNormal(
    site,
    x,
    () => {
      const { bits, q } = reducedExp(site, share(site, 'negative', negate(unary('abs', x))));
      return quotient(site, x, q, (each) => scaledPlain(each, bits));
    },
    () => {
      const { bits, q } = reducedExp(site, share(site, 'bounded', negate(atMost(unary('abs', x), -least))));
      const scale = twoPowersOfTwo(site, bits);
      return quotient(site, x, q, (each) => scaled(each, scale));
    },
  );
}

function quotient(site: MathSite, x: Expr, q: Expr, scale: (each: Expr) => Expr): Expr {
  const p = share(site, 'p', add(q, 1));
  const e = share(site, 'e', scale(p));
  const sum = share(site, 'sum', add(e, 1));
  const lost = subtract(e, subtract(sum, 1));
  const numerator = scale(add(fma(negate(lost), p, q), 1));
  return divide(select(compare('lt', x, 0), numerator, 1), sum);
}
