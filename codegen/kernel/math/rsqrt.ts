/** rsqrt(x) = 1 / sqrt(x), two roundings: within 1.5 ULP. rsqrt(+-0) = +-inf by division. */
import { divide, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { like, type MathSite } from './math-site.ts';

export function expandRsqrt(_site: MathSite, x: Expr): Expr {
  return divide(like(x, 1), unary('sqrt', x));
}
