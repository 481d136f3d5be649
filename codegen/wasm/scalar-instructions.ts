/** Arithmetic on one element, in the forms of value-form.ts. Corner cases are those of scalar-semantics.ts. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { BinaryOp, CompareOp, UnaryOp } from '../kernel/scalar-ops.ts';
import { elementBytes, isFloatKernelDType, isUnsignedKernelDType, type KernelDType } from '../kernel/value-type.ts';
import type { FunctionBuilder, WasmExpr, WasmOp } from './builder.ts';
import { scalarForm } from './value-form.ts';

type Suffix = 'Int32' | 'Int64' | 'Float32' | 'Float64';

export function suffixOf(dtype: KernelDType): Suffix {
  const suffixes = { i32: 'Int32', i64: 'Int64', f32: 'Float32', f64: 'Float64' } as const;
  return suffixes[scalarForm(dtype)];
}

/** Bits of an integer dtype; an index has 32 here. */
function widthOf(dtype: KernelDType): number {
  if (dtype === 'i1') return 1;
  return dtype === 'index' ? 32 : elementBytes(dtype) * 8;
}

function isSigned(dtype: KernelDType): boolean {
  return !isUnsignedKernelDType(dtype);
}

/** A small constant in the dtype's form. */
function number(f: FunctionBuilder, dtype: KernelDType, value: number): WasmExpr {
  const form = scalarForm(dtype);
  return form === 'i64' ? f.i64(BigInt(value)) : f[form](value);
}

/** The low bits of an i32, extended as the dtype says. */
export function wrapScalar(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  if (dtype === 'i8') return f.unary('ExtendS8Int32', value);
  if (dtype === 'i16') return f.unary('ExtendS16Int32', value);
  return zeroExtended(f, dtype === 'ui8' || dtype === 'ui16' || dtype === 'i1' ? dtype : 'i32', value);
}

function zeroExtended(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  const width = widthOf(dtype);
  return width >= 32 ? value : f.binary('AndInt32', value, f.i32(2 ** width - 1));
}

function signExtended(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  if (dtype === 'ui8') return f.unary('ExtendS8Int32', value);
  return dtype === 'ui16' ? f.unary('ExtendS16Int32', value) : value;
}

function refuse(op: string, dtype: KernelDType): never {
  throw new InvariantError(`wasm: ${op} of ${dtype}; legalising should have expanded it`);
}

function requireComputable(op: string, dtype: KernelDType): void {
  if (dtype === 'f16' || dtype === 'bf16') refuse(op, dtype);
}

export function scalarUnary(f: FunctionBuilder, op: UnaryOp, dtype: KernelDType, value: WasmExpr): WasmExpr {
  requireComputable(op, dtype);
  return isFloatKernelDType(dtype) ? floatUnary(f, op, dtype, value) : integerUnary(f, op, dtype, value);
}

const floatInstructions: Readonly<Partial<Record<UnaryOp, string>>> = {
  negate: 'Neg', abs: 'Abs', sqrt: 'Sqrt', floor: 'Floor', ceil: 'Ceil', truncate: 'Trunc', 'round-even': 'Nearest',
}; // prettier-ignore

/** The greatest number below one half: added to a half it rounds to one, to anything less it does not. */
export const belowHalf = { f32: 0.5 - 2 ** -25, f64: 0.5 - 2 ** -54 } as const;

function floatUnary(f: FunctionBuilder, op: UnaryOp, dtype: KernelDType, value: WasmExpr): WasmExpr {
  const name = floatInstructions[op];
  const form = dtype === 'f64' ? 'f64' : 'f32';
  const suffix = suffixOf(dtype);
  if (name !== undefined) return f.unary(`${name}${suffix}` as WasmOp, value);
  const x = f.hold(form, value);
  const copySign = (magnitude: number): WasmExpr => f.binary(`CopySign${suffix}` as WasmOp, f[form](magnitude), x());
  const magnitude = (): WasmExpr => f.unary(`Abs${suffix}` as WasmOp, x());
  if (op === 'round-away') {
    const shifted = f.binary(`Add${suffix}` as WasmOp, x(), copySign(belowHalf[form]));
    return f.unary(`Trunc${suffix}` as WasmOp, shifted);
  }
  // Zeros and NaN are their own sign.
  if (op === 'sign') return f.select(f.binary(`Gt${suffix}` as WasmOp, magnitude(), f[form](0)), copySign(1), x());
  if (op === 'is-finite') return f.binary(`Lt${suffix}` as WasmOp, magnitude(), f[form](Infinity));
  return refuse(op, dtype);
}

function integerUnary(f: FunctionBuilder, op: UnaryOp, dtype: KernelDType, value: WasmExpr): WasmExpr {
  const suffix = suffixOf(dtype);
  if (op === 'negate') return wrapScalar(f, dtype, f.binary(`Sub${suffix}`, number(f, dtype, 0), value));
  if (op === 'not' && dtype === 'i1') return f.unary('EqZInt32', value);
  if (op === 'not') return wrapScalar(f, dtype, f.binary(`Xor${suffix}` as WasmOp, value, number(f, dtype, -1)));
  if (op === 'abs') return isSigned(dtype) ? absolute(f, dtype, value) : value;
  if (op === 'sign') return signOf(f, dtype, value);
  const isWide = scalarForm(dtype) === 'i64';
  if (op === 'popcount' && isWide) return f.unary('PopcntInt64', value);
  if (op === 'popcount') return f.unary('PopcntInt32', zeroExtended(f, dtype, value));
  if (op === 'count-leading-zeros' && isWide) return f.unary('ClzInt64', value);
  if (op === 'count-leading-zeros')
    return f.binary('SubInt32', f.unary('ClzInt32', zeroExtended(f, dtype, value)), f.i32(32 - widthOf(dtype)));
  return refuse(op, dtype);
}

function absolute(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  const suffix = suffixOf(dtype);
  const form = scalarForm(dtype);
  const x = f.hold(form, value);
  const sign = f.hold(form, f.binary(`ShrS${suffix}` as WasmOp, x(), number(f, dtype, form === 'i64' ? 63 : 31)));
  const flipped = f.binary(`Xor${suffix}` as WasmOp, x(), sign());
  return wrapScalar(f, dtype, f.binary(`Sub${suffix}`, flipped, sign()));
}

/** -1, 0 or 1. */
function signOf(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  const suffix = suffixOf(dtype);
  const x = f.hold(scalarForm(dtype), value);
  if (!isSigned(dtype)) return fromBoolean(f, dtype, f.binary(`Ne${suffix}`, x(), number(f, dtype, 0)));
  const above = f.binary(`GtS${suffix}` as WasmOp, x(), number(f, dtype, 0));
  const below = f.binary(`LtS${suffix}` as WasmOp, x(), number(f, dtype, 0));
  return fromBoolean(f, dtype, f.binary('SubInt32', above, below));
}

function fromBoolean(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  return scalarForm(dtype) === 'i64' ? f.unary('ExtendSInt32', value) : value;
}

/** `constantRhs` is the value of rhs where it is known: corner cases that it excludes take no code. */
export function scalarBinary(
  f: FunctionBuilder,
  op: BinaryOp,
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  constantRhs?: number | bigint,
): WasmExpr {
  requireComputable(op, dtype);
  if (dtype === 'i1') return booleanBinary(f, op, lhs, rhs);
  if (isFloatKernelDType(dtype)) return floatBinary(f, op, dtype, lhs, rhs);
  return integerBinary(f, op, dtype, lhs, rhs, constantRhs);
}

function booleanBinary(f: FunctionBuilder, op: BinaryOp, lhs: WasmExpr, rhs: WasmExpr): WasmExpr {
  return f.binary(booleanInstruction(op, 'Int32'), lhs, rhs);
}

/** On booleans and on masks alike. */
export function booleanInstruction(op: BinaryOp, suffix: 'Int32' | 'Vec128'): WasmOp {
  if (op === 'add' || op === 'maximum' || op === 'or') return `Or${suffix}`;
  if (op === 'multiply' || op === 'minimum' || op === 'and') return `And${suffix}`;
  return op === 'xor' ? `Xor${suffix}` : refuse(op, 'i1');
}

const floatOperators: Readonly<Partial<Record<BinaryOp, string>>> = {
  add: 'Add', subtract: 'Sub', multiply: 'Mul', divide: 'Div', minimum: 'Min', maximum: 'Max',
}; // prettier-ignore

/** The function of remainder.ts, added to modules that call it. */
export const remainderName = 'float_remainder';

function floatBinary(f: FunctionBuilder, op: BinaryOp, dtype: KernelDType, lhs: WasmExpr, rhs: WasmExpr): WasmExpr {
  const name = floatOperators[op];
  if (name !== undefined) return f.binary(`${name}${suffixOf(dtype)}` as WasmOp, lhs, rhs);
  if (op !== 'remainder') return refuse(op, dtype);
  if (dtype === 'f64') return f.call(remainderName, [lhs, rhs], 'f64');
  // The remainder of two f32 is an f32: nothing is rounded.
  const wide = [f.unary('PromoteFloat32', lhs), f.unary('PromoteFloat32', rhs)];
  return f.unary('DemoteFloat64', f.call(remainderName, wide, 'f64'));
}

const integerOperators: Readonly<Partial<Record<BinaryOp, string>>> = {
  add: 'Add', subtract: 'Sub', multiply: 'Mul', and: 'And', or: 'Or', xor: 'Xor',
}; // prettier-ignore

function integerBinary(
  f: FunctionBuilder,
  op: BinaryOp,
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  constantRhs: number | bigint | undefined,
): WasmExpr {
  const name = integerOperators[op];
  if (name !== undefined) return wrapScalar(f, dtype, f.binary(`${name}${suffixOf(dtype)}` as WasmOp, lhs, rhs));
  if (op === 'dot-pairs') return pairOfProducts(f, lhs, rhs);
  if (op === 'divide') return divide(f, dtype, lhs, rhs, constantRhs);
  if (op === 'remainder') return remainder(f, dtype, lhs, rhs, constantRhs);
  if (op === 'minimum' || op === 'maximum') return least(f, op, dtype, lhs, rhs);
  if (op === 'shift-left' || op === 'shift-right-arithmetic' || op === 'shift-right-logical')
    return shift(f, op, dtype, lhs, rhs, constantRhs);
  return refuse(op, dtype);
}

/** The instruction is one of vectors. */
function pairOfProducts(f: FunctionBuilder, lhs: WasmExpr, rhs: WasmExpr): WasmExpr {
  const [x, y] = [lhs, rhs].map((word) => f.unary('SplatVecI32x4', word));
  if (x === undefined || y === undefined) return refuse('dot-pairs', 'i32');
  return f.extract('ExtractLaneVecI32x4', f.binary('DotSVecI16x8ToVecI32x4', x, y), 0);
}

function least(
  f: FunctionBuilder,
  op: 'minimum' | 'maximum',
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
): WasmExpr {
  const form = scalarForm(dtype);
  const [x, y] = [f.hold(form, lhs), f.hold(form, rhs)];
  return f.select(scalarCompare(f, op === 'minimum' ? 'lt' : 'gt', dtype, x(), y()), x(), y());
}

/** x / 0 has all bits set; the least integer divided by -1 is itself. WebAssembly would trap at both. */
function divide(
  f: FunctionBuilder,
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  known: number | bigint | undefined,
): WasmExpr {
  const suffix = suffixOf(dtype);
  const form = scalarForm(dtype);
  const name = `Div${isSigned(dtype) ? 'S' : 'U'}${suffix}` as WasmOp;
  if (known !== undefined && Number(known) !== 0 && Number(known) !== -1) return f.binary(name, lhs, rhs);
  const [x, y] = [f.hold(form, lhs), f.hold(form, rhs)];
  const isZero = (): WasmExpr => f.unary(`EqZ${suffix}` as WasmOp, y());
  const allOnes = wrapScalar(f, dtype, number(f, dtype, -1));
  if (!isSigned(dtype)) {
    const quotient = f.binary(name, x(), f.select(isZero(), number(f, dtype, 1), y()));
    return f.select(isZero(), allOnes, quotient);
  }
  const isMinusOne = (): WasmExpr => f.binary(`Eq${suffix}` as WasmOp, y(), number(f, dtype, -1));
  const isSpecial = f.binary('OrInt32', isZero(), isMinusOne());
  const quotient = f.binary(name, x(), f.select(isSpecial, number(f, dtype, 1), y()));
  const negated = wrapScalar(f, dtype, f.binary(`Sub${suffix}`, number(f, dtype, 0), x()));
  return f.select(isZero(), allOnes, f.select(isMinusOne(), negated, quotient));
}

/** x % 0 is x. */
function remainder(
  f: FunctionBuilder,
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  known: number | bigint | undefined,
): WasmExpr {
  const suffix = suffixOf(dtype);
  const form = scalarForm(dtype);
  const name = `Rem${isSigned(dtype) ? 'S' : 'U'}${suffix}` as WasmOp;
  if (known !== undefined && Number(known) !== 0) return f.binary(name, lhs, rhs);
  const [x, y] = [f.hold(form, lhs), f.hold(form, rhs)];
  const isZero = (): WasmExpr => f.unary(`EqZ${suffix}` as WasmOp, y());
  return f.select(isZero(), x(), f.binary(name, x(), f.select(isZero(), number(f, dtype, 1), y())));
}

/** Amounts from the width on, and negative ones, shift everything out. */
function shift(
  f: FunctionBuilder,
  op: 'shift-left' | 'shift-right-arithmetic' | 'shift-right-logical',
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  known: number | bigint | undefined,
): WasmExpr {
  const suffix = suffixOf(dtype);
  const form = scalarForm(dtype);
  const width = widthOf(dtype);
  const isKnown = known !== undefined && Number(known) >= 0 && Number(known) < width;
  const y = isKnown ? (): WasmExpr => number(f, dtype, Number(known)) : f.hold(form, rhs);
  const isPast = (): WasmExpr => f.binary(`GeU${suffix}` as WasmOp, y(), number(f, dtype, width));
  if (op === 'shift-right-arithmetic') {
    const amount = isKnown ? y() : f.select(isPast(), number(f, dtype, width - 1), y());
    return wrapScalar(f, dtype, f.binary(`ShrS${suffix}` as WasmOp, signExtended(f, dtype, lhs), amount));
  }
  const x = op === 'shift-left' || form === 'i64' ? lhs : zeroExtended(f, dtype, lhs);
  const name = `${op === 'shift-left' ? 'Shl' : 'ShrU'}${suffix}` as WasmOp;
  const shifted = wrapScalar(f, dtype, f.binary(name, x, y()));
  return isKnown ? shifted : f.select(isPast(), number(f, dtype, 0), shifted);
}

const compareNames = { eq: 'Eq', ne: 'Ne', lt: 'Lt', le: 'Le', gt: 'Gt', ge: 'Ge' } as const;

/** `LtS`, `GeU`, `Eq`, or `Lt` of floats. */
export function compareName(op: CompareOp, dtype: KernelDType): string {
  const name = compareNames[op];
  if (op === 'eq' || op === 'ne' || isFloatKernelDType(dtype)) return name;
  return name + (isSigned(dtype) ? 'S' : 'U');
}

export function scalarCompare(
  f: FunctionBuilder,
  op: CompareOp,
  dtype: KernelDType,
  lhs: WasmExpr,
  rhs: WasmExpr,
): WasmExpr {
  requireComputable(op, dtype);
  return f.binary(`${compareName(op, dtype)}${suffixOf(dtype)}` as WasmOp, lhs, rhs);
}
