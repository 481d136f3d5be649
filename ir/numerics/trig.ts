/**
 * sin, cos and tan: within 0.501 ULP for every finite argument.
 * Computed in double-double (`dd-trig.ts`, `trig-reduction.ts`) and rounded once. NaN for infinities.
 */
import { ddCos, ddSin, ddSinCos } from './dd-trig.ts';
import { ddDiv } from './double-double.ts';

/** sin(+-0) = +-0. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (x === 0) return x;
  return ddSin(x).hi;
}

export function cos(x: number): number {
  return Number.isFinite(x) ? ddCos(x).hi : NaN;
}

/** tan(+-0) = +-0; no double is a pole. */
export function tan(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (x === 0) return x;
  const { sin, cos } = ddSinCos(x);
  return ddDiv(sin, cos).hi;
}
