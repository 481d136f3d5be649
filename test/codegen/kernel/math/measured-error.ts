// Errors in units in the last place of the exact result, as real numbers: |computed - exact| / ulp(exact).
import type { DoubleDouble } from '../../../../ir/numerics/double-double.ts';

const f64 = new Float64Array(1);
const words = new Int32Array(f64.buffer);

function exponentOf(x: number): number {
  f64[0] = x;
  return (((words[1] ?? 0) >>> 20) & 0x7ff) - 1023;
}

/**
 * For f32, with the exact result as an f64. Infinity counts as 2^128, so that a result next to it may be it. What must be exact (NaN, the
 * sign of zero) and is not gives Infinity.
 */
export function errorInUlp32(computed: number, exact: number): number {
  if (computed !== computed || exact !== exact) return computed !== computed && exact !== exact ? 0 : Infinity;
  if (exact === 0) return Object.is(computed, exact) ? 0 : Infinity;
  if (computed === exact) return 0;
  const bounded = Math.max(-3.402823669209385e38, Math.min(3.402823669209385e38, exact));
  const finite = Math.max(-3.402823669209385e38, Math.min(3.402823669209385e38, computed));
  const ulp = 2 ** (Math.max(Math.min(exponentOf(bounded), 127), -126) - 23);
  return Math.abs(finite - bounded) / ulp;
}

/** For f64, against a result of twice its precision. */
export function errorInUlp64Precisely(computed: number, { hi, lo }: DoubleDouble): number {
  if (!Number.isFinite(computed)) return Infinity;
  return Math.abs(computed - hi - lo) / 2 ** (Math.max(exponentOf(hi), -1022) - 52);
}

/** For f64, against a result that is rounded itself; an integer. */
export function errorInUlp64(computed: number, rounded: number): number {
  if (computed !== computed || rounded !== rounded) return computed !== computed && rounded !== rounded ? 0 : Infinity;
  if (rounded === 0 || computed === rounded) return Object.is(computed, rounded) ? 0 : Infinity;
  if (!Number.isFinite(computed) || !Number.isFinite(rounded))
    return Math.abs(computed - rounded) === Infinity && Math.min(Math.abs(computed), Math.abs(rounded)) < 1.797e308
      ? Infinity
      : 1;
  const ulp = 2 ** (Math.max(exponentOf(rounded), -1022) - 52);
  return Math.abs(computed - rounded) / ulp;
}
