/**
 * power(x, y) = exp(y log |x|), the logarithm and the product as pairs of numbers: y log |x| may be 700 and needs an absolute error below an
 * ULP of 1.
 *
 *     |x| = 2^e (1 + f);  s = f / (2 + f);  log(1 + f) = 2 s (1 + z (1/3 + z Q(z))), z = s^2;  only Q is a single number
 *
 * Q is a minimax polynomial (Remez on |s| <= 0.1718, 50 digits, weight z^2). Special values are those of IEEE 754's pow.
 */
import {
  abs,
  add,
  and,
  compare,
  divide,
  fma,
  multiply,
  not,
  or,
  select,
  subtract,
  unary,
} from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { type DoubleWord, fastTwoSum, twoProduct } from './double-word.ts';
import { expConstants, reducedExpOfSum } from './exp.ts';
import { logConstants, normalised, reducedLog } from './log.ts';
import {
  atLeast,
  atMost,
  like,
  type MathDType,
  type MathSite,
  mathDType,
  polynomial,
  scaled,
  share,
  signBits,
  twoPowersOfTwo,
  withSign,
} from './math-site.ts';

interface PowerConstants {
  /** Bits of the root of 1/2. */
  readonly leastBits: bigint;
  /** Greater exponents give what this one gives: 1, 0 or infinity. */
  readonly greatestExponent: number;
  readonly third: readonly [number, number];
  readonly coefficients: readonly number[];
}

const constants: Readonly<Record<MathDType, PowerConstants>> = {
  f32: {
    leastBits: 0x3f3504f3n,
    greatestExponent: 2 ** 33,
    third: [0.3333333432674408, -9.934107481068821e-9],
    // Error 2^-36.8.
    coefficients: [0.2000007629, 0.1427351683, 0.1171052679],
  },
  f64: {
    leastBits: 0x3fe6a09e667f3bcdn,
    greatestExponent: 2 ** 65,
    third: [0.3333333333333333, 1.850371707708594e-17],
    // Error 2^-73.5.
    coefficients: [
      0.19999999999999987, 0.1428571428572267, 0.11111111108740784, 0.09090909438526397, 0.07692278205519638,
      0.06668167563855988, 0.0583722936876151, 0.05996006031019637,
    ],
  },
}; // prettier-ignore

export function expandPower(site: MathSite, x: Expr, y: Expr): Expr {
  const { greatestExponent } = constants[mathDType(x)];
  const magnitude = share(site, 'magnitude', abs(x));
  const log = preciseLog(site, magnitude);
  // Infinity and NaN pass; log 0 = -inf.
  const ofFinite = select(compare('eq', magnitude, 0), like(x, -Infinity), log.high);
  const logHigh = share(site, 'log', select(compare('lt', magnitude, Infinity), ofFinite, magnitude));
  const exponent = share(site, 'exponent', atMost(atLeast(y, -greatestExponent), greatestExponent));
  const product = twoProduct(site, exponent, logHigh);
  const result = expOfPair(site, { high: product.high, low: fma(exponent, log.low, product.low) });
  return powerSpecials(site, x, y, result);
}

/** For x > 0; anything for 0, infinity and NaN. */
function preciseLog(site: MathSite, x: Expr): DoubleWord {
  const dtype = mathDType(x);
  const { leastBits } = constants[dtype];
  const { ln2High, ln2Low } = logConstants[dtype];
  const normal = normalised(site, x);
  const { exponent, f } = reducedLog(site, normal.value, leastBits);
  const e = share(site, 'e', add(exponent, normal.exponent));
  const half = halfLogOfMantissa(site, f);
  const sum = fastTwoSum(site, multiply(e, ln2High), multiply(half.high, 2));
  const low = fma(e, like(x, ln2Low), fma(half.low, like(x, 2), sum.low));
  return { high: sum.high, low: share(site, 'log_low', low) };
}

/** log(1 + f) / 2 for |f| < 0.42. */
function halfLogOfMantissa(site: MathSite, f: Expr): DoubleWord {
  const { third, coefficients } = constants[mathDType(f)];
  const s = quotient(site, f);
  const square = twoProduct(site, s.high, s.high);
  const z: DoubleWord = { high: square.high, low: fma(multiply(s.high, 2), s.low, square.low) };
  const zLow = share(site, 'z_low', z.low);
  const tail = fma(z.high, polynomial(z.high, coefficients), like(f, third[1]));
  const u = fastTwoSum(site, like(f, third[0]), share(site, 'tail', tail));
  const t = twoProduct(site, z.high, u.high);
  const tLow = fma(zLow, u.high, fma(z.high, u.low, t.low));
  const w = twoProduct(site, s.high, t.high);
  const wLow = fma(s.high, tLow, fma(s.low, t.high, w.low));
  const sum = fastTwoSum(site, s.high, w.high);
  return { high: sum.high, low: share(site, 'half_low', add(sum.low, add(s.low, wLow))) };
}

/** f / (2 + f). */
function quotient(site: MathSite, f: Expr): DoubleWord {
  const sum = share(site, 'sum', add(f, 2));
  const sumLow = subtract(f, subtract(sum, 2));
  const inverse = share(site, 'inverse', divide(like(f, 1), sum));
  const high = share(site, 's', multiply(f, inverse));
  const product = twoProduct(site, high, sum);
  const rest = subtract(subtract(subtract(f, product.high), product.low), multiply(high, sumLow));
  return { high, low: share(site, 's_low', multiply(rest, inverse)) };
}

function expOfPair(site: MathSite, { high, low }: DoubleWord): Expr {
  const { least, most } = expConstants[mathDType(high)];
  const bounded = share(site, 'bounded', atMost(atLeast(high, least), most));
  const { bits, q } = reducedExpOfSum(site, bounded, select(compare('eq', bounded, high), low, 0));
  return scaled(add(q, 1), twoPowersOfTwo(site, bits));
}

/** The sign, and what |x|^y does not say. */
function powerSpecials(site: MathSite, x: Expr, y: Expr, magnitude: Expr): Expr {
  const isInteger = share(site, 'is_integer', compare('eq', unary('floor', y), y));
  const half = share(site, 'half_y', multiply(y, 0.5));
  const isOdd = and(isInteger, compare('ne', unary('floor', half), half));
  const value = share(site, 'value', magnitude);
  const signed = select(isOdd, withSign(value, signBits(x)), value);
  const isNegative = and(compare('lt', x, 0), compare('gt', x, -Infinity));
  const real = select(and(isNegative, not(isInteger)), NaN, signed);
  return select(or(compare('eq', y, 0), compare('eq', x, 1)), 1, real);
}
