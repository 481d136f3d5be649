/**
 * log and log1p: within 0.501 ULP.
 * Computed in double-double (`dd-log.ts`) and rounded once.
 */
import { ddLog, ddLogOfF64 } from './dd-log.ts';
import { twoSum } from './double-double.ts';

const TINY = 5.551115123125783e-17;

/** `log x`. log(+-0) = -inf, log(1) = +0, log(inf) = inf, NaN below 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  return x === Infinity ? x : ddLogOfF64(x).hi;
}

/** `log(1 + x)`. log1p(-1) = -inf, log1p(+-0) = +-0, log1p(inf) = inf, NaN below -1. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (Math.abs(x) < TINY || x === Infinity) return x;
  return ddLog(twoSum(1, x)).hi;
}
