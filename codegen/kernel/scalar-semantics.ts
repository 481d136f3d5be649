/**
 * What each scalar op gives, to the last bit: the reference that constant folding and the interpreter share. `i64` and `ui64` are bigints,
 * everything else is a number: i1 is 0 or 1, an `index` is a safe integer, a float is its value (f16 and bf16 too).
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import * as numerics from '../../ir/numerics/index.ts';
import type { BinaryOp, CompareOp, UnaryOp } from './scalar-ops.ts';
import { isFloatKernelDType, isUnsignedKernelDType, type KernelDType } from './value-type.ts';

export type NumberUnary = (x: number) => number;
export type NumberBinary = (x: number, y: number) => number;
export type BigintUnary = (x: bigint) => bigint;
export type BigintBinary = (x: bigint, y: bigint) => bigint;

/** `bigint` for i64 and ui64; `number` for everything else. */
export function isBigintDType(dtype: KernelDType): dtype is 'i64' | 'ui64' {
  return dtype === 'i64' || dtype === 'ui64';
}

const widths: Readonly<Record<Exclude<KernelDType, 'f16' | 'bf16' | 'f32' | 'f64'>, number>> = {
  i1: 1,
  i8: 8,
  ui8: 8,
  i16: 16,
  ui16: 16,
  i32: 32,
  ui32: 32,
  i64: 64,
  ui64: 64,
  index: 64,
};

export function integerFormat(dtype: KernelDType): numerics.IntegerFormat {
  if (dtype === 'f16' || dtype === 'bf16' || dtype === 'f32' || dtype === 'f64')
    throw new InvariantError(`${dtype} is no integer type`);
  return { width: widths[dtype], signed: !isUnsignedKernelDType(dtype) };
}

/** Rounds an f64 to the dtype. */
export function rounderOf(dtype: KernelDType): NumberUnary {
  if (dtype === 'f64') return (x) => x;
  if (dtype === 'f32') return Math.fround;
  if (dtype !== 'f16' && dtype !== 'bf16') throw new InvariantError(`${dtype} is no float type`);
  const format = numerics.floatFormats[dtype];
  return (x) => numerics.roundToFormat(x, format);
}

/** The low bits of an integer of magnitude below 2^53; an index stays what it is. */
export function wrapperOf(dtype: KernelDType): NumberUnary {
  if (dtype === 'i32') return (x) => x | 0;
  if (dtype === 'index') return (x) => x;
  const format = integerFormat(dtype);
  return (x) => numerics.wrapInt(x, format);
}

const floatBinary: Readonly<Partial<Record<BinaryOp, NumberBinary>>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  remainder: (x, y) => x % y,
  minimum: Math.min,
  maximum: Math.max,
  power: numerics.pow,
  atan2: numerics.atan2,
};

const f32Binary: Readonly<Partial<Record<BinaryOp, NumberBinary>>> = {
  add: (x, y) => Math.fround(x + y),
  subtract: (x, y) => Math.fround(x - y),
  multiply: (x, y) => Math.fround(x * y),
  divide: (x, y) => Math.fround(x / y),
};

const booleanBinary: Readonly<Partial<Record<BinaryOp, NumberBinary>>> = {
  add: (x, y) => x | y,
  multiply: (x, y) => x & y,
  minimum: (x, y) => x & y,
  maximum: (x, y) => x | y,
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
};

const indexBinary: Readonly<Partial<Record<BinaryOp, NumberBinary>>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y + 0,
  divide: (x, y) => (y === 0 ? -1 : Math.trunc(x / y) + 0),
  remainder: (x, y) => (y === 0 ? x : (x % y) + 0),
  minimum: Math.min,
  maximum: Math.max,
  and: (x, y) => Number(BigInt(x) & BigInt(y)),
  or: (x, y) => Number(BigInt(x) | BigInt(y)),
  xor: (x, y) => Number(BigInt(x) ^ BigInt(y)),
  'shift-left': (x, y) => x * numerics.powerOfTwo(y),
  'shift-right-arithmetic': (x, y) => Math.floor(x / numerics.powerOfTwo(y)),
  'shift-right-logical': (x, y) => Math.floor(x / numerics.powerOfTwo(y)),
};

function integerBinary(op: BinaryOp, dtype: KernelDType): NumberBinary | undefined {
  const format = integerFormat(dtype);
  const wrap = wrapperOf(dtype);
  const { width } = format;
  const isPast = (amount: number): boolean => amount < 0 || amount >= width;
  const unsigned = { width, signed: false };
  const signed = { width, signed: true };
  switch (op) {
    case 'add':
      return (x, y) => wrap(x + y);
    case 'subtract':
      return (x, y) => wrap(x - y);
    case 'multiply':
      return (x, y) => wrap(Math.imul(x, y));
    case 'divide':
      return (x, y) => numerics.intDivide(x, y, format);
    case 'remainder':
      return numerics.intRemainder;
    case 'minimum':
      return Math.min;
    case 'maximum':
      return Math.max;
    case 'and':
      return (x, y) => wrap(x & y);
    case 'or':
      return (x, y) => wrap(x | y);
    case 'xor':
      return (x, y) => wrap(x ^ y);
    case 'power':
      return (x, y) => numerics.intPower(x, y, format);
    case 'shift-left':
      return (x, y) => (isPast(y) ? 0 : wrap(x << y));
    case 'shift-right-arithmetic':
      return (x, y) => wrap(numerics.wrapInt(x, signed) >> (isPast(y) ? 31 : y));
    case 'shift-right-logical':
      return (x, y) => (isPast(y) ? 0 : wrap(numerics.wrapInt(x, unsigned) >>> y));
    case 'dot-pairs':
      return dtype === 'i32' ? dotPairs : undefined;
    case 'atan2':
      return undefined;
    default:
      return op satisfies never;
  }
}

/** Words of two i16 each; the sum of two products wraps. */
function dotPairs(x: number, y: number): number {
  return (Math.imul((x << 16) >> 16, (y << 16) >> 16) + Math.imul(x >> 16, y >> 16)) | 0;
}

/** Undefined when the op does not take the dtype. Not for i64 and ui64. */
export function numberBinary(op: BinaryOp, dtype: KernelDType): NumberBinary | undefined {
  if (isBigintDType(dtype)) return undefined;
  if (dtype === 'i1') return booleanBinary[op];
  if (dtype === 'index') return indexBinary[op];
  if (!isFloatKernelDType(dtype)) return integerBinary(op, dtype);
  const compute = floatBinary[op];
  if (compute === undefined || dtype === 'f64' || op === 'minimum' || op === 'maximum') return compute;
  const exact = dtype === 'f32' ? f32Binary[op] : undefined;
  if (exact !== undefined) return exact;
  const round = rounderOf(dtype);
  return (x, y) => round(compute(x, y));
}

/** For i64 and ui64. Undefined when the op does not take integers. */
export function bigintBinary(op: BinaryOp, dtype: 'i64' | 'ui64'): BigintBinary | undefined {
  const format = integerFormat(dtype);
  const wrap: BigintUnary = dtype === 'i64' ? (x) => BigInt.asIntN(64, x) : (x) => BigInt.asUintN(64, x);
  const isPast = (amount: bigint): boolean => amount < 0n || amount >= 64n;
  switch (op) {
    case 'add':
      return (x, y) => wrap(x + y);
    case 'subtract':
      return (x, y) => wrap(x - y);
    case 'multiply':
      return (x, y) => wrap(x * y);
    case 'divide':
      return (x, y) => numerics.bigintDivide(x, y, format);
    case 'remainder':
      return numerics.bigintRemainder;
    case 'minimum':
      return (x, y) => (x < y ? x : y);
    case 'maximum':
      return (x, y) => (x > y ? x : y);
    case 'and':
      return (x, y) => x & y;
    case 'or':
      return (x, y) => x | y;
    case 'xor':
      return (x, y) => x ^ y;
    case 'power':
      return (x, y) => numerics.bigintPower(x, y, format);
    case 'shift-left':
      return (x, y) => (isPast(y) ? 0n : wrap(x << y));
    case 'shift-right-arithmetic':
      return (x, y) => wrap(BigInt.asIntN(64, x) >> (isPast(y) ? 63n : y));
    case 'shift-right-logical':
      return (x, y) => (isPast(y) ? 0n : wrap(BigInt.asUintN(64, x) >> y));
    case 'atan2':
    case 'dot-pairs':
      return undefined;
    default:
      return op satisfies never;
  }
}

/** Those whose results need no rounding come first. */
const floatUnary: Readonly<Partial<Record<UnaryOp, NumberUnary>>> = {
  negate: (x) => -x,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  truncate: Math.trunc,
  'round-even': numerics.roundHalfEven,
  'round-away': numerics.roundHalfAway,
  sign: Math.sign,
  'is-finite': (x) => (Number.isFinite(x) ? 1 : 0),
  sqrt: Math.sqrt,
  exp: numerics.exp,
  expm1: numerics.expm1,
  log: numerics.log,
  log1p: numerics.log1p,
  sin: numerics.sin,
  cos: numerics.cos,
  tan: numerics.tan,
  tanh: numerics.tanh,
  logistic: numerics.logistic,
  rsqrt: numerics.rsqrt,
  cbrt: numerics.cbrt,
  erf: numerics.erf,
};

const exactFloatUnary: ReadonlySet<UnaryOp> = new Set<UnaryOp>([
  'negate', 'abs', 'floor', 'ceil', 'truncate', 'round-even', 'round-away', 'sign', 'is-finite',
]); // prettier-ignore

function integerUnary(op: UnaryOp, dtype: KernelDType): NumberUnary | undefined {
  const wrap = wrapperOf(dtype);
  const format = integerFormat(dtype);
  if (op === 'negate') return (x) => wrap(0 - x);
  if (op === 'abs') return (x) => wrap(Math.abs(x));
  if (op === 'sign') return (x) => Math.sign(x);
  if (dtype === 'index') return undefined;
  if (op === 'not') return (x) => wrap(~x);
  if (op === 'popcount') return (x) => numerics.populationCount(x, format);
  if (op === 'count-leading-zeros') return (x) => numerics.countLeadingZeros(x, format);
  return undefined;
}

/** Undefined when the op does not take the dtype. Not for i64 and ui64. `is-finite` gives an i1. */
export function numberUnary(op: UnaryOp, dtype: KernelDType): NumberUnary | undefined {
  if (isBigintDType(dtype)) return undefined;
  if (dtype === 'i1') return op === 'not' ? (x) => x ^ 1 : undefined;
  if (!isFloatKernelDType(dtype)) return integerUnary(op, dtype);
  const compute = floatUnary[op];
  if (compute === undefined || dtype === 'f64' || exactFloatUnary.has(op)) return compute;
  const round = rounderOf(dtype);
  return (x) => round(compute(x));
}

/** For i64 and ui64. */
export function bigintUnary(op: UnaryOp, dtype: 'i64' | 'ui64'): BigintUnary | undefined {
  const format = integerFormat(dtype);
  if (op === 'negate') return (x) => numerics.wrapBigint(-x, format);
  if (op === 'abs') return (x) => numerics.wrapBigint(x < 0n ? -x : x, format);
  if (op === 'sign') return (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n);
  if (op === 'not') return (x) => numerics.wrapBigint(~x, format);
  if (op === 'popcount') return (x) => numerics.bigintPopulationCount(x, format);
  if (op === 'count-leading-zeros') return (x) => numerics.bigintCountLeadingZeros(x, format);
  return undefined;
}

/** The same on numbers and on bigints; 1 or 0. */
export function numberCompare(op: CompareOp): NumberBinary {
  switch (op) {
    case 'eq':
      return (x, y) => (x === y ? 1 : 0);
    case 'ne':
      return (x, y) => (x === y ? 0 : 1);
    case 'lt':
      return (x, y) => (x < y ? 1 : 0);
    case 'le':
      return (x, y) => (x <= y ? 1 : 0);
    case 'gt':
      return (x, y) => (x > y ? 1 : 0);
    case 'ge':
      return (x, y) => (x >= y ? 1 : 0);
    default:
      return op satisfies never;
  }
}

export function bigintCompare(op: CompareOp): (x: bigint, y: bigint) => number {
  return numberCompare(op) as unknown as (x: bigint, y: bigint) => number;
}

/** StableHLO's convert between two dtypes, on scalars in the form above. */
export function conversion(from: KernelDType, to: KernelDType): (x: number | bigint) => number | bigint {
  if (isBigintDType(from)) return bigintConversion(to) as (x: number | bigint) => number | bigint;
  return numberConversion(from, to) as (x: number | bigint) => number | bigint;
}

function numberConversion(from: KernelDType, to: KernelDType): (x: number) => number | bigint {
  const isFloat = isFloatKernelDType(from);
  if (to === 'i1') return (x) => (x === 0 ? 0 : 1);
  if (isFloatKernelDType(to)) return rounderOf(to);
  const format = integerFormat(to);
  if (isBigintDType(to))
    return isFloat ? (x) => numerics.floatToBigint(x, format) : (x) => numerics.wrapBigint(BigInt(x), format);
  if (to === 'index') return isFloat ? (x) => (Number.isNaN(x) ? 0 : Math.trunc(x) + 0) : (x) => x;
  if (isFloat) return (x) => numerics.floatToInt(x, format);
  return wrapperOf(to);
}

function bigintConversion(to: KernelDType): (x: bigint) => number | bigint {
  if (to === 'i1') return (x) => (x === 0n ? 0 : 1);
  if (to === 'f64' || to === 'index') return Number;
  if (isFloatKernelDType(to)) {
    const round = rounderOf(to);
    return (x) => round(roundedToOdd(x));
  }
  const format = integerFormat(to);
  if (isBigintDType(to)) return (x) => numerics.wrapBigint(x, format);
  return (x) => numerics.wrapInt(Number(BigInt.asIntN(32, x)), format);
}

/** As an f64 that rounds to any narrower format as the integer itself would: lost bits set the last one kept. */
function roundedToOdd(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Number(value);
  const rounded = Number((magnitude >> 11n) | (magnitude & 2047n ? 1n : 0n)) * 2048;
  return value < 0n ? -rounded : rounded;
}
