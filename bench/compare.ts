/** Contestants must compute the same before they are timed. */
import type { Elements } from './values.ts';

/** |actual - expected| <= absolute + relative * (|expected| + the mean of |expected|): the mean, since a sum near 0 was made of larger terms. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Of floats: sums in another order, elementary functions of other polynomials. */
export const floatTolerance: Tolerance = { absolute: 0, relative: 1e-3 };
export const exact: Tolerance = { absolute: 0, relative: 0 };

/** What differs, in words; undefined when nothing does. Two NaNs are the same. */
export function differenceOf(
  actual: readonly Elements[],
  expected: readonly Elements[],
  tolerance?: Tolerance,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} results instead of ${expected.length}`;
  for (const [index, values] of expected.entries()) {
    const difference = differenceOfArrays(actual[index], values, tolerance);
    if (difference !== undefined) return expected.length === 1 ? difference : `result ${index}: ${difference}`;
  }
  return undefined;
}

function differenceOfArrays(
  actual: Elements | undefined,
  expected: Elements,
  tolerance: Tolerance = expected instanceof Float32Array ? floatTolerance : exact,
): string | undefined {
  if (actual?.length !== expected.length) return `${actual?.length ?? 'no'} elements instead of ${expected.length}`;
  const slack = tolerance.absolute + tolerance.relative * meanMagnitude(expected);
  for (let index = 0; index < expected.length; index++) {
    const a = Number(actual[index]);
    const e = Number(expected[index]);
    const isSame = a === e || (Number.isNaN(a) && Number.isNaN(e));
    if (!isSame && !(Math.abs(a - e) <= slack + tolerance.relative * Math.abs(e)))
      return `${a} instead of ${e} at element ${index}`;
  }
  return undefined;
}

function meanMagnitude(values: Elements): number {
  let sum = 0;
  let count = 0;
  for (const element of values) {
    const magnitude = Math.abs(Number(element));
    if (!Number.isFinite(magnitude)) continue;
    sum += magnitude;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
