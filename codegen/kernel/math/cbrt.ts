/**
 * cbrt = x z^2 with z = |x|^(-1/3), free of divisions. The first z comes from the bits (a third of the exponent, up to 6 % off); each
 * iteration multiplies by the series of (1 - e)^(-1/3), e = 1 - |x| z^3. A last Newton step on the root itself removes the rounding of z.
 */
import { compare, fma, multiply, negate, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { integerToFloat } from './log.ts';
import {
  fromBits,
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  roundScaled,
  share,
  shiftLeft,
  shiftRight,
  signBits,
  toBits,
  withSign,
} from './math-site.ts';

interface CbrtConstants {
  /** Low bits that the division by three leaves out. */
  readonly dropped: number;
  /** Bits of a third of 1.0 four times, less a balance of the error. */
  readonly magic: bigint;
  /** Subnormals are multiplied by a power of 8, and the result by its root. */
  readonly scale: number;
  readonly unscale: number;
  readonly iterations: number;
}

const constants: Readonly<Record<MathDType, CbrtConstants>> = {
  f32: { dropped: 10, magic: 0x548c39cbn, scale: 2 ** 24, unscale: 2 ** -8, iterations: 2 },
  f64: { dropped: 32, magic: 0x553ef0ff289dd796n, scale: 2 ** 54, unscale: 2 ** -18, iterations: 3 },
};

const series = [1 / 3, 2 / 9, 14 / 81];

export function expandCbrt(site: MathSite, x: Expr): Expr {
  const { leastNormal } = layoutOf(x);
  const { scale, unscale } = constants[mathDType(x)];
  const given = share(site, 'magnitude', unary('abs', x));
  const isSubnormal = share(site, 'is_subnormal', compare('lt', given, leastNormal));
  const magnitude = share(site, 'normal', select(isSubnormal, multiply(given, scale), given));
  const root = multiply(cbrtOfNormal(site, magnitude), select(isSubnormal, like(x, unscale), 1));
  return select(compare('lt', given, Infinity), withSign(root, signBits(x)), x);
}

function cbrtOfNormal(site: MathSite, x: Expr): Expr {
  let z = firstInverse(site, x);
  for (let i = 0; i < constants[mathDType(x)].iterations; i++) {
    const e = share(site, 'e', subtract(like(x, 1), multiply(multiply(x, z), multiply(z, z))));
    z = share(site, 'z', fma(multiply(z, e), polynomial(e, series), z));
  }
  const square = share(site, 'z_square', multiply(z, z));
  const root = share(site, 'root', multiply(x, square));
  const residual = fma(negate(multiply(root, root)), root, x);
  return fma(multiply(square, 1 / 3), residual, root);
}

function firstInverse(site: MathSite, x: Expr): Expr {
  const { dropped, magic } = constants[mathDType(x)];
  const high = share(site, 'high_bits', integerToFloat(shiftRight(toBits(x), dropped)));
  const { bits } = roundScaled(site, high, 1 / 3);
  return share(site, 'z', fromBits(subtract(like(bits, magic), shiftLeft(bits, dropped))));
}
