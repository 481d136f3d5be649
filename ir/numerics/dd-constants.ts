/** Constants as double-doubles: each pair is the constant rounded to a double, and what is left, rounded again. */
import type { DoubleDouble } from './double-double.ts';

export const DD_LN2: DoubleDouble = { hi: 0.6931471805599453, lo: 2.3190468138462996e-17 };
export const DD_PI: DoubleDouble = { hi: 3.141592653589793, lo: 1.2246467991473532e-16 };
export const DD_HALF_PI: DoubleDouble = { hi: 1.5707963267948966, lo: 6.123233995736766e-17 };
export const DD_LOG_PI: DoubleDouble = { hi: 1.1447298858494002, lo: 1.0265951162707826e-17 };
export const DD_HALF_LOG_TWO_PI: DoubleDouble = { hi: 0.9189385332046728, lo: -3.8782941580672414e-17 };
/** 2 / sqrt(pi) */
export const DD_TWO_OVER_ROOT_PI: DoubleDouble = { hi: 1.1283791670955126, lo: 1.533545961316588e-17 };
