/**
 * tanh. Near 0 an odd polynomial, x + x^3 P(x^2); beyond, 1 - 2 / (exp(2 |x|) + 1), and 1 where that rounds to 1. Both are computed, one is
 * selected. P is a minimax polynomial (Remez on x^2 up to the square of the border, 50 digits, weight relative to tanh).
 */
import { add, compare, divide, fma, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { reducedExp } from './exp.ts';
import {
  atMost,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  powerOfTwo,
  share,
  signAndMagnitude,
  withSign,
} from './math-site.ts';

interface TanhConstants {
  readonly border: number;
  /** From here on tanh rounds to 1. */
  readonly one: number;
  readonly coefficients: readonly number[];
}

const constants: Readonly<Record<MathDType, TanhConstants>> = {
  f32: {
    border: 0.625,
    one: 9.1,
    // Error 2^-27.8.
    coefficients: [-0.3333328068, 0.1333144158, -0.05373971164, 0.02063907683, -0.005704974756],
  },
  f64: {
    border: 0.625,
    one: 19.1,
    // Error 2^-61.2.
    coefficients: [
      -0.33333333333333315, 0.13333333333329742, -0.053968253966059046, 0.02186948846871997, -0.008863234312657824,
      0.0035921140007029203, -0.0014557259535857908, 0.0005894518230583603, -0.0002370117987653499, 9.155853425850787e-5,
      -3.0187345075706512e-5, 6.042523396653311e-6,
    ],
  },
}; // prettier-ignore

export function expandTanh(site: MathSite, x: Expr): Expr {
  const { border, one, coefficients } = constants[mathDType(x)];
  const { sign, magnitude } = signAndMagnitude(site, x);
  const square = share(site, 'square', multiply(x, x));
  const near = fma(multiply(x, square), polynomial(square, coefficients), x);
  const doubled = share(site, 'doubled', multiply(atMost(magnitude, one), 2));
  const { bits, q } = reducedExp(site, doubled);
  const scale = share(site, 'scale', powerOfTwo(bits));
  const far = subtract(like(x, 1), divide(like(x, 2), fma(scale, q, add(scale, 1))));
  return withSign(select(compare('lt', magnitude, border), near, far), sign);
}
