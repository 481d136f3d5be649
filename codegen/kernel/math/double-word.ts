/**
 * Sums and products with what their rounding lost, so that a pair carries twice the precision. Sources: Dekker, "A floating-point technique
 * for extending the available precision", Numerische Mathematik 18, 1971. All steps are exact, so that fusing them or not changes nothing.
 */
import { add, and, fma, multiply, negate, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { fromBits, layoutOf, like, type MathSite, share, toBits } from './math-site.ts';

/** high + low, |low| at most half an ULP of high. */
export interface DoubleWord {
  readonly high: Expr;
  readonly low: Expr;
}

/** a + b for |a| >= |b| or a = 0. */
export function fastTwoSum(site: MathSite, a: Expr, b: Expr): DoubleWord {
  const high = share(site, 'sum', add(a, b));
  return { high, low: share(site, 'sum_low', add(subtract(a, high), b)) };
}

/** a * b, without overflow of it and without underflow of its low part. */
export function twoProduct(site: MathSite, a: Expr, b: Expr): DoubleWord {
  const high = share(site, 'product', multiply(a, b));
  if (site.target.fma === 'exact') return { high, low: share(site, 'product_low', fma(a, b, negate(high), 'exact')) };
  const [aHigh, aLow] = halves(site, a);
  const [bHigh, bLow] = a === b ? [aHigh, aLow] : halves(site, b);
  const first = fma(aHigh, bLow, subtract(multiply(aHigh, bHigh), high));
  return { high, low: share(site, 'product_low', fma(aLow, bLow, fma(aLow, bHigh, first))) };
}

/** The upper half of the significand and the rest. */
function halves(site: MathSite, x: Expr): readonly [Expr, Expr] {
  const kept = -(1n << BigInt(Math.ceil((layoutOf(x).mantissaBits + 1) / 2)));
  const bits = toBits(x);
  const high = share(site, 'half', fromBits(and(bits, like(bits, kept))));
  return [high, share(site, 'rest', subtract(x, high))];
}
