/**
 * How kernel values live in WebAssembly.
 *
 * Scalars: i1 and integers of 8 to 32 bits in an i32, sign- or zero-extended as their dtype says; `index` in an i32; f16 and bf16 as their
 * bits in an i32. Vectors: lanes packed from the low end of a v128, of which a narrow vector (4 x i8) leaves the rest undefined. A mask
 * (lanes of i1) fills the v128: each lane is 16 / lanes bytes wide and all ones or all zeros.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { encodeFloat, floatFormats } from '../../ir/numerics/index.ts';
import { elementBytes, type KernelDType, type ValueType, valueTypeText } from '../kernel/value-type.ts';
import type { FunctionBuilder, WasmExpr, WasmType } from './builder.ts';

/** Bytes of an element in a register: those in memory, but for `index`. */
export function laneBytes(dtype: KernelDType): number {
  return dtype === 'index' ? 4 : elementBytes(dtype);
}

export function scalarForm(dtype: KernelDType): Exclude<WasmType, 'v128'> {
  if (dtype === 'f32' || dtype === 'f64') return dtype;
  return dtype === 'i64' || dtype === 'ui64' ? 'i64' : 'i32';
}

export function formOf(type: ValueType): WasmType {
  if (type.lanes === 1) return scalarForm(type.dtype);
  if (type.dtype === 'i1' ? maskBytes(type.lanes) === undefined : laneBytes(type.dtype) * type.lanes > 16)
    throw new InvariantError(`wasm: ${valueTypeText(type)} is no 128-bit vector; legalising should have split it`);
  return 'v128';
}

/** Bytes of a mask's lane. */
function maskBytes(lanes: number): LaneBytes | undefined {
  if (lanes === 2) return 8;
  if (lanes === 4) return 4;
  if (lanes === 8) return 2;
  return lanes === 16 ? 1 : undefined;
}

export type LaneBytes = 1 | 2 | 4 | 8;
export type IntegerShape = 'I8x16' | 'I16x8' | 'I32x4' | 'I64x2';
export type Shape = IntegerShape | 'F32x4' | 'F64x2';

export function integerShape(bytes: number): IntegerShape {
  if (bytes === 1) return 'I8x16';
  if (bytes === 2) return 'I16x8';
  return bytes === 4 ? 'I32x4' : 'I64x2';
}

export function shapeOf({ dtype, lanes }: ValueType): Shape {
  if (dtype === 'f32') return 'F32x4';
  if (dtype === 'f64') return 'F64x2';
  return integerShape(dtype === 'i1' ? (maskBytes(lanes) ?? 1) : laneBytes(dtype));
}

/** Bytes between lanes of a vector in its register. */
export function registerLaneBytes({ dtype, lanes }: ValueType): number {
  return dtype === 'i1' ? (maskBytes(lanes) ?? 1) : laneBytes(dtype);
}

/** The constant's bits, as they are in the scalar form. */
function constantBits(dtype: KernelDType, value: number | bigint): number | bigint {
  if (dtype === 'f16' || dtype === 'bf16') return encodeFloat(Number(value), floatFormats[dtype]);
  return value;
}

export function constantExpr(f: FunctionBuilder, { dtype, lanes }: ValueType, value: number | bigint): WasmExpr {
  if (lanes !== 1) return f.v128(constantVector({ dtype, lanes }, Array<number | bigint>(lanes).fill(value)));
  const bits = constantBits(dtype, value);
  const form = scalarForm(dtype);
  if (form === 'i64') return f.i64(BigInt(bits));
  return f[form](Number(bits));
}

/** The 16 bytes of a vector of constants. */
export function constantVector(type: ValueType, values: readonly (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const width = registerLaneBytes(type);
  for (let lane = 0; lane * width < 16; lane++) {
    // What lies past the lanes is undefined; repeating the value makes a splat of it.
    writeLane(view, lane * width, width, type.dtype, values[lane] ?? values[0] ?? 0);
  }
  return bytes;
}

function writeLane(view: DataView, at: number, width: number, dtype: KernelDType, value: number | bigint): void {
  if (dtype === 'f32') return view.setFloat32(at, Number(value), true);
  if (dtype === 'f64') return view.setFloat64(at, Number(value), true);
  const bits = BigInt(constantBits(dtype, value));
  const word = dtype === 'i1' ? -bits : bits;
  if (width === 8) view.setBigUint64(at, BigInt.asUintN(64, word), true);
  else if (width === 4) view.setUint32(at, Number(BigInt.asUintN(32, word)), true);
  else if (width === 2) view.setUint16(at, Number(BigInt.asUintN(16, word)), true);
  else view.setUint8(at, Number(BigInt.asUintN(8, word)));
}
