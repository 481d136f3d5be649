/** Rules of convert, bitcast_convert, reduce_precision and of rounding. */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import type { Value } from '../../ir/operation.ts';
import { bitcastConvert } from '../../ir/ops/stablehlo/bitcast-convert.ts';
import { ceil } from '../../ir/ops/stablehlo/ceil.ts';
import { convert } from '../../ir/ops/stablehlo/convert.ts';
import { floor } from '../../ir/ops/stablehlo/floor.ts';
import { reducePrecision } from '../../ir/ops/stablehlo/reduce-precision.ts';
import { roundNearestAfz } from '../../ir/ops/stablehlo/round-nearest-afz.ts';
import { roundNearestEven } from '../../ir/ops/stablehlo/round-nearest-even.ts';
import { sign } from '../../ir/ops/stablehlo/sign.ts';
import { hasDType, isTensor } from '../../ir/types.ts';
import { definedBy, elementKind, match } from '../match.ts';
import { movesData, rule, ruleFor } from '../rewrite-rule.ts';
import { elementBits } from './constant-operand.ts';

/** Significant bits and exponent range of the floats that conversions are reasoned about. */
const floatPrecision: Readonly<Record<string, { readonly digits: number; readonly exponent: number }>> = {
  f16: { digits: 11, exponent: 15 },
  bf16: { digits: 8, exponent: 127 },
  f32: { digits: 24, exponent: 127 },
  f64: { digits: 53, exponent: 1023 },
};

/** The format of `reduce_precision` that changes nothing. */
const ownFormat: Readonly<Record<string, readonly [exponentBits: number, mantissaBits: number]>> = {
  f16: [5, 10],
  bf16: [8, 7],
  f32: [8, 23],
  f64: [11, 52],
};

function dtypeOf(value: Value): DType | undefined {
  return isTensor(value.type) && hasDType(value.type) ? value.type.element : undefined;
}

/** Bits that the magnitude of an integer or boolean needs; undefined for others. */
function magnitudeBits(dtype: DType): number | undefined {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'integer') return bits - 1;
  return kind === 'unsigned' || kind === 'boolean' ? bits : undefined;
}

/** True when `to` has every value of `from`. */
export function holdsEveryValue(from: DType, to: DType): boolean {
  if (from === to) return true;
  const [source, target] = [dtypeInfo(from), dtypeInfo(to)];
  if (target.kind === 'boolean') return false;
  if (source.kind === 'complex' || target.kind === 'complex') return source.kind === 'complex' && to === 'complex<f64>';
  const bits = magnitudeBits(from);
  const float = floatPrecision[to];
  if (bits === undefined) {
    const narrow = floatPrecision[from];
    return (
      narrow !== undefined && float !== undefined && narrow.digits <= float.digits && narrow.exponent <= float.exponent
    );
  }
  if (float !== undefined) return bits <= float.digits;
  const targetBits = magnitudeBits(to);
  return targetBits !== undefined && bits <= targetBits && (source.kind !== 'integer' || target.kind === 'integer');
}

/** True when `from -> middle -> to` gives what `from -> to` gives, for every value. */
export function isLosslessDetour(from: DType, middle: DType, to: DType): boolean {
  const kinds = [from, middle, to].map((dtype) => dtypeInfo(dtype).kind);
  const isFloat = kinds.map((kind) => kind === 'float');
  if (holdsEveryValue(from, middle)) {
    // Integers wrap and floats saturate, so an integer that went through a float must fit.
    return isFloat[0] === isFloat[1] || isFloat[2] === true || holdsEveryValue(from, to);
  }
  const isTruncation = kinds.every((kind) => kind === 'integer' || kind === 'unsigned');
  return isTruncation && dtypeInfo(to).bits <= dtypeInfo(middle).bits;
}

export const conversionRules = [
  rule(convert, {
    name: 'convert-same',
    equation: 'convert<T>(x : T) = x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite: ({ op }) => (op.operand(0).type === op.result().type ? op.operand(0) : undefined),
  }),
  rule(convert, {
    name: 'convert-convert',
    equation: 'convert<C>(convert<B>(x : A)) = convert<C>(x)',
    floatingPoint: 'B has every value of A, or all are integers and C is no wider than B; NaN payloads aside',
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), convert);
      if (inner === undefined) return undefined;
      const [from, middle, to] = [dtypeOf(inner.operand(0)), dtypeOf(op.operand(0)), dtypeOf(op.result())];
      if (from === undefined || middle === undefined || to === undefined) return undefined;
      if (dtypeInfo(from).kind === 'complex' && dtypeInfo(to).kind !== 'complex') return undefined;
      return isLosslessDetour(from, middle, to) ? makeAlike(convert, [inner.operand(0)]) : undefined;
    },
  }),
  rule(bitcastConvert, {
    name: 'bitcast-same',
    equation: 'bitcast_convert<T>(x : T) = x',
    floatingPoint: movesData,
    rewrite: ({ op }) => (op.operand(0).type === op.result().type ? op.operand(0) : undefined),
  }),
  rule(bitcastConvert, {
    name: 'bitcast-bitcast',
    equation: 'bitcast_convert<C>(bitcast_convert<B>(x : A)) = bitcast_convert<C>(x)',
    floatingPoint: `${movesData}; two of the widths are equal`,
    rewrite({ op, makeAlike }) {
      const inner = definedBy(op.operand(0), bitcastConvert);
      if (inner === undefined) return undefined;
      const from = elementBits(inner.operand(0).type);
      const [middle, to] = [elementBits(op.operand(0).type), elementBits(op.result().type)];
      if (from === undefined || middle === undefined || to === undefined) return undefined;
      if (from !== middle && middle !== to && from !== to) return undefined;
      if (inner.operand(0).type === op.result().type) return inner.operand(0);
      return makeAlike(bitcastConvert, [inner.operand(0)]);
    },
  }),
  rule(reducePrecision, {
    name: 'reduce-precision-to-own',
    equation: 'reduce_precision(x) = x for at least the bits of x',
    floatingPoint: 'exact; NaN payloads aside',
    rewrite({ op, attrs }) {
      const own = ownFormat[dtypeOf(op.operand(0)) ?? ''];
      const isOwn = own !== undefined && attrs.exponent_bits >= own[0] && attrs.mantissa_bits >= own[1];
      return isOwn ? op.operand(0) : undefined;
    },
  }),
  rule(reducePrecision, {
    name: 'reduce-precision-twice',
    equation: 'reduce_precision(reduce_precision(x)) = reduce_precision(x) for the same format',
    floatingPoint: 'exact: the second finds nothing to round',
    rewrite({ op, attrs }) {
      const inner = match(op.operand(0), reducePrecision)?.attrs;
      const isSame = inner?.exponent_bits === attrs.exponent_bits && inner.mantissa_bits === attrs.mantissa_bits;
      return isSame ? op.operand(0) : undefined;
    },
  }),
  ruleFor([floor, ceil, roundNearestAfz, roundNearestEven], {
    name: 'round-rounded',
    equation: 'floor(ceil(x)) = ceil(x), and so on for floor, ceil and both roundings',
    floatingPoint: 'exact: a whole number is its own rounding',
    rewrite({ op }) {
      const isWhole = [floor, ceil, roundNearestAfz, roundNearestEven].some(
        (definition) => definedBy(op.operand(0), definition) !== undefined,
      );
      return isWhole ? op.operand(0) : undefined;
    },
  }),
  rule(sign, {
    name: 'sign-sign',
    equation: 'sign(sign(x)) = sign(x)',
    floatingPoint: 'exact for real numbers',
    rewrite({ op }) {
      if (elementKind(op.result().type) === 'complex') return undefined;
      return definedBy(op.operand(0), sign) === undefined ? undefined : op.operand(0);
    },
  }),
];
