/**
 * Complex sinh, cosh, tanh, sin, cos and tan: each part within 0.501 ULP.
 * Infinities and NaN: C23 G.6.2.4 to G.6.2.6; the circular functions are the hyperbolic ones of `z i` (G.6).
 */
import { copySign } from './bits.ts';
import type { ComplexPair } from './complex-pair.ts';
import { COMPLEX_NAN, complexOf, isFiniteComplex, isInfinite, overI, timesI } from './complex-pair.ts';
import { scaledCosh, scaledSinh } from './dd-hyperbolic.ts';
import { ddSinCos } from './dd-trig.ts';
import { ddMul } from './double-double.ts';
import { cosh, sinh, tanh } from './hyperbolic.ts';
import type { ScaledDoubleDouble } from './scaled-double-double.ts';
import { roundScaled, scaledAdd, scaledDiv, scaledFrom, scaledMul } from './scaled-double-double.ts';
import { cos, sin, tan } from './trig.ts';

/** `sinh x cos y + i cosh x sin y` */
export function complexSinh(z: ComplexPair): ComplexPair {
  const { re, im } = z;
  if (im === 0) return complexOf(sinh(re), im);
  if (re === 0) return complexOf(Number.isFinite(im) ? re * copySign(1, cos(im)) : re, sin(im));
  if (!isFiniteComplex(z)) return sinhSpecially(z);
  const direction = ddSinCos(im);
  return complexOf(
    roundScaled(scaledMul(scaledSinh(re), scaledFrom(direction.cos))),
    roundScaled(scaledMul(scaledCosh(re), scaledFrom(direction.sin))),
  );
}

/** `cosh x cos y + i sinh x sin y` */
export function complexCosh(z: ComplexPair): ComplexPair {
  const { re, im } = z;
  if (im === 0) return complexOf(cosh(re), Number.isNaN(re) ? im : copySign(1, re) * im);
  if (re === 0) return complexOf(cos(im), Number.isFinite(im) ? re * copySign(1, sin(im)) : re);
  if (!isFiniteComplex(z)) return coshSpecially(z);
  const direction = ddSinCos(im);
  return complexOf(
    roundScaled(scaledMul(scaledCosh(re), scaledFrom(direction.cos))),
    roundScaled(scaledMul(scaledSinh(re), scaledFrom(direction.sin))),
  );
}

/** `(sinh x cosh x + i sin y cos y) / (sinh^2 x + cos^2 y)`: nothing cancels. */
export function complexTanh(z: ComplexPair): ComplexPair {
  const { re, im } = z;
  if (im === 0) return complexOf(tanh(re), im);
  if (re === 0) return complexOf(re, tan(im));
  if (!isFiniteComplex(z)) return tanhSpecially(z);
  const sinhX = scaledSinh(re);
  const { sin, cos } = ddSinCos(im);
  const divisor = scaledAdd(square(sinhX), square(scaledFrom(cos)));
  return complexOf(
    roundScaled(scaledDiv(scaledMul(sinhX, scaledCosh(re)), divisor)),
    roundScaled(scaledDiv(scaledFrom(ddMul(sin, cos)), divisor)),
  );
}

export function complexSin(z: ComplexPair): ComplexPair {
  return overI(complexSinh(timesI(z)));
}

export function complexCos(z: ComplexPair): ComplexPair {
  return complexCosh(timesI(z));
}

export function complexTan(z: ComplexPair): ComplexPair {
  return overI(complexTanh(timesI(z)));
}

function square(x: ScaledDoubleDouble): ScaledDoubleDouble {
  return scaledMul(x, x);
}

function sinhSpecially({ re, im }: ComplexPair): ComplexPair {
  if (!isInfinite(re)) return COMPLEX_NAN;
  return Number.isFinite(im) ? complexOf(re * cos(im), Infinity * sin(im)) : complexOf(re, NaN);
}

function coshSpecially({ re, im }: ComplexPair): ComplexPair {
  if (!isInfinite(re)) return COMPLEX_NAN;
  return Number.isFinite(im) ? complexOf(Infinity * cos(im), re * sin(im)) : complexOf(Infinity, NaN);
}

function tanhSpecially({ re, im }: ComplexPair): ComplexPair {
  if (!isInfinite(re)) return COMPLEX_NAN;
  return complexOf(copySign(1, re), copySign(0, Number.isFinite(im) ? sin(im) * cos(im) : im));
}
