/**
 * log1p. u = 1 + x is taken apart as log does, u = 2^e m, but f = m - 1 comes from x, so that nothing of it is lost:
 *
 *     f = x 2^-e + (2^-e - 1)      both terms are exact; for e = 0 it is x
 */
import { add, and, compare, fma, multiply, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { negligible } from './exp.ts';
import { integerToFloat, logConstants, logSpecials, logTail } from './log.ts';
import { fromBits, layoutOf, like, type MathSite, mathDType, share, shiftRight, toBits } from './math-site.ts';

export function expandLog1p(site: MathSite, x: Expr): Expr {
  const { leastBits, ln2High, ln2Low } = logConstants[mathDType(x)];
  const { mantissaBits } = layoutOf(x);
  const u = share(site, 'u', add(x, 1));
  const bits = share(site, 'bits', toBits(u));
  const above = share(site, 'above', subtract(bits, like(bits, leastBits)));
  const exponentBits = share(site, 'e_bits', and(above, like(bits, -(1n << BigInt(mantissaBits)))));
  const scale = share(site, 'scale', fromBits(subtract(toBits(like(x, 1)), exponentBits)));
  // The scale of a very great u would be subnormal; its 1 is lost anyway.
  const ofGreat = subtract(fromBits(subtract(bits, exponentBits)), 1);
  const exact = add(multiply(x, scale), subtract(scale, 1));
  const f = share(site, 'f', select(compare('gt', x, 2 ** (mantissaBits + 2)), ofGreat, exact));
  const e = share(site, 'e', integerToFloat(shiftRight(above, mantissaBits)));
  const tail = fma(e, like(x, -ln2Low), logTail(site, f));
  const finite = fma(e, like(x, ln2High), subtract(f, tail));
  return select(compare('lt', unary('abs', x), negligible(x)), x, logSpecials(u, finite));
}
