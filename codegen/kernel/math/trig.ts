/**
 * sin, cos and tan of r = x - k pi/2: minimax polynomials on |r| <= 1.001 pi/4 (Remez, 50 digits), chosen and signed by k.
 *
 *     sin r = r + r^3 S(r^2);   cos r = 1 - r^2/2 + r^4 C(r^2);   tan r = r + r^3 T(r^2), for odd k -1 / tan r
 */
import { add, and, compare, divide, fma, multiply, select, subtract, xor } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { reduceAngle } from './angle-reduction.ts';
import {
  fromBits,
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  share,
  shiftLeft,
  toBits,
} from './math-site.ts';

interface TrigConstants {
  readonly sin: readonly number[];
  readonly cos: readonly number[];
  readonly tan: readonly number[];
}

const constants: Readonly<Record<MathDType, TrigConstants>> = {
  // Errors 2^-28, 2^-33, 2^-29.5.
  f32: {
    sin: [-0.1666665524, 0.00833217334, -0.0001951665618],
    cos: [0.04166664556, -0.001388730947, 2.443241465e-5],
    tan: [0.3333334923, 0.1333265305, 0.05406105891, 0.02127610147, 0.01085206494, 6.834855594e-5, 0.004387005232],
  },
  // Errors 2^-58, 2^-64, 2^-60.
  f64: {
    sin: [
      -0.16666666666666632, 0.008333333333322316, -0.00019841269829725655, 2.755731366220302e-6, -2.5050753285839362e-8,
      1.5896506101810495e-10,
    ],
    cos: [
      0.041666666666666595, -0.0013888888888872897, 2.480158728874893e-5, -2.7557314148826006e-7, 2.0875696598583277e-9,
      -1.1358311763490742e-11,
    ],
    tan: [
      0.3333333333333338, 0.13333333333325567, 0.05396825397278092, 0.02186948840268628, 0.008863237867411031,
      0.003592101460287819, 0.0014560413994343289, 0.0005888853823624398, 0.00024367685716979292, 8.374861685963535e-5,
      6.687695973212835e-5, -2.5198173438040132e-5, 4.827288354854707e-5, -2.4094417727098575e-5, 9.759170589186815e-6,
    ],
  },
}; // prettier-ignore

export function expandSin(site: MathSite, x: Expr): Expr {
  const { quadrant, high, low } = reduceAngle(site, x);
  return keepZero(x, ofQuadrant(site, share(site, 'r', add(high, low)), quadrant));
}

export function expandCos(site: MathSite, x: Expr): Expr {
  const { quadrant, high, low } = reduceAngle(site, x);
  return ofQuadrant(site, share(site, 'r', add(high, low)), share(site, 'quadrant', add(quadrant, 1)));
}

/** The sums above lose the sign of zero. */
function keepZero(x: Expr, value: Expr): Expr {
  return select(compare('eq', x, 0), x, value);
}

/** sin(r + quadrant pi/2). */
function ofQuadrant(site: MathSite, r: Expr, quadrant: Expr): Expr {
  const { sin, cos } = constants[mathDType(r)];
  const { mantissaBits } = layoutOf(r);
  const square = share(site, 'square', multiply(r, r));
  const ofSine = fma(multiply(r, square), polynomial(square, sin), r);
  // What 1 - r^2/2 loses is given back.
  const half = share(site, 'half_square', multiply(square, 0.5));
  const most = share(site, 'most', subtract(like(r, 1), half));
  const lost = subtract(subtract(like(r, 1), most), half);
  const ofCosine = add(most, fma(multiply(square, square), polynomial(square, cos), lost));
  const isOdd = compare('ne', and(quadrant, 1), 0);
  // Bit 1 of the quadrant becomes the sign.
  const sign = shiftLeft(and(quadrant, 2), mantissaBits === 23 ? 30 : 62);
  return fromBits(xor(toBits(select(isOdd, ofCosine, ofSine)), sign));
}

/**
 * What rounding r and its tangent t lost is kept: t + d. The reciprocal of t alone would magnify both beyond 2 ULP;
 * -1 / (t + d) = q + q^2 d with q = -1 / t.
 */
export function expandTan(site: MathSite, x: Expr): Expr {
  const { quadrant, high, low } = reduceAngle(site, x);
  const r = share(site, 'r', add(high, low));
  const lostOfR = add(subtract(high, r), low);
  const square = share(site, 'square', multiply(r, r));
  const cubic = share(site, 'cubic', multiply(multiply(r, square), polynomial(square, constants[mathDType(r)].tan)));
  const tangent = share(site, 'tangent', add(r, cubic));
  const slope = fma(tangent, tangent, like(r, 1));
  const lost = share(site, 'lost', fma(slope, lostOfR, add(subtract(r, tangent), cubic)));
  const q = share(site, 'q', divide(like(r, -1), tangent));
  const isOdd = compare('ne', and(quadrant, 1), 0);
  return keepZero(x, select(isOdd, fma(multiply(q, q), lost, q), add(tangent, lost)));
}
