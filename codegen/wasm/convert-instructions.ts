/** StableHLO's convert, and bitcast. Float to integer truncates and saturates, NaN gives 0; integers wrap; to i1 is `!= 0`. */
import {
  elementBytes,
  isFloatKernelDType,
  isUnsignedKernelDType,
  type KernelDType,
  type ValueType,
} from '../kernel/value-type.ts';
import type { FunctionBuilder, WasmExpr, WasmOp } from './builder.ts';
import type { FloatRange } from './float-range.ts';
import { HalfFloatMath } from './half-floats.ts';
import { suffixOf, wrapScalar } from './scalar-instructions.ts';
import { constantExpr, registerLaneBytes, scalarForm, shapeOf } from './value-form.ts';
import { mapLanes, resizeLanes, resizeMask, toMask } from './vector-lanes.ts';

const isHalf = (dtype: KernelDType): dtype is 'f16' | 'bf16' => dtype === 'f16' || dtype === 'bf16';
const isSigned = (dtype: KernelDType): boolean => !isUnsignedKernelDType(dtype);

export function convertScalar(f: FunctionBuilder, from: KernelDType, to: KernelDType, value: WasmExpr): WasmExpr {
  if (from === to) return value;
  if (isHalf(from)) return convertScalar(f, 'f32', to, halfToFloat(f, from, value));
  if (isHalf(to)) return floatToHalf(f, to, from === 'f32' ? value : oddFloat(f, from, value));
  if (to === 'i1') return notZero(f, from, value);
  if (isFloatKernelDType(from))
    return isFloatKernelDType(to) ? floatToFloat(f, from, value) : floatToInteger(f, from, to, value);
  if (isFloatKernelDType(to)) {
    const name = `Convert${isSigned(from) ? 'S' : 'U'}${suffixOf(from)}To${suffixOf(to)}` as WasmOp;
    return f.unary(name, value);
  }
  return integerToInteger(f, from, to, value);
}

function notZero(f: FunctionBuilder, from: KernelDType, value: WasmExpr): WasmExpr {
  return f.binary(`Ne${suffixOf(from)}` as WasmOp, value, constantExpr(f, { dtype: from, lanes: 1 }, 0));
}

function floatToFloat(f: FunctionBuilder, from: KernelDType, value: WasmExpr): WasmExpr {
  return f.unary(from === 'f32' ? 'PromoteFloat32' : 'DemoteFloat64', value);
}

function integerToInteger(f: FunctionBuilder, from: KernelDType, to: KernelDType, value: WasmExpr): WasmExpr {
  const [fromForm, toForm] = [scalarForm(from), scalarForm(to)];
  if (to === 'index' && (from === 'i64' || from === 'ui64' || from === 'ui32')) return integerToIndex(f, from, value);
  if (fromForm === 'i32' && toForm === 'i64') return f.unary(isSigned(from) ? 'ExtendSInt32' : 'ExtendUInt32', value);
  const low = fromForm === 'i64' && toForm === 'i32' ? f.unary('WrapInt64', value) : value;
  return wrapScalar(f, to, low);
}

/** An index has 32 bits here; what does not fit is far outside of every buffer and stays on its side. */
function integerToIndex(f: FunctionBuilder, from: 'i64' | 'ui64' | 'ui32', value: WasmExpr): WasmExpr {
  const most = 0x7fffffff;
  const x = f.hold(scalarForm(from), value);
  if (from === 'ui32') return f.select(f.binary('LtUInt32', x(), f.i32(most)), x(), f.i32(most));
  const isBelow = f.binary(from === 'i64' ? 'LtSInt64' : 'LtUInt64', x(), f.i64(BigInt(most)));
  const upper = f.hold('i64', f.select(isBelow, x(), f.i64(BigInt(most))));
  if (from === 'ui64') return f.unary('WrapInt64', upper());
  const least = (): WasmExpr => f.i64(BigInt(-most));
  return f.unary('WrapInt64', f.select(f.binary('GtSInt64', upper(), least()), upper(), least()));
}

function floatToInteger(f: FunctionBuilder, from: KernelDType, to: KernelDType, value: WasmExpr): WasmExpr {
  const suffix = suffixOf(to);
  const word = f.unary(`TruncSat${isSigned(to) ? 'S' : 'U'}${suffixOf(from)}To${suffix}` as WasmOp, value);
  const range = narrowRange(to);
  if (range === undefined) return word;
  const x = f.hold('i32', word);
  const sign = isSigned(to) ? 'S' : 'U';
  const atMost = f.select(f.binary(`LtUInt32`, x(), f.i32(range.most)), x(), f.i32(range.most));
  if (sign === 'U') return atMost;
  const y = f.hold('i32', f.select(f.binary('LtSInt32', x(), f.i32(range.most)), x(), f.i32(range.most)));
  return f.select(f.binary('GtSInt32', y(), f.i32(range.least)), y(), f.i32(range.least));
}

function narrowRange(dtype: KernelDType): { readonly least: number; readonly most: number } | undefined {
  const bits = elementBytes(dtype) * 8;
  if (bits >= 32) return undefined;
  return isSigned(dtype) ? { least: -(2 ** (bits - 1)), most: 2 ** (bits - 1) - 1 } : { least: 0, most: 2 ** bits - 1 };
}

function halfToFloat(f: FunctionBuilder, from: 'f16' | 'bf16', value: WasmExpr): WasmExpr {
  const math = new HalfFloatMath(f, 1);
  return f.unary('ReinterpretInt32', from === 'f16' ? math.widenF16(value) : math.widenBf16(value));
}

function floatToHalf(f: FunctionBuilder, to: 'f16' | 'bf16', value: WasmExpr): WasmExpr {
  const math = new HalfFloatMath(f, 1);
  const bits = f.unary('ReinterpretFloat32', value);
  return to === 'f16' ? math.narrowToF16(bits) : math.narrowToBf16(bits);
}

/** As an f32 rounded to odd, which rounds to any narrower format as the number itself would (Boldo and Melquiond, 2008). */
function oddFloat(f: FunctionBuilder, from: KernelDType, value: WasmExpr): WasmExpr {
  if (elementBytes(from) <= 2) return convertScalar(f, from, 'f32', value);
  const exact = f.hold('f64', from === 'f64' ? value : convertScalar(f, from, 'f64', value));
  const near = f.hold('f32', f.unary('DemoteFloat64', exact()));
  const back = (): WasmExpr => f.unary('PromoteFloat32', near());
  const absolute = (x: WasmExpr): WasmExpr => f.unary('AbsFloat64', x);
  const bits = (): WasmExpr => f.unary('ReinterpretFloat32', near());
  const isAway = f.binary('GtFloat64', absolute(back()), absolute(exact()));
  const odd = f.binary('OrInt32', f.binary('SubInt32', bits(), isAway), f.i32(1));
  // NaN and what is exact stay.
  const isInexact = f.binary('OrInt32', f.binary('LtFloat64', back(), exact()), f.binary('GtFloat64', back(), exact()));
  return f.select(isInexact, f.unary('ReinterpretInt32', odd), near());
}

/** What is known of a float in a vector that becomes integers of 8 or 16 bits. */
export interface Narrowing {
  readonly range: FloatRange;
  readonly relaxed: boolean;
}

/**
 * Floats within the range of their integers need no clamp. What a relaxed truncation makes of NaN is 0 or -2^31, and of both the low bits, which
 * are kept, are 0. Undefined where the range is not known.
 */
export function narrowWithin(
  f: FunctionBuilder,
  from: ValueType,
  to: KernelDType,
  value: WasmExpr,
  { range, relaxed }: Narrowing,
): WasmExpr | undefined {
  const limits = from.dtype === 'f32' && !isFloatKernelDType(to) && to !== 'i1' ? narrowRange(to) : undefined;
  if (limits === undefined || !(range.least >= limits.least && range.most <= limits.most)) return undefined;
  const words = f.unary(relaxed ? 'RelaxedTruncSVecF32x4ToVecI32x4' : 'TruncSatSVecF32x4ToVecI32x4', value);
  return resizeLanes(f, words, 4, elementBytes(to), 'U');
}

/** `from` has the lanes of the result. */
export function convertVector(f: FunctionBuilder, from: ValueType, to: KernelDType, value: WasmExpr): WasmExpr {
  const { dtype, lanes } = from;
  const result: ValueType = { dtype: to, lanes };
  if (dtype === to) return value;
  if (dtype === 'i1') return maskToNumbers(f, result, value);
  if (to === 'i1') return numbersToMask(f, from, value);
  if (lanes <= 4 && (isHalf(dtype) || isHalf(to))) {
    const viaFloat = halfVector(f, from, to, value);
    if (viaFloat !== undefined) return viaFloat;
  }
  if (!isFloatKernelDType(dtype) && !isFloatKernelDType(to))
    return resizeLanes(f, value, registerLaneBytes(from), registerLaneBytes(result), isSigned(dtype) ? 'S' : 'U');
  return (
    numericVector(f, from, to, value) ??
    mapLanes(f, result, [{ type: from, value }], (...[x = value]) => convertScalar(f, dtype, to, x))
  );
}

function maskToNumbers(f: FunctionBuilder, to: ValueType, mask: WasmExpr): WasmExpr {
  return f.binary(
    'AndVec128',
    resizeMask(f, mask, to.lanes, registerLaneBytes(to)),
    constantExpr(f, to, oneOf(to.dtype)),
  );
}

function oneOf(dtype: KernelDType): number | bigint {
  return dtype === 'i64' || dtype === 'ui64' ? 1n : 1;
}

function numbersToMask(f: FunctionBuilder, from: ValueType, value: WasmExpr): WasmExpr {
  const shape = shapeOf(from);
  if (isHalf(from.dtype)) {
    // Both zeros are false: the sign is shifted out.
    const magnitude = f.shift('ShlVecI16x8', value, f.i32(1));
    const isSet = f.binary('NeVecI16x8', magnitude, f.v128(new Uint8Array(16)));
    return toMask(f, isSet, from.lanes, 2);
  }
  const isSet = f.binary(`NeVec${shape}` as WasmOp, value, f.v128(new Uint8Array(16)));
  return toMask(f, isSet, from.lanes, registerLaneBytes(from));
}

function halfVector(f: FunctionBuilder, from: ValueType, to: KernelDType, value: WasmExpr): WasmExpr | undefined {
  const math = new HalfFloatMath(f, from.lanes);
  const { dtype, lanes } = from;
  if (isHalf(dtype)) {
    const words = resizeLanes(f, value, 2, 4, 'U');
    const wide = dtype === 'f16' ? math.widenF16(words) : math.widenBf16(words);
    return convertVector(f, { dtype: 'f32', lanes }, to, wide);
  }
  const isExact = dtype === 'f32' || (!isFloatKernelDType(dtype) && elementBytes(dtype) <= 2);
  if (!isExact || !isHalf(to)) return undefined;
  const wide = convertVector(f, from, 'f32', value);
  return resizeLanes(f, to === 'f16' ? math.narrowToF16(wide) : math.narrowToBf16(wide), 4, 2, 'U');
}

/** Between floats, and floats and integers, where there are instructions. */
function numericVector(f: FunctionBuilder, from: ValueType, to: KernelDType, value: WasmExpr): WasmExpr | undefined {
  const { dtype, lanes } = from;
  if (dtype === 'f32' && to === 'f64') return f.unary('PromoteLowVecF32x4ToVecF64x2', value);
  if (dtype === 'f64' && to === 'f32') return f.unary('DemoteZeroVecF64x2ToVecF32x4', value);
  if (isFloatKernelDType(dtype) && !isHalf(dtype)) return floatsToIntegers(f, from, to, value);
  if (isFloatKernelDType(dtype) || isHalf(to) || elementBytes(dtype) === 8 || lanes > 4) return undefined;
  const sign = isSigned(dtype) ? 'S' : 'U';
  const words = resizeLanes(f, value, registerLaneBytes(from), 4, sign);
  if (to === 'f32') return f.unary(`Convert${sign}VecI32x4ToVecF32x4`, words);
  return to === 'f64' && lanes <= 2 ? f.unary(`ConvertLow${sign}VecI32x4ToVecF64x2`, words) : undefined;
}

function floatsToIntegers(f: FunctionBuilder, from: ValueType, to: KernelDType, value: WasmExpr): WasmExpr | undefined {
  if (isFloatKernelDType(to) || registerLaneBytes({ dtype: to, lanes: from.lanes }) === 8) return undefined;
  const sign = isSigned(to) ? 'S' : 'U';
  const name: WasmOp =
    from.dtype === 'f32' ? `TruncSat${sign}VecF32x4ToVecI32x4` : `TruncSatZero${sign}VecF64x2ToVecI32x4`;
  const words = f.unary(name, value);
  const range = narrowRange(to);
  if (range === undefined || to === 'index') return words;
  const limit = (bound: number): WasmExpr => constantExpr(f, { dtype: 'i32', lanes: 4 }, bound);
  const atMost = f.binary(`Min${sign}VecI32x4`, words, limit(range.most));
  const clamped = sign === 'S' ? f.binary('MaxSVecI32x4', atMost, limit(range.least)) : atMost;
  return resizeLanes(f, clamped, 4, elementBytes(to), 'U');
}

/** As many bits in all. */
export function bitcast(f: FunctionBuilder, from: ValueType, to: ValueType, value: WasmExpr): WasmExpr {
  if (from.lanes > 1 && to.lanes > 1) return value;
  if (from.lanes > 1) return fromBits(f, to.dtype, extractBits(f, elementBytes(to.dtype), value));
  const bits = toBits(f, from.dtype, value);
  if (to.lanes === 1) return fromBits(f, to.dtype, bits);
  const shape = elementBytes(from.dtype) === 8 ? 'I64x2' : 'I32x4';
  return f.unary(`SplatVec${shape}`, bits);
}

function toBits(f: FunctionBuilder, dtype: KernelDType, value: WasmExpr): WasmExpr {
  if (dtype === 'f32') return f.unary('ReinterpretFloat32', value);
  return dtype === 'f64' ? f.unary('ReinterpretFloat64', value) : value;
}

function fromBits(f: FunctionBuilder, dtype: KernelDType, bits: WasmExpr): WasmExpr {
  if (dtype === 'f32') return f.unary('ReinterpretInt32', bits);
  if (dtype === 'f64') return f.unary('ReinterpretInt64', bits);
  return isHalf(dtype) ? wrapScalar(f, 'ui16', bits) : wrapScalar(f, dtype, bits);
}

function extractBits(f: FunctionBuilder, bytes: number, vector: WasmExpr): WasmExpr {
  if (bytes === 8) return f.extract('ExtractLaneVecI64x2', vector, 0);
  return f.extract('ExtractLaneVecI32x4', vector, 0);
}
