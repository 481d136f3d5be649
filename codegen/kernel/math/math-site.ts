/**
 * What the expansions are written with: named values, polynomials, and the bits of floats. Everything is generic in the number of lanes,
 * and free of branches, tables and library calls.
 *
 * `fma` is may-fuse throughout: each expansion is within its bound whether a target rounds a * b + c once or twice. Where an error term
 * has to be exact, it is written with plain `multiply` and `add`, which no target may contract.
 */
import type { LoopBuilder } from '../loop-builder.ts';
import {
  add,
  and,
  binary,
  bitcast,
  compare,
  constant,
  convert,
  fma,
  multiply,
  or,
  select,
  subtract,
  unary,
  xor,
} from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { TargetInfo } from '../target-info.ts';
import { vector } from '../value-type.ts';

export interface MathSite {
  readonly builder: LoopBuilder;
  readonly target: TargetInfo;
}

/** Dtypes an expansion computes in; f16 and bf16 go through f32. */
export type MathDType = 'f32' | 'f64';

/** What sets the formats apart. */
export interface FloatLayout {
  readonly bits: 'i32' | 'i64';
  /** Bits of the significand that are stored. */
  readonly mantissaBits: number;
  readonly exponentBias: number;
  /** 1.5 * 2^mantissaBits: a number added to it is rounded to an integer, which is then in its low bits. */
  readonly rounder: number;
  readonly leastNormal: number;
  readonly signMask: bigint;
}

const layouts: Readonly<Record<MathDType, FloatLayout>> = {
  f32: {
    bits: 'i32',
    mantissaBits: 23,
    exponentBias: 127,
    rounder: 12582912,
    leastNormal: 1.1754943508222875e-38,
    signMask: 0x80000000n,
  },
  f64: {
    bits: 'i64',
    mantissaBits: 52,
    exponentBias: 1023,
    rounder: 6755399441055744,
    leastNormal: 2.2250738585072014e-308,
    signMask: 0x8000000000000000n,
  },
};

export function mathDType(x: Expr): MathDType {
  return x.type.dtype === 'f64' ? 'f64' : 'f32';
}

export function layoutOf(x: Expr): FloatLayout {
  return layouts[mathDType(x)];
}

/** Names a value that is used more than once. */
export function share(site: MathSite, name: string, value: Expr): Expr {
  return site.builder.let(name, value);
}

/** The bits of a float as a signed integer of its width. */
export function toBits(x: Expr): Expr {
  return bitcast(vector(layoutOf(x).bits, x.type.lanes), x);
}

/** A float of the integer's width from its bits. */
export function fromBits(bits: Expr): Expr {
  return bitcast(vector(bits.type.dtype === 'i64' ? 'f64' : 'f32', bits.type.lanes), bits);
}

/** c[0] + x (c[1] + x (c[2] + ...)). */
export function polynomial(x: Expr, coefficients: readonly number[]): Expr {
  const [highest, ...rest] = coefficients.toReversed();
  if (highest === undefined) return multiply(x, 0);
  let result: Expr | number = highest;
  for (const each of rest)
    result = typeof result === 'number' ? affine(x, result, each) : fma(result, x, like(x, each));
  return typeof result === 'number' ? like(x, result) : result;
}

/** The same in pairs, with x^2 at hand: as many multiply-adds, half of them one after the other. */
export function pairedPolynomial(x: Expr, square: Expr, coefficients: readonly number[]): Expr {
  const pairs: Expr[] = [];
  for (let at = 0; at < coefficients.length; at += 2) {
    const [term = 0, factor] = coefficients.slice(at, at + 2);
    pairs.push(factor === undefined ? like(x, term) : affine(x, factor, term));
  }
  return pairs.reduceRight((sum, pair) => fma(sum, square, pair));
}

/** factor * x + term. */
export function affine(x: Expr, factor: number, term: number): Expr {
  return fma(like(x, factor), x, like(x, term));
}

/** A constant of the type of x. */
export function like(x: Expr, value: number | bigint): Expr {
  return constant(x.type, value);
}

/** x where it is less, else the bound; NaN stays. One instruction where there is a `pmin`. */
export function atMost(x: Expr, bound: number): Expr {
  return select(compare('gt', x, bound), bound, x);
}

export function atLeast(x: Expr, bound: number): Expr {
  return select(compare('lt', x, bound), bound, x);
}

export function shiftLeft(x: Expr, count: number): Expr {
  return binary('shift-left', x, count);
}

export function shiftRight(x: Expr, count: number): Expr {
  return binary('shift-right-arithmetic', x, count);
}

/** The sign bit alone, as an integer. */
export function signBits(x: Expr): Expr {
  return and(toBits(x), like(toBits(x), BigInt.asIntN(64, layoutOf(x).signMask)));
}

/** The magnitude (which has no sign) with the sign given as bits. */
export function withSign(magnitude: Expr, sign: Expr): Expr {
  return fromBits(or(toBits(magnitude), sign));
}

/** A float rounded to the nearest integer: as a float, and with its value, plus a bias, in the low bits of an integer (the others are not defined). */
export interface RoundedToInteger {
  readonly value: Expr;
  readonly bits: Expr;
}

/**
 * round(x * factor) for |x * factor| < 2^(mantissaBits - 2). Adding 1.5 * 2^mantissaBits rounds, and leaves the integer in the low bits; a
 * target that may rearrange sums (those that need not keep NaN do) gets the instructions instead.
 */
export function roundScaled(site: MathSite, x: Expr, factor: number, bias = 0): RoundedToInteger {
  const { rounder, bits } = layoutOf(x);
  if (site.target.mayIgnoreNan) {
    const value = share(site, 'k', unary('round-even', multiply(x, factor)));
    const integer = convert(bits, value);
    return { value, bits: share(site, 'k_bits', bias === 0 ? integer : add(integer, like(integer, bias))) };
  }
  const sum = share(site, 'k_sum', affine(x, factor, rounder + bias));
  return { value: share(site, 'k', subtract(sum, rounder + bias)), bits: share(site, 'k_bits', toBits(sum)) };
}

/** 2^k for k, and the bias of exponents, in the low bits of an integer. */
export function powerOfTwoBiased(bits: Expr): Expr {
  return fromBits(shiftLeft(bits, layouts[bits.type.dtype === 'i64' ? 'f64' : 'f32'].mantissaBits));
}

/** NaN stays; an instruction each where there are `pmin` and `pmax`. */
export function clampTo(site: MathSite, x: Expr, least: number, most: number): Expr {
  return share(site, 'bounded', atMost(share(site, 'bounded', atLeast(x, least)), most));
}

/** 2^k for k given in the low bits of an integer, in the range of normal numbers. */
export function powerOfTwo(bits: Expr): Expr {
  const { mantissaBits, exponentBias } = layouts[bits.type.dtype === 'i64' ? 'f64' : 'f32'];
  const one = BigInt(exponentBias) << BigInt(mantissaBits);
  return fromBits(add(shiftLeft(bits, mantissaBits), like(bits, one)));
}

/** 2^k as two factors, so that x * first * second is right for any k: to a subnormal, to 0, to infinity. */
export function twoPowersOfTwo(site: MathSite, bits: Expr): readonly [Expr, Expr] {
  const half = share(site, 'k_half', shiftRight(bits, 1));
  return [share(site, 'scale1', powerOfTwo(half)), share(site, 'scale2', powerOfTwo(subtract(bits, half)))];
}

export function scaled(x: Expr, [first, second]: readonly [Expr, Expr]): Expr {
  return multiply(multiply(x, first), second);
}

/** x where it is at least 0, else -x, and what that took from it. */
export function signAndMagnitude(site: MathSite, x: Expr): { readonly sign: Expr; readonly magnitude: Expr } {
  const sign = share(site, 'sign', signBits(x));
  return { sign, magnitude: share(site, 'magnitude', fromBits(xor(toBits(x), sign))) };
}
