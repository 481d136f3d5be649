/** Arithmetic on vectors: one instruction where WebAssembly has it, else a few, else lane by lane. */
import type { Expr } from '../kernel/loop-ir.ts';
import type { BinaryOp, CompareOp, UnaryOp } from '../kernel/scalar-ops.ts';
import { isFloatKernelDType, isUnsignedKernelDType, type ValueType } from '../kernel/value-type.ts';
import type { FunctionBuilder, WasmExpr, WasmOp } from './builder.ts';
import {
  belowHalf,
  booleanInstruction,
  compareName,
  scalarBinary,
  scalarCompare,
  scalarUnary,
} from './scalar-instructions.ts';
import { constantExpr, integerShape, registerLaneBytes, type Shape, shapeOf } from './value-form.ts';
import { extractLane, mapLanes, toMask, upperHalf } from './vector-lanes.ts';

const floatInstructions: Readonly<Partial<Record<UnaryOp, string>>> = {
  negate: 'Neg', abs: 'Abs', sqrt: 'Sqrt', floor: 'Floor', ceil: 'Ceil', truncate: 'Trunc', 'round-even': 'Nearest',
}; // prettier-ignore

/** `type` is the operand's. */
export function vectorUnary(f: FunctionBuilder, op: UnaryOp, type: ValueType, value: WasmExpr): WasmExpr {
  const shape = shapeOf(type);
  const { dtype } = type;
  const isComputable = dtype !== 'f16' && dtype !== 'bf16';
  if (isFloatKernelDType(dtype) && isComputable) return floatUnary(f, op, type, value);
  if (op === 'not') return f.unary('NotVec128', value);
  if (op === 'negate' && isComputable) return f.unary(`NegVec${shape}` as WasmOp, value);
  if (op === 'abs' && isComputable)
    return isUnsignedKernelDType(dtype) ? value : f.unary(`AbsVec${shape}` as WasmOp, value);
  if (op === 'popcount' && shape === 'I8x16') return f.unary('PopcntVecI8x16', value);
  return mapLanes(f, type, [{ type, value }], (...[x = value]) => scalarUnary(f, op, dtype, x));
}

function floatUnary(f: FunctionBuilder, op: UnaryOp, type: ValueType, value: WasmExpr): WasmExpr {
  const shape = shapeOf(type);
  const name = floatInstructions[op];
  if (name !== undefined) return f.unary(`${name}Vec${shape}` as WasmOp, value);
  const x = f.hold('v128', value);
  const splat = (number: number): WasmExpr => constantExpr(f, type, number);
  const copySign = (magnitude: number): WasmExpr => f.ternary('BitselectVec128', x(), splat(magnitude), splat(-0));
  const magnitude = (): WasmExpr => f.unary(`AbsVec${shape}` as WasmOp, x());
  if (op === 'round-away') {
    const half = copySign(type.dtype === 'f64' ? belowHalf.f64 : belowHalf.f32);
    return f.unary(`TruncVec${shape}` as WasmOp, f.binary(`AddVec${shape}` as WasmOp, x(), half));
  }
  // Zeros and NaN are their own sign.
  if (op === 'sign') {
    const isOther = f.binary(`GtVec${shape}` as WasmOp, magnitude(), splat(0));
    return f.ternary('BitselectVec128', copySign(1), x(), isOther);
  }
  if (op === 'is-finite') {
    const isFinite = f.binary(`LtVec${shape}` as WasmOp, magnitude(), splat(Infinity));
    return toMask(f, isFinite, type.lanes, registerLaneBytes(type));
  }
  return mapLanes(f, type, [{ type, value: x() }], (...[scalar = x()]) => scalarUnary(f, op, type.dtype, scalar));
}

const operators: Readonly<Partial<Record<BinaryOp, string>>> = {
  add: 'Add', subtract: 'Sub', multiply: 'Mul', divide: 'Div', minimum: 'Min', maximum: 'Max',
}; // prettier-ignore

const bitwise: Readonly<Partial<Record<BinaryOp, WasmOp>>> = {
  and: 'AndVec128', or: 'OrVec128', xor: 'XorVec128',
}; // prettier-ignore

/** `rhs` as loop IR, where what is known of it allows an instruction. */
export function vectorBinary(
  f: FunctionBuilder,
  op: BinaryOp,
  type: ValueType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  rhsExpr?: Expr,
): WasmExpr {
  if (type.dtype === 'i1') return f.binary(booleanInstruction(op, 'Vec128'), lhs, rhs);
  if (op === 'dot-pairs') return f.binary('DotSVecI16x8ToVecI32x4', lhs, rhs);
  const bits = bitwise[op];
  if (bits !== undefined) return f.binary(bits, lhs, rhs);
  const bounded = rhsExpr === undefined ? undefined : boundedBy(f, op, type, lhs, rhs, rhsExpr);
  if (bounded !== undefined) return bounded;
  const isExtreme = op === 'minimum' || op === 'maximum';
  if (isExtreme && (type.dtype === 'f32' || type.dtype === 'f64')) return extremeOf(f, op, type, lhs, rhs);
  const name = instruction(op, type);
  if (name !== undefined) return f.binary(name, lhs, rhs);
  const amount = rhsExpr === undefined ? undefined : shiftAmount(op, type, rhsExpr);
  if (amount !== undefined) return shiftAll(f, op, type, lhs, amount);
  const operands = [lhs, rhs].map((value) => ({ type, value }));
  const known = rhsExpr?.kind === 'constant' ? rhsExpr.value : undefined;
  return mapLanes(f, type, operands, (...[x = lhs, y = rhs]) => scalarBinary(f, op, type.dtype, x, y, known));
}

/**
 * The least or greatest of a float and a constant: `pmax(x, c)` is `x < c ? c : x`, which keeps a NaN and needs one instruction of the
 * machine where `max` needs eight. Only of two zeros it gives the first: -0 becomes 0 where 0 is added.
 */
function boundedBy(
  f: FunctionBuilder,
  op: BinaryOp,
  type: ValueType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  bound: Expr,
): WasmExpr | undefined {
  if ((type.dtype !== 'f32' && type.dtype !== 'f64') || (op !== 'minimum' && op !== 'maximum')) return undefined;
  const value = bound.kind === 'constant' ? bound : bound.kind === 'splat' ? bound.operand : undefined;
  if (value?.kind !== 'constant' || Number.isNaN(Number(value.value))) return undefined;
  const shape = shapeOf(type);
  if (op === 'minimum') return Object.is(value.value, -0) ? undefined : f.binary(`PMinVec${shape}` as WasmOp, lhs, rhs);
  const greater = f.binary(`PMaxVec${shape}` as WasmOp, lhs, rhs);
  if (!Object.is(value.value, 0)) return greater;
  return f.binary(`AddVec${shape}` as WasmOp, greater, f.v128(new Uint8Array(16)));
}

/**
 * The least or greatest of two floats: NaN comes through, and -0 is less than 0. The engine's own instruction is nine on x64. Of pmin both
 * ways round, of which each gives its first operand where neither is less, the bits joined are the minimum: of two zeros -0, of a NaN
 * and a number a NaN. (On arm64, which has the instruction, it is five instead of one.)
 */
function extremeOf(
  f: FunctionBuilder,
  op: 'minimum' | 'maximum',
  type: ValueType,
  lhs: WasmExpr,
  rhs: WasmExpr,
): WasmExpr {
  const shape = shapeOf(type);
  const negate = (value: WasmExpr): WasmExpr => f.unary(`NegVec${shape}` as WasmOp, value);
  const signed = (value: WasmExpr): WasmExpr => (op === 'maximum' ? negate(value) : value);
  const [x, y] = [f.hold('v128', signed(lhs)), f.hold('v128', signed(rhs))];
  const lesser = (a: WasmExpr, b: WasmExpr): WasmExpr => f.binary(`PMinVec${shape}` as WasmOp, a, b);
  return signed(f.binary('OrVec128', lesser(x(), y()), lesser(y(), x())));
}

function instruction(op: BinaryOp, type: ValueType): WasmOp | undefined {
  const name = operators[op];
  const { dtype } = type;
  if (name === undefined || dtype === 'f16' || dtype === 'bf16') return undefined;
  const shape = shapeOf(type);
  if (isFloatKernelDType(dtype)) return `${name}Vec${shape}` as WasmOp;
  if (op === 'divide' || (op === 'multiply' && shape === 'I8x16')) return undefined;
  if (op !== 'minimum' && op !== 'maximum') return `${name}Vec${shape}` as WasmOp;
  if (shape === 'I64x2') return undefined;
  return `${name}${isUnsignedKernelDType(dtype) ? 'U' : 'S'}Vec${shape}` as WasmOp;
}

/** The one amount that all lanes shift by, where it is known and within the width. */
function shiftAmount(op: BinaryOp, type: ValueType, rhs: Expr): number | undefined {
  if (op !== 'shift-left' && op !== 'shift-right-arithmetic' && op !== 'shift-right-logical') return undefined;
  const value = rhs.kind === 'constant' ? rhs : rhs.kind === 'splat' ? rhs.operand : undefined;
  if (value?.kind !== 'constant') return undefined;
  const amount = Number(value.value);
  return amount >= 0 && amount < registerLaneBytes(type) * 8 ? amount : undefined;
}

function shiftAll(f: FunctionBuilder, op: BinaryOp, type: ValueType, vector: WasmExpr, amount: number): WasmExpr {
  const name = op === 'shift-left' ? 'Shl' : op === 'shift-right-logical' ? 'ShrU' : 'ShrS';
  return f.shift(`${name}Vec${shapeOf(type)}` as WasmOp, vector, f.i32(amount));
}

/** A mask. `type` is the operands'. */
export function vectorCompare(
  f: FunctionBuilder,
  op: CompareOp,
  type: ValueType,
  lhs: WasmExpr,
  rhs: WasmExpr,
): WasmExpr {
  const shape = shapeOf(type);
  const { dtype, lanes } = type;
  // Lanes of -1 and 0 are ordered the other way round.
  if (dtype === 'i1') return maskCompare(f, op, shape, lhs, rhs);
  const isUnsigned = shape === 'I64x2' && isUnsignedKernelDType(dtype) && op !== 'eq' && op !== 'ne';
  if (isUnsigned || dtype === 'f16' || dtype === 'bf16') {
    const operands = [lhs, rhs].map((value) => ({ type, value }));
    return mapLanes(f, { dtype: 'i1', lanes }, operands, (...[x = lhs, y = rhs]) => scalarCompare(f, op, dtype, x, y));
  }
  const result = f.binary(`${compareName(op, dtype)}Vec${shape}` as WasmOp, lhs, rhs);
  return toMask(f, result, lanes, registerLaneBytes(type));
}

function maskCompare(f: FunctionBuilder, op: CompareOp, shape: Shape, lhs: WasmExpr, rhs: WasmExpr): WasmExpr {
  const swapped = { eq: 'Eq', ne: 'Ne', lt: 'GtS', le: 'GeS', gt: 'LtS', ge: 'LeS' } as const;
  return f.binary(`${swapped[op]}Vec${shape}` as WasmOp, lhs, rhs);
}

type LaneReduceOp = Extract<Expr, { readonly kind: 'lane-reduce' }>['op'];

/** Halves first, pairwise. `type` is the operand's. */
export function laneReduce(f: FunctionBuilder, op: LaneReduceOp, type: ValueType, vector: WasmExpr): WasmExpr {
  if (type.dtype === 'i1') {
    // A mask fills the register, whatever its lanes.
    const name = booleanInstruction(op, 'Vec128');
    if (name === 'OrVec128') return f.unary('AnyTrueVec128', vector);
    if (name === 'AndVec128') return f.unary(`AllTrueVec${integerShape(registerLaneBytes(type))}`, vector);
  }
  if (type.dtype === 'i1' && op === 'or') return f.unary('AnyTrueVec128', vector);
  if (type.dtype === 'i1' && op === 'and')
    return f.unary(`AllTrueVec${integerShape(registerLaneBytes(type))}` as WasmOp, vector);
  let value = vector;
  let live = type;
  while (live.lanes > 1) {
    const held = f.hold('v128', value);
    const width: ValueType = { dtype: type.dtype, lanes: live.lanes };
    const upper = halfOfMaskOrVector(f, type, width, held);
    value = vectorBinary(f, op, type, held(), upper);
    live = { dtype: type.dtype, lanes: live.lanes / 2 };
  }
  return extractLane(f, type, value, 0);
}

/** Masks keep the lane width of the whole, whatever is left of their lanes. */
function halfOfMaskOrVector(f: FunctionBuilder, whole: ValueType, live: ValueType, held: () => WasmExpr): WasmExpr {
  if (whole.dtype !== 'i1') return upperHalf(f, live, held(), held());
  const moved = (registerLaneBytes(whole) * live.lanes) / 2;
  return f.shuffle(
    held(),
    held(),
    Array.from({ length: 16 }, (_, byte) => (byte + moved) % 16),
  );
}
