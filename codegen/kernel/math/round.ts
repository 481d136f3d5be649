/** round-away and sign, which few targets have. Exact; both keep the sign of zero and NaN. */
import { add, compare, constant, or, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { fromBits, like, type MathSite, share, signBits, toBits } from './math-site.ts';

export function expandSign(_site: MathSite, x: Expr): Expr {
  return select(compare('gt', x, like(x, 0)), 1, select(compare('lt', x, like(x, 0)), constant(x.type, -1), x));
}

/** The truncated number, and one more where at least a half was cut off. */
export function expandRoundAway(site: MathSite, x: Expr): Expr {
  const whole = share(site, 'whole', unary('truncate', x));
  const isHalf = compare('ge', unary('abs', subtract(x, whole)), 0.5);
  const one = fromBits(or(toBits(like(x, 1)), signBits(x)));
  return select(isHalf, add(whole, one), whole);
}
