/**
 * atan2(y, x). a = min(|x|, |y|) / max(|x|, |y|), atan a = a + a^3 P(a^2) on [0, 1] (Remez, 50 digits, error relative to atan), then the
 * octant and the quadrant: pi/2 - r where |y| > |x|, pi - r where x has a sign, the sign of y.
 */
import { add, compare, divide, fma, multiply, select, subtract, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import {
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  share,
  signBits,
  toBits,
  withSign,
} from './math-site.ts';

interface AtanConstants {
  readonly piLow: number;
  readonly piHigh: number;
  readonly coefficients: readonly number[];
}

const constants: Readonly<Record<MathDType, AtanConstants>> = {
  f32: {
    piHigh: 3.1415927410125732,
    piLow: -8.742277657347586e-8,
    // Error 2^-31.2.
    coefficients: [
      -0.3333332837, 0.1999967098, -0.1427983344, 0.1105822548, -0.08811101317, 0.06741622835, -0.04469034448,
      0.02254024521, -0.007318149786, 0.001113830251,
    ],
  },
  f64: {
    piHigh: Math.PI,
    piLow: 1.2246467991473532e-16,
    // Error 2^-60.2.
    coefficients: [
      -0.33333333333333287, 0.19999999999990448, -0.1428571428503657, 0.11111111086445476, -0.09090908547219076,
      0.07692299711315477, -0.06666583718710958, 0.05881716127820255, -0.05259433663868098, 0.04744925665567974,
      -0.04286389658531727, 0.03821003644820528, -0.03278538169981264, 0.02615160448750137, -0.01861413610607495,
      0.011317602741043847, -0.0056123604602915525, 0.0021515772049480724, -0.0005928903096476661,
      0.00010387141895384828, -8.654171776442932e-6,
    ],
  },
}; // prettier-ignore

export function expandAtan2(site: MathSite, y: Expr, x: Expr): Expr {
  const { piHigh, piLow, coefficients } = constants[mathDType(x)];
  const height = share(site, 'height', unary('abs', y));
  const width = share(site, 'width', unary('abs', x));
  const isSteep = share(site, 'is_steep', compare('gt', height, width));
  const low = share(site, 'low', select(isSteep, width, height));
  const high = share(site, 'high', select(isSteep, height, width));
  // Equal ones may both be 0 or both infinite.
  const ofEqual = select(compare('eq', high, 0), like(x, 0), 1);
  const a = share(site, 'a', select(compare('eq', low, high), ofEqual, divide(low, high)));
  const square = share(site, 'square', multiply(a, a));
  const angle = share(site, 'angle', fma(multiply(a, square), polynomial(square, coefficients), a));
  const octant = share(site, 'octant', select(isSteep, complement(angle, piHigh / 2, piLow / 2), angle));
  const isLeft = compare('lt', toBits(x), like(toBits(x), 0));
  return withSign(select(isLeft, complement(octant, piHigh, piLow), octant), signBits(y));
}

/** high + low - angle. */
function complement(angle: Expr, high: number, low: number): Expr {
  return add(subtract(like(angle, low), angle), high);
}
