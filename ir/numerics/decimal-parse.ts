/**
 * Decimal text to a value of any storage format, rounded once, to nearest with ties to even.
 *
 * `Math.fround(Number(text))` rounds twice, and ECMAScript leaves digits after the 20th to the engine. So `Number` is
 * used only for short literals, and only where every real number that it may have been rounded from goes to the same
 * value of the format; everything else is decided by an exact comparison over bigints (Clinger 1990, "How to Read
 * Floating Point Numbers Accurately": AlgorithmM, without its search).
 */
import { scaleByPowerOfTwo } from './bits.ts';
import { encodeFloatToBigint, roundToFormat } from './float-codec.ts';
import type { FloatFormat } from './float-formats.ts';

/** `digits * 10^exponent`, negated if `negative`; `digits` is decimal, without leading or trailing zeros. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** ECMAScript defines `Number(text)` exactly up to here. */
const EXACT_NUMBER_DIGITS = 20;
/** The longest midpoint between two f64 has 768 significant digits; later ones only say "a little more". */
const SIGNIFICANT_DIGITS = 800;
/** Decimal exponents beyond this, of either sign, are beyond every format. */
const EXPONENT_LIMIT = 400;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The value of `text` in `format`, as a number; undefined where it is no decimal literal
 * (`-1`, `1.5`, `1.`, `2.5e-3`; neither `inf` nor `nan` nor hexadecimal). Overflow is the format's own.
 */
export function parseFloatToValue(text: string, format: FloatFormat): number | undefined {
  const decimal = scanDecimal(text);
  if (decimal === undefined) return undefined;
  if (decimal.digits.length > EXACT_NUMBER_DIGITS) return roundExactly(decimal, format);
  const nearest = Number(`${decimal.negative ? '-' : ''}${decimal.digits}e${decimal.exponent}`);
  if (format.name === 'f64') return nearest;
  const below = roundToFormat(nearest * (1 - Number.EPSILON), format);
  const above = roundToFormat(nearest * (1 + Number.EPSILON), format);
  return Object.is(below, above) ? roundToFormat(nearest, format) : roundExactly(decimal, format);
}

/** As `parseFloatToValue`, as the format's bit pattern. */
export function parseFloatToBits(text: string, format: FloatFormat): bigint | undefined {
  const value = parseFloatToValue(text, format);
  return value === undefined ? undefined : encodeFloatToBigint(value, format);
}

function scanDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const leading = (whole + fraction).replace(/^0+/, '');
  const digits = trimTrailingZeros(leading);
  const shift = leading.length - digits.length - fraction.length;
  const exponent = clampExponent(Number(exponentText) + shift, digits.length);
  return truncateDigits({ negative: sign === '-', digits: digits === '' ? '0' : digits, exponent });
}

function trimTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}

/** Keeps hostile exponents small without moving the value across any format's range. */
function clampExponent(exponent: number, digitCount: number): number {
  if (exponent + digitCount > EXPONENT_LIMIT) return EXPONENT_LIMIT;
  return Math.max(exponent, -EXPONENT_LIMIT - digitCount);
}

function truncateDigits(decimal: Decimal): Decimal {
  const excess = decimal.digits.length - SIGNIFICANT_DIGITS;
  if (excess <= 0) return decimal;
  const digits = `${decimal.digits.slice(0, SIGNIFICANT_DIGITS)}1`;
  return { ...decimal, digits, exponent: decimal.exponent + excess - 1 };
}

/** Nearest value with the format's precision and least exponent; overflow is left to `roundToFormat`. */
function roundExactly(decimal: Decimal, format: FloatFormat): number {
  const { digits, exponent, negative } = decimal;
  const numerator = BigInt(digits) * (exponent > 0 ? 10n ** BigInt(exponent) : 1n);
  const denominator = exponent < 0 ? 10n ** BigInt(-exponent) : 1n;
  if (numerator === 0n) return roundToFormat(negative ? -0 : 0, format);
  const leastExponent = format.specials === 'power-of-two' ? -EXPONENT_LIMIT * 4 : format.minExponent;
  const quantum = Math.max(binaryExponent(numerator, denominator), leastExponent) - format.mantissaBits;
  const significand = divideHalfEven(
    quantum < 0 ? numerator << BigInt(-quantum) : numerator,
    quantum > 0 ? denominator << BigInt(quantum) : denominator,
  );
  const magnitude = scaleByPowerOfTwo(Number(significand), quantum);
  return roundToFormat(negative ? -magnitude : magnitude, format);
}

/** `floor(log2(numerator / denominator))`. */
function binaryExponent(numerator: bigint, denominator: bigint): number {
  const estimate = bitLength(numerator) - bitLength(denominator);
  const isBelow =
    estimate >= 0 ? numerator < denominator << BigInt(estimate) : numerator << BigInt(-estimate) < denominator;
  return isBelow ? estimate - 1 : estimate;
}

function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return 4 * hex.length - (Math.clz32(Number.parseInt(hex.charAt(0), 16)) - 28);
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twiceRest = 2n * (numerator % denominator);
  const roundsUp = twiceRest > denominator || (twiceRest === denominator && (quotient & 1n) === 1n);
  return roundsUp ? quotient + 1n : quotient;
}
