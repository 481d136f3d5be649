/** Lanes: into and out of vectors, between widths, across each other. Forms are those of value-form.ts. */
import type { KernelDType, ValueType } from '../kernel/value-type.ts';
import { isUnsignedKernelDType } from '../kernel/value-type.ts';
import type { FunctionBuilder, WasmExpr, WasmOp } from './builder.ts';
import { integerShape, registerLaneBytes, scalarForm, shapeOf } from './value-form.ts';

export function splatScalar(f: FunctionBuilder, type: ValueType, value: WasmExpr): WasmExpr {
  const shape = shapeOf(type);
  if (type.dtype !== 'i1') return f.unary(`SplatVec${shape}`, value);
  return f.unary(`SplatVec${shape}`, lanesOfBoolean(f, shape, value));
}

/** 0 or 1 to no or all bits of a lane. */
function lanesOfBoolean(f: FunctionBuilder, shape: string, value: WasmExpr): WasmExpr {
  const negated = f.binary('SubInt32', f.i32(0), value);
  return shape === 'I64x2' ? f.unary('ExtendSInt32', negated) : negated;
}

export function extractLane(f: FunctionBuilder, type: ValueType, vector: WasmExpr, lane: number): WasmExpr {
  const shape = shapeOf(type);
  const sign = shape !== 'I8x16' && shape !== 'I16x8' ? '' : isUnsigned(type.dtype) ? 'U' : 'S';
  const value = f.extract(`ExtractLane${sign}Vec${shape}` as WasmOp, vector, lane);
  if (type.dtype !== 'i1') return value;
  return f.binary('AndInt32', shape === 'I64x2' ? f.unary('WrapInt64', value) : value, f.i32(1));
}

/** The bits of f16 and bf16 are unsigned. */
function isUnsigned(dtype: KernelDType): boolean {
  return dtype === 'f16' || dtype === 'bf16' || isUnsignedKernelDType(dtype);
}

export function replaceLane(
  f: FunctionBuilder,
  type: ValueType,
  vector: WasmExpr,
  lane: number,
  value: WasmExpr,
): WasmExpr {
  const shape = shapeOf(type);
  const lanes = type.dtype === 'i1' ? lanesOfBoolean(f, shape, value) : value;
  return f.replace(`ReplaceLaneVec${shape}`, vector, lane, lanes);
}

/** A result computed one lane after the other, where WebAssembly has no instruction for all. */
function perLane(f: FunctionBuilder, type: ValueType, compute: (lane: number) => WasmExpr): WasmExpr {
  let result = splatScalar(f, type, compute(0));
  for (let lane = 1; lane < type.lanes; lane++) result = replaceLane(f, type, result, lane, compute(lane));
  return result;
}

/** Each operand's lane as a scalar; every operand is computed once. */
export function mapLanes(
  f: FunctionBuilder,
  type: ValueType,
  operands: readonly { readonly type: ValueType; readonly value: WasmExpr }[],
  compute: (...scalars: readonly WasmExpr[]) => WasmExpr,
): WasmExpr {
  const held = operands.map((operand) => ({ type: operand.type, value: f.hold('v128', operand.value) }));
  return perLane(f, type, (lane) => {
    // Held one by one, so that what each lane needs does not all stay live.
    const scalar = compute(...held.map((operand) => extractLane(f, operand.type, operand.value(), lane)));
    return f.hold(scalarForm(type.dtype), scalar)();
  });
}

/** Integer lanes to another width: sign- or zero-extended, or their low bits. Lanes stay packed from the low end. */
export function resizeLanes(f: FunctionBuilder, vector: WasmExpr, from: number, to: number, sign: 'S' | 'U'): WasmExpr {
  if (from === to) return vector;
  if (from > to) return narrowLanes(f, vector, from, to);
  const name = `ExtendLow${sign}Vec${integerShape(from)}ToVec${integerShape(from * 2)}` as WasmOp;
  return resizeLanes(f, f.unary(name, vector), from * 2, to, sign);
}

function narrowLanes(f: FunctionBuilder, vector: WasmExpr, from: number, to: number): WasmExpr {
  const held = f.hold('v128', vector);
  const bytes = Array.from({ length: 16 }, (_, byte) => (Math.floor(byte / to) * from + (byte % to)) % 16);
  return f.shuffle(held(), held(), bytes);
}

/** A mask as all-ones or zero lanes of so many bytes. */
export function resizeMask(f: FunctionBuilder, mask: WasmExpr, lanes: number, bytes: number): WasmExpr {
  return resizeLanes(f, mask, 16 / lanes, bytes, 'S');
}

/** Lanes of so many bytes, each all ones or zero, as the mask that many lanes have. */
export function toMask(f: FunctionBuilder, vector: WasmExpr, lanes: number, bytes: number): WasmExpr {
  return resizeLanes(f, vector, bytes, 16 / lanes, 'S');
}

/** Lane i is lane `lanes[i]` of lhs followed by rhs, which have type `from`. */
export function shuffleLanes(
  f: FunctionBuilder,
  from: ValueType,
  lhs: WasmExpr,
  rhs: WasmExpr,
  lanes: readonly number[],
): WasmExpr {
  const width = registerLaneBytes(from);
  const bytes = Array.from({ length: 16 }, (_, byte) => {
    const lane = lanes[Math.floor(byte / width)] ?? 0;
    const at = lane < from.lanes ? lane * width : 16 + (lane - from.lanes) * width;
    return at + (byte % width);
  });
  const shuffled = f.shuffle(lhs, rhs, bytes);
  return from.dtype === 'i1' ? resizeLanes(f, shuffled, width, 16 / lanes.length, 'S') : shuffled;
}

/** The upper half of the lanes, moved down. */
export function upperHalf(f: FunctionBuilder, type: ValueType, vector: WasmExpr, again: WasmExpr): WasmExpr {
  const moved = (registerLaneBytes(type) * type.lanes) / 2;
  return f.shuffle(
    vector,
    again,
    Array.from({ length: 16 }, (_, byte) => (byte + moved) % 16),
  );
}
