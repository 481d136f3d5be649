/**
 * a * b + c with one rounding. Sources: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using
 * rounding to odd", IEEE Transactions on Computers 57(4), 2008; integers where products of doubles overflow or lose bits.
 */
import { exponentOf, f64FromBits, f64ToBits, scaleByPowerOfTwo } from '../../ir/numerics/index.ts';

/** For operands of at most 24 bits of precision; `round` takes the sum to their format. */
export function fmaNarrow(a: number, b: number, c: number, round: (x: number) => number): number {
  const product = a * b;
  return round(sumToOdd(product, c));
}

/** x + y; when inexact, the neighbour with an odd last bit, so that a later rounding sees which side of a tie it was. */
function sumToOdd(x: number, y: number): number {
  const sum = x + y;
  const part = sum - x;
  const error = x - (sum - part) + (y - part);
  if (error === 0 || !Number.isFinite(sum) || Number.isNaN(error)) return sum;
  const bits = f64ToBits(sum);
  if ((bits & 1n) === 1n) return sum;
  return f64FromBits(error > 0 === sum > 0 ? bits + 1n : bits - 1n);
}

const splitter = 134217729;

export function fmaF64(a: number, b: number, c: number): number {
  const product = a * b;
  if (!Number.isFinite(a) || !Number.isFinite(b) || a === 0 || b === 0) return product + c;
  // The product itself is finite, though as a double it may not be.
  if (!Number.isFinite(c)) return c;
  if (isExtreme(a, b, c)) return fmaByIntegers(a, b, c);
  const aHigh = splitter * a - (splitter * a - a);
  const aLow = a - aHigh;
  const bHigh = splitter * b - (splitter * b - b);
  const bLow = b - bHigh;
  const productLow = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
  const low = c + productLow;
  const lowPart = low - c;
  const lowError = c - (low - lowPart) + (productLow - lowPart);
  const high = product + low;
  const highPart = high - product;
  const highError = product - (high - highPart) + (low - highPart);
  return high + sumToOdd(lowError, highError);
}

function isExtreme(a: number, b: number, c: number): boolean {
  const exponents = [exponentOf(a), exponentOf(b), exponentOf(a) + exponentOf(b)];
  if (exponents.some((exponent) => exponent > 900 || exponent < -850)) return true;
  return c !== 0 && (exponentOf(c) > 900 || exponentOf(c) < -850);
}

/** A finite number as an integer times a power of two. */
function parts(value: number): readonly [mantissa: bigint, exponent: number] {
  const bits = f64ToBits(value);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return [bits >> 63n === 0n ? magnitude : -magnitude, Math.max(biased, 1) - 1075];
}

function fmaByIntegers(a: number, b: number, c: number): number {
  const [am, ae] = parts(a);
  const [bm, be] = parts(b);
  const [cm, ce] = parts(c);
  const exponent = Math.min(ae + be, ce);
  const sum = ((am * bm) << BigInt(ae + be - exponent)) + (cm << BigInt(ce - exponent));
  if (sum === 0n) return c === 0 ? a * b + c : 0;
  const rounded = roundedInteger(sum < 0n ? -sum : sum, exponent);
  return sum < 0n ? -rounded : rounded;
}

/** magnitude * 2^exponent, to nearest even. */
function roundedInteger(magnitude: bigint, exponent: number): number {
  const bits = magnitude.toString(2).length;
  const drop = Math.max(bits - 53, -1074 - exponent, 0);
  const kept = magnitude >> BigInt(drop);
  const rest = magnitude - (kept << BigInt(drop));
  const half = drop === 0 ? 0n : 1n << BigInt(drop - 1);
  const isUp = drop > 0 && (rest > half || (rest === half && (kept & 1n) === 1n));
  return scaleByPowerOfTwo(Number(isUp ? kept + 1n : kept), exponent + drop);
}
