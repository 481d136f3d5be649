/**
 * x = k pi/2 + r for any great x, after Payne and Hanek ("Radian reduction for trigonometric functions", SIGNUM Newsletter 18(1), 1983), in
 * integer lanes. With w = 12 (f32) or 27 (f64) bits a digit:
 *
 *     |x| = M 2^s 2^(w (j - zeros)),  0 <= s < w;  M 2^s in three digits;  2/pi in digits, of which the 9 from j on matter
 *     x 2/pi mod 4 = columns of the product, of weight 2^0, 2^-w, ... 2^-6w; carries leave balanced digits, k and the fraction
 *     r = fraction pi/2, the leading products exact
 *
 * Digits of higher weight are multiples of 4, lower ones are below the last bit of any r (the least |r| of f32 is above 2^-30, of f64 above
 * 2^-62). The digits from j on are selected by the bits of j: no table, no gather, no shift by a lane's own count.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import {
  abs,
  add,
  and,
  compare,
  fma,
  multiply,
  negate,
  select,
  subtract,
  unary,
  convert,
} from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { ReducedAngle } from './angle-reduction.ts';
import { integerToFloat } from './log.ts';
import {
  layoutOf,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  powerOfTwo,
  share,
  shiftLeft,
  shiftRight,
  toBits,
} from './math-site.ts';

interface DigitConstants {
  readonly width: number;
  /** Digits of 0 in front of those of 2/pi, for the least x. */
  readonly zeros: number;
  /** n / width = n * multiplier >> shift for the n that occur; the greatest of them. */
  readonly multiplier: number;
  readonly shift: number;
  readonly greatest: number;
  /** pi/2: parts whose products with a digit are exact, and the rest. */
  readonly parts: readonly [number, number, number];
}

const constants: Readonly<Record<MathDType, DigitConstants>> = {
  f32: {
    width: 12, zeros: 1, multiplier: 171, shift: 11, greatest: 116,
    parts: [1.5703125, 0.0004837512969970703, 7.549789954891882e-8],
  },
  f64: {
    width: 27, zeros: 2, multiplier: 38837, shift: 20, greatest: 1025,
    parts: [1.5707963109016418, 1.5893254712295857e-8, 6.123233995736766e-17],
  },
}; // prettier-ignore

/** The first 1312 bits of 2/pi after the point. */
const twoOverPi = BigInt(
  '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73e' +
    'e88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f' +
    '463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc209af4361da9e39161',
);

const columns = 7;
const pieces = 3;

export function reduceGreatAngle(site: MathSite, x: Expr): ReducedAngle {
  const { exponentBias, mantissaBits } = layoutOf(x);
  const { width, zeros, multiplier, shift } = constants[mathDType(x)];
  const magnitude = share(site, 'magnitude', abs(x));
  // |x| = M 2^exponent.
  const exponent = subtract(shiftRight(toBits(magnitude), mantissaBits), exponentBias + mantissaBits);
  const first = share(site, 'first', shiftRight(multiply(add(exponent, width * zeros), multiplier), shift));
  const scale = powerOfTwo(multiply(subtract(first, zeros), -width));
  const digits = significandDigits(site, share(site, 'significand', multiply(magnitude, scale)), width);
  const window = digitsFrom(site, first, digitsOfTwoOverPi(mathDType(x)));
  const { quadrant, fraction } = productColumns(site, digits, window, width);
  const r = timesHalfPi(site, fraction, mathDType(x));
  const isNegative = share(site, 'is_negative', compare('lt', x, 0));
  const signed = (value: Expr): Expr => select(isNegative, negate(value), value);
  return {
    high: select(compare('lt', magnitude, Infinity), signed(r.high), NaN),
    low: signed(r.low),
    quadrant: signed(quadrant),
  };
}

/** A whole number below 2^(3 width) as three digits, the least first; integers. */
function significandDigits(site: MathSite, significand: Expr, width: number): readonly Expr[] {
  const high = share(site, 'high', unary('floor', multiply(significand, 2 ** (-2 * width))));
  const rest = share(site, 'rest', subtract(significand, multiply(high, 2 ** (2 * width))));
  const middle = share(site, 'middle', unary('floor', multiply(rest, 2 ** -width)));
  const low = subtract(rest, multiply(middle, 2 ** width));
  return [low, middle, high].map((digit) => share(site, 'digit', floatToInteger(digit)));
}

/** Of a whole number below 2^(mantissaBits - 1); by bits for i64, for lack of an instruction. */
function floatToInteger(x: Expr): Expr {
  const { rounder, bits } = layoutOf(x);
  if (bits === 'i32') return convert('i32', x);
  const sum = toBits(add(x, rounder));
  return subtract(sum, 0x4338000000000000n);
}

/** As many as the greatest exponent may need, most significant first, after zeros. */
function digitsOfTwoOverPi(dtype: MathDType): readonly number[] {
  const { width, zeros, greatest } = constants[dtype];
  const count = Math.floor(greatest / width) + columns + pieces - 1;
  return Array.from({ length: count }, (_, index) => {
    const digit = index - zeros - 1;
    if (digit < 0) return 0;
    return Number((twoOverPi >> BigInt(1312 - width * (digit + 1))) & ((1n << BigInt(width)) - 1n));
  });
}

/** digits[first + n] for the n of the window: each bit of `first` halves what may still be meant. */
function digitsFrom(site: MathSite, first: Expr, digits: readonly number[]): readonly Expr[] {
  const count = columns + pieces - 1;
  let candidates: readonly Expr[] = digits.map((digit) => like(first, digit));
  const bits = Math.ceil(Math.log2(digits.length - count + 1));
  for (let bit = bits - 1; bit >= 0; bit--) {
    const step = 2 ** bit;
    const isSet = share(site, 'is_set', compare('ne', and(first, step), 0));
    const kept = Math.min(candidates.length, count + step - 1);
    const previous = candidates;
    candidates = Array.from({ length: kept }, (_, index) => {
      const near = previous[index] ?? like(first, 0);
      return share(site, 'd', select(isSet, previous[index + step] ?? like(first, 0), near));
    });
  }
  return candidates;
}

/** The product modulo 4: its integer part, and the digits of its fraction, balanced (from -2^(w-1) to 2^(w-1)). */
function productColumns(
  site: MathSite,
  digits: readonly Expr[],
  window: readonly Expr[],
  width: number,
): { readonly quadrant: Expr; readonly fraction: readonly Expr[] } {
  const column = (index: number): Expr =>
    digits
      .map((digit, piece) => multiply(digit, window[index + piece] ?? 0))
      .reduce((sum, product) => add(sum, product));
  const fraction: Expr[] = [];
  let carry = shiftRight(add(column(columns - 1), 2 ** (width - 1)), width);
  for (let index = columns - 2; index > 0; index--) {
    const sum = share(site, 'column', add(column(index), carry));
    carry = share(site, 'carry', shiftRight(add(sum, 2 ** (width - 1)), width));
    fraction.unshift(subtract(sum, shiftLeft(carry, width)));
  }
  return { quadrant: share(site, 'quadrant', add(column(0), carry)), fraction };
}

function timesHalfPi(
  site: MathSite,
  fraction: readonly Expr[],
  dtype: MathDType,
): { readonly high: Expr; readonly low: Expr } {
  const [most, middle, least] = constants[dtype].parts;
  const { width } = constants[dtype];
  const terms = fraction.map((digit, index) =>
    share(site, 'term', multiply(integerToFloat(digit), 2 ** (-width * (index + 1)))),
  );
  const [first, second, ...rest] = terms;
  if (first === undefined || second === undefined) throw new InvariantError('a fraction of fewer than two digits');
  const tail = rest.reduceRight((sum, term) => add(term, sum));
  const small = fma(first, like(first, least), fma(second, like(first, middle), multiply(tail, most + middle)));
  const greater = share(site, 'greater', multiply(first, most));
  const lesser = share(site, 'lesser', multiply(second, most));
  const high = share(site, 'high', add(greater, lesser));
  const lost = add(subtract(greater, high), lesser);
  return { high, low: share(site, 'low', add(fma(first, like(first, middle), lost), small)) };
}
