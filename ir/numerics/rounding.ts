/** Rounding to integers: StableHLO's `round_nearest_even` and `round_nearest_afz`. Exact, for every f64. */
import { copySign } from './bits.ts';

const TWO_52 = 4503599627370496;

/**
 * `round_nearest_even`: the nearest integer, ties to even. Keeps -0, infinities and NaN.
 * Adding and subtracting 2^52 leaves the rounding to the hardware's own (Dekker 1971).
 */
export function roundHalfEven(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude < TWO_52)) return value;
  return copySign(magnitude + TWO_52 - TWO_52, value);
}

/** `round_nearest_afz`: the nearest integer, ties away from zero. Keeps -0, infinities and NaN. */
export function roundHalfAway(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude < TWO_52)) return value;
  const floor = Math.floor(magnitude);
  return copySign(magnitude - floor >= 0.5 ? floor + 1 : floor, value);
}
