/**
 * Reduction of an angle to the nearest multiple of pi / 2, exact enough for a double-double at every argument.
 *
 * Up to 2^20 the multiple is subtracted in three parts of 33 bits and a tail (Cody, Waite 1980, "Software Manual for
 * the Elementary Functions"); beyond, the fraction of x * 2/pi comes from an exact product with 1,300 bits of 2/pi
 * (Payne, Hanek 1983, "Radian reduction for trigonometric functions"). No double is nearer to a multiple of pi / 2 than
 * 2^-62 relative to it (Muller, "Elementary Functions", table 11.1), and both ways keep 150 bits or more after the point.
 */
import { exponentOf, scaleByPowerOfTwo } from './bits.ts';
import { DD_HALF_PI } from './dd-constants.ts';
import type { DoubleDouble } from './double-double.ts';
import { ddAdd, ddAddF64, ddFrom, ddMul, twoProduct, twoSum } from './double-double.ts';
import { roundHalfEven } from './rounding.ts';

export type Quadrant = 0 | 1 | 2 | 3;

/** `x = quadrant * pi / 2 + rest` modulo 2 pi, with `|rest|` at most pi / 4 (and a rounding error). */
export interface ReducedAngle {
  readonly quadrant: Quadrant;
  readonly rest: DoubleDouble;
}

const QUARTER_PI = 0.7853981633974483;
const TWO_OVER_PI = 0.6366197723675814;
const MEDIUM_LIMIT = 1048576;

/** pi / 2 in three parts of 33 bits, whose products with integers below 2^20 are exact, and what is left. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;

/** floor(2 / pi * 2^1300) */
const TWO_OVER_PI_BITS = 1300n;
const TWO_OVER_PI_DIGITS = BigInt(
  '0x' +
    'a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921c' +
    'fe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f' +
    'ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08' +
    '56033046fc7b6babf0cfbc209af4361da9e39',
);
/** Bits kept after the point of x * 2/pi. */
const FRACTION_BITS = 200n;

/** The nearest multiple of pi / 2 to a finite `x`, and the rest. */
export function reduceByHalfPi(x: number): ReducedAngle {
  const magnitude = Math.abs(x);
  if (magnitude <= QUARTER_PI) return { quadrant: 0, rest: ddFrom(x) };
  return magnitude < MEDIUM_LIMIT ? reduceMedium(x) : reduceLarge(x);
}

function reduceMedium(x: number): ReducedAngle {
  const multiple = roundHalfEven(x * TWO_OVER_PI);
  const first = twoSum(x - multiple * HALF_PI_1, -multiple * HALF_PI_2);
  const second = ddAddF64(first, -multiple * HALF_PI_3);
  return { quadrant: quadrantOf(multiple & 3), rest: ddAdd(second, twoProduct(-multiple, HALF_PI_4)) };
}

function reduceLarge(x: number): ReducedAngle {
  const exponent = exponentOf(x) - 52;
  const product = BigInt(scaleByPowerOfTwo(x, -exponent)) * TWO_OVER_PI_DIGITS;
  const turns = product >> (TWO_OVER_PI_BITS - BigInt(exponent) - FRACTION_BITS);
  const multiple = (turns + (1n << (FRACTION_BITS - 1n))) >> FRACTION_BITS;
  const fraction = turns - (multiple << FRACTION_BITS);
  const hi = Number(fraction);
  const lo = Number(fraction - BigInt(hi));
  const scale = -Number(FRACTION_BITS);
  const scaled = { hi: scaleByPowerOfTwo(hi, scale), lo: scaleByPowerOfTwo(lo, scale) };
  return { quadrant: quadrantOf(Number(multiple & 3n)), rest: ddMul(scaled, DD_HALF_PI) };
}

function quadrantOf(low: number): Quadrant {
  return low === 0 || low === 1 || low === 2 ? low : 3;
}
