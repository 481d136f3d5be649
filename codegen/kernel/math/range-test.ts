/** One test and one branch for the lanes of several registers: the short way where all are in the range in which nothing special happens. */
import { add, and, bitcast, compare, laneReduce, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { vector } from '../value-type.ts';
import { layoutOf, type MathSite, mathDType } from './math-site.ts';

export interface Ways {
  readonly isPlain: () => Expr;
  /** For lanes that are all plain; of these, with the very bits of `any`. */
  readonly plain: () => Expr;
  readonly any: () => Expr;
}

/** One vector is not worth the test and the branch (Zen 5: 1.1 times the speed of exp); four side by side are (1.4 times). */
export function eitherWay({ builder, target }: MathSite, x: Expr, { isPlain, plain, any }: Ways): Expr {
  const registers = (x.type.lanes * (mathDType(x) === 'f64' ? 64 : 32)) / target.vectorBits;
  if (registers < 2) return any();
  const [result] = builder.choose(
    isPlain(),
    () => [plain()] as const,
    () => [any()] as const,
    ['value'],
  );
  return result;
}

/** Whether every lane is at most `bound` in magnitude. */
export function allWithin(x: Expr, bound: number): Expr {
  if (mathDType(x) === 'f64') return laneReduce('and', compare('le', unary('abs', x), bound));
  // Twice the bits are in the order of magnitudes, NaN above all; sums and maxima of integers leave the multipliers alone.
  const bits = unsignedBits(x);
  return compare('le', laneReduce('maximum', add(bits, bits)), 2 * bitsOf(bound));
}

/** Whether every lane is a normal number above 0. */
export function allPositiveNormal(x: Expr): Expr {
  const { leastNormal } = layoutOf(x);
  if (mathDType(x) === 'f64') return laneReduce('and', and(compare('ge', x, leastNormal), compare('lt', x, Infinity)));
  const least = bitsOf(leastNormal);
  return compare('lt', laneReduce('maximum', subtract(unsignedBits(x), least)), bitsOf(Infinity) - least);
}

function unsignedBits(x: Expr): Expr {
  return bitcast(vector('ui32', x.type.lanes), x);
}

/** Of a positive f32. */
function bitsOf(value: number): number {
  return new DataView(Float32Array.of(value).buffer).getUint32(0, true);
}
