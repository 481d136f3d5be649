/**
 * Complex exp, expm1 and logistic: each part within 0.501 ULP (logistic: unless z is within 2^-40 of a pole, where the
 * double-double sum `1 + exp(-z)` loses what it cancels).
 * Infinities and NaN: as StableHLO's accuracy tests have exp (an infinite modulus has a direction, an infinite angle
 * gives NaN, even where C23 G.6.3.1 says 0 or inf), and what follows from it for the others.
 */
import type { ComplexPair } from './complex-pair.ts';
import { COMPLEX_NAN, complexOf, isFiniteComplex } from './complex-pair.ts';
import { complexDivide } from './complex-arithmetic.ts';
import { ddExpm1, ddExpScaled } from './dd-exp.ts';
import { ddSin, ddSinCos } from './dd-trig.ts';
import { ddAdd, ddFrom, ddMul, ddScale, ddSquare } from './double-double.ts';
import { exp, expm1 } from './exp.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import { roundScaled, scaledAdd, scaledDiv, scaledFrom, scaledMul } from './scaled-double-double.ts';
import { cos, sin } from './trig.ts';

/** Beyond, exp(x) times any sine or cosine is infinite, or zero. */
const CAP = 2000;
const EXPM1_LIMIT = 700;

const ONE: ScaledDoubleDouble = { significand: ddFrom(1), exponent: 0 };

/** `e^z`, exactly real for a real argument. */
export function complexExp(z: ComplexPair): ComplexPair {
  if (z.im === 0) return complexOf(exp(z.re), z.im);
  if (!isFiniteComplex(z)) return expSpecially(z);
  const modulus = ddExpScaled(ddFrom(clamp(z.re)));
  const direction = ddSinCos(z.im);
  return complexOf(
    roundScaled(scaledMul(modulus, scaledFrom(direction.cos))),
    roundScaled(scaledMul(modulus, scaledFrom(direction.sin))),
  );
}

/** `e^z - 1`: the real part is `expm1(x) cos y - 2 sin(y/2)^2`, whose terms cancel at most once. */
export function complexExpm1(z: ComplexPair): ComplexPair {
  if (z.im === 0) return complexOf(expm1(z.re), z.im);
  const power = complexExp(z);
  if (!isFiniteComplex(z) || Math.abs(z.re) > EXPM1_LIMIT) return complexOf(power.re - 1, power.im);
  const growth = ddMul(ddExpm1(ddFrom(z.re)), ddSinCos(z.im).cos);
  const turn = ddScale(ddSquare(ddSin(z.im / 2)), -2);
  return complexOf(ddAdd(growth, turn).hi, power.im);
}

/**
 * `1 / (1 + e^-z)`. With w the one of `e^z` and `e^-z` that is at most 1 in modulus,
 * it is `(1 + conj w) / |1 + w|^2` on the right and `(w + |w|^2) / |1 + w|^2` on the left.
 */
export function complexLogistic(z: ComplexPair): ComplexPair {
  if (!isFiniteComplex(z)) return logisticSpecially(z);
  const modulus = ddExpScaled(ddFrom(-Math.min(Math.abs(z.re), CAP)));
  const direction = ddSinCos(z.im);
  const real = scaledMul(modulus, scaledFrom(direction.cos));
  const imaginary = scaledMul(modulus, scaledFrom(direction.sin));
  const onePlusReal = scaledAdd(ONE, real);
  const divisor = scaledAdd(scaledMul(onePlusReal, onePlusReal), scaledMul(imaginary, imaginary));
  const dividend = z.re >= 0 ? onePlusReal : scaledAdd(real, scaledMul(modulus, modulus));
  return complexOf(
    roundScaled(scaledDiv(dividend, divisor)),
    z.im === 0 ? z.im : roundScaled(scaledDiv(imaginary, divisor)),
  );
}

function clamp(x: number): number {
  return Math.min(Math.max(x, -CAP), CAP);
}

function expSpecially({ re, im }: ComplexPair): ComplexPair {
  if (!Number.isFinite(im) || Number.isNaN(re)) return COMPLEX_NAN;
  const modulus = exp(re);
  return complexOf(modulus * cos(im), modulus * sin(im));
}

function logisticSpecially(z: ComplexPair): ComplexPair {
  const power = complexExp(complexOf(-z.re, -z.im));
  return complexDivide(complexOf(1, 0), complexOf(1 + power.re, power.im));
}
