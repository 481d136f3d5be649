/**
 * cbrt = x z^2 with z = |x|^(-1/3), free of divisions. The first z comes from the bits (a third of the exponent, up to 6 % off); each
 * iteration multiplies by the series of (1 - e)^(-1/3), e = 1 - |x| z^3. A last Newton step on the root itself removes the rounding of z.
 */
import { compare, fma, multiply, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { integerToFloat } from './log.ts';
import {
  fromBits,
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
  /** Numbers below it are multiplied by a power of 8, and the result by its root, so that no step meets a subnormal. */
  readonly least: number;
  readonly scale: number;
  readonly unscale: number;
  readonly iterations: number;
}

const constants: Readonly<Record<MathDType, CbrtConstants>> = {
  f32: { dropped: 10, magic: 0x548c39cbn, least: 2 ** -100, scale: 2 ** 48, unscale: 2 ** -16, iterations: 2 },
  f64: { dropped: 32, magic: 0x553ef0ff289dd796n, least: 2 ** -960, scale: 2 ** 108, unscale: 2 ** -36, iterations: 3 },
};

const series = [1 / 3, 2 / 9, 14 / 81];

export function expandCbrt(site: MathSite, x: Expr): Expr {
  const { least, scale, unscale } = constants[mathDType(x)];
  const given = share(site, 'magnitude', unary('abs', x));
  const isSmall = share(site, 'is_small', compare('lt', given, least));
  const magnitude = share(site, 'normal', select(isSmall, multiply(given, scale), given));
  const root = multiply(cbrtOfNormal(site, magnitude), select(isSmall, like(x, unscale), 1));
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
  // A quarter of x - root^3: the cube of the rounded root may be past the greatest number.
  const residual = fma(multiply(multiply(root, root), -0.25), root, multiply(x, 0.25));
  return fma(multiply(square, 4 / 3), residual, root);
}

function firstInverse(site: MathSite, x: Expr): Expr {
  const { dropped, magic } = constants[mathDType(x)];
  const high = share(site, 'high_bits', integerToFloat(shiftRight(toBits(x), dropped)));
  const { bits } = roundScaled(site, high, 1 / 3);
  return share(site, 'z', fromBits(subtract(like(bits, magic), shiftLeft(bits, dropped))));
}
