/**
 * log. x = 2^e m by the bits, m between 2/3 and 4/3, f = m - 1 (exact).
 *
 *     f32: log m = f - f^2/2 + f^3 P(f);    f64: s = f / (2 + f), log m = f - f^2/2 + s (f^2/2 + z R(z)), z = s^2 (fdlibm's form)
 *     log x = e ln2High + (e ln2Low + log m)      e ln2High is exact
 *
 * P and R are minimax polynomials (Remez, 50 digits, weight relative to log m), rounded to the format.
 */
import { add, and, compare, convert, divide, fma, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import {
  fromBits,
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  pairedPolynomial,
  polynomial,
  share,
  shiftRight,
  toBits,
} from './math-site.ts';
import { allPositiveNormal, eitherWay } from './range-test.ts';

interface LogConstants {
  /** Bits of the least m. */
  readonly leastBits: bigint;
  readonly ln2High: number;
  readonly ln2Low: number;
  readonly coefficients: readonly number[];
}

export const logConstants: Readonly<Record<MathDType, LogConstants>> = {
  f32: {
    leastBits: 0x3f2aaaabn,
    ln2High: 0.693145751953125,
    ln2Low: 1.42860677e-6,
    // On f in [-1/3, 1/3], error 2^-30.1.
    coefficients: [
      0.3333333433, -0.249998197, 0.1999959797, -0.1667957604, 0.143044576, -0.1219580173, 0.1075423136, -0.1284495741,
      0.1200715452,
    ],
  },
  f64: {
    // The root of 1/2, which makes s symmetric.
    leastBits: 0x3fe6a09e667f3bcdn,
    ln2High: 0.6931471803691238,
    ln2Low: 1.9082149292705877e-10,
    // On s^2 in [0, 0.02944], error 2^-59.5.
    coefficients: [
      0.6666666666666735, 0.3999999999941114, 0.2857142874325426, 0.2222219847679029, 0.1818356969788117,
      0.15313904360303796, 0.14797495990638432,
    ],
  },
}; // prettier-ignore

/** x = 2^exponent (1 + f), for normal x > 0 and 1 + f from the number with the bits `leastBits` to its double; the exponent as a float. */
export interface ReducedLog {
  readonly exponent: Expr;
  readonly f: Expr;
}

export function reducedLog(site: MathSite, x: Expr, leastBits: bigint): ReducedLog {
  const { mantissaBits } = layoutOf(x);
  const bits = share(site, 'bits', toBits(x));
  const above = share(site, 'above', subtract(bits, like(bits, leastBits)));
  const exponentMask = like(bits, -(1n << BigInt(mantissaBits)));
  const f = share(site, 'f', subtract(fromBits(subtract(bits, and(above, exponentMask))), 1));
  return { exponent: share(site, 'e', integerToFloat(shiftRight(above, mantissaBits))), f };
}

/** For |k| < 2^(mantissaBits - 1). Vectors of i64 are converted by bits, for lack of an instruction. */
export function integerToFloat(k: Expr): Expr {
  if (k.type.dtype !== 'i64') return convert('f32', k);
  const { rounder } = layoutOf(fromBits(k));
  return subtract(fromBits(add(k, like(k, 0x4338000000000000n))), rounder);
}

/** A number times 2^`shift` where it is subnormal, and the exponent to add. */
export function normalised(site: MathSite, x: Expr): { readonly value: Expr; readonly exponent: Expr } {
  const { leastNormal, mantissaBits } = layoutOf(x);
  const isSubnormal = share(site, 'is_subnormal', compare('lt', x, leastNormal));
  const scaled = select(isSubnormal, multiply(x, 2 ** mantissaBits), x);
  return { value: scaled, exponent: select(isSubnormal, like(x, -mantissaBits), 0) };
}

/** log(1 + f) = f - low, to be added to what is greater. */
export function logTail(site: MathSite, f: Expr): Expr {
  const { coefficients } = logConstants[mathDType(f)];
  const halfSquare = share(site, 'half_square', multiply(multiply(f, 0.5), f));
  if (mathDType(f) === 'f32') {
    const square = share(site, 'square', multiply(f, f));
    return subtract(halfSquare, multiply(multiply(f, square), pairedPolynomial(f, square, coefficients)));
  }
  const s = share(site, 's', divide(f, add(f, 2)));
  const z = share(site, 'z', multiply(s, s));
  return subtract(halfSquare, multiply(s, fma(z, polynomial(z, coefficients), halfSquare)));
}

/** log(0) = -inf, log(inf) = inf, NaN below 0. */
export function expandLog(site: MathSite, x: Expr): Expr {
  const { leastBits } = logConstants[mathDType(x)];
  return eitherWay(site, x, {
    isPlain: () => allPositiveNormal(x),
    plain: () => logOfReduced(site, reducedLog(site, x, leastBits)),
    any: () => {
      const normal = normalised(site, x);
      const { exponent, f } = reducedLog(site, normal.value, leastBits);
      const e = share(site, 'exponent', add(exponent, normal.exponent));
      return logSpecials(x, logOfReduced(site, { exponent: e, f }));
    },
  });
}

function logOfReduced(site: MathSite, { exponent, f }: ReducedLog): Expr {
  const { ln2High, ln2Low } = logConstants[mathDType(f)];
  const tail = fma(exponent, like(f, -ln2Low), logTail(site, f));
  return fma(exponent, like(f, ln2High), subtract(f, tail));
}

/** Of log(x), given its value for the x where it is finite. */
export function logSpecials(x: Expr, finite: Expr): Expr {
  const ofPositive = select(compare('eq', x, Infinity), Infinity, finite);
  return select(compare('gt', x, 0), ofPositive, select(compare('eq', x, 0), like(x, -Infinity), NaN));
}
