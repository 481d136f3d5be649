/**
 * Elements of fewer than 8 bits and floats of up to 8, as registers hold them: small integers as the number in a byte, small floats as their
 * bits in a byte, as memory does (ir/elements.ts). They are moved, converted and reinterpreted; all else is done on wider types, which
 * the pass `expand-small-types` sees to.
 */
import { type DType, dtypeInfo, integerRange } from '../../ir/dtype.ts';
import { type FloatFormat, floatFormats, isFloatFormatName } from '../../ir/numerics/index.ts';
import type { ValueExpr } from '../kernel/structured-kernel.ts';
import { elementBytes, isFloatKernelDType, isUnsignedKernelDType, type KernelDType } from '../kernel/value-type.ts';
import { binary, bitcastValue, compareValues, constantValue, convertValue, selectValue } from './expressions.ts';

/** True for what a register holds in a wider form. */
export function isNarrow(dtype: DType): boolean {
  const { kind, bits } = dtypeInfo(dtype);
  return kind === 'float' ? bits <= 8 : kind !== 'boolean' && bits < 8;
}

/** An element of one type as one of another, as `convert` does it; `to` is held in `register`. */
export function convertElement(operand: ValueExpr, from: DType, to: DType, register: KernelDType): ValueExpr {
  if (from === to) return operand;
  const format = narrowFormat(from);
  const number = format === undefined ? operand : decode(operand, format);
  const target = narrowFormat(to);
  if (target !== undefined) return encode(roundedToOdd(number), target);
  const converted = convertValue(number, register);
  return isNarrow(to) ? fitInteger(converted, to, isFloatKernelDType(number.dtype)) : converted;
}

function narrowFormat(dtype: DType): FloatFormat | undefined {
  return isNarrow(dtype) && isFloatFormatName(dtype) ? floatFormats[dtype] : undefined;
}

/** A byte to fewer bits: what comes from a float saturates, all else keeps its low bits. */
function fitInteger(value: ValueExpr, dtype: DType, saturates: boolean): ValueExpr {
  const { dtype: register } = value;
  if (saturates) {
    const [min, max] = integerRange(dtype);
    return binary('minimum', binary('maximum', value, constantValue(register, min)), constantValue(register, max));
  }
  return lowBits(value, dtype);
}

function lowBits(value: ValueExpr, dtype: DType): ValueExpr {
  const { bits } = dtypeInfo(dtype);
  const { dtype: register } = value;
  if (isUnsignedKernelDType(register)) return binary('and', value, constantValue(register, (1 << bits) - 1));
  const distance = constantValue(register, 8 - bits);
  return binary('shift-right-arithmetic', binary('shift-left', value, distance), distance);
}

/** The bits of an element, zeros above them, in the unsigned integer of its register. */
export function bitsOfElement(value: ValueExpr, dtype: DType): ValueExpr {
  const { bits, kind } = dtypeInfo(dtype);
  if (kind === 'boolean') return convertValue(value, 'ui8');
  const word = bitcastValue(value, unsignedWord(elementBytes(value.dtype) * 8));
  return bits < 8 && kind === 'integer' ? lowBits(word, dtype) : word;
}

/** The element with these bits, which are in an unsigned integer. */
export function elementOfBits(word: ValueExpr, dtype: DType, register: KernelDType): ValueExpr {
  const { bits, kind } = dtypeInfo(dtype);
  if (kind === 'boolean') return compareValues('ne', word, constantValue(word.dtype, 0));
  const sized = convertValue(word, unsignedWord(Math.max(8, bits)));
  const value = bitcastValue(sized, register);
  return bits < 8 ? lowBits(value, dtype) : value;
}

export function unsignedWord(bits: number): KernelDType {
  return ({ 8: 'ui8', 16: 'ui16', 32: 'ui32', 64: 'ui64' } as const)[bits] ?? 'ui8';
}

const word = (value: number): ValueExpr => constantValue('ui32', value);
const shiftedLeft = (value: ValueExpr, by: number): ValueExpr => binary('shift-left', value, word(by));
const shiftedRight = (value: ValueExpr, by: number): ValueExpr => binary('shift-right-logical', value, word(by));
const f32OfBits = (bits: ValueExpr): ValueExpr => bitcastValue(bits, 'f32');

/** Bits in a byte -> f32, exact. */
function decode(byte: ValueExpr, format: FloatFormat): ValueExpr {
  const bits = convertValue(byte, 'ui32');
  const { width, mantissaBits: digits, bias, minExponent, specials } = format;
  const nan = constantValue('f32', NaN);
  if (specials === 'power-of-two') {
    const least = constantValue('f32', 2 ** -127);
    const value = selectValue(compareValues('eq', bits, word(0)), least, f32OfBits(shiftedLeft(bits, 23)));
    return selectValue(compareValues('eq', bits, word(255)), nan, value);
  }
  const signBit = 1 << (width - 1);
  const magnitude = binary('and', bits, word(signBit - 1));
  const tiny = binary('multiply', convertValue(magnitude, 'f32'), constantValue('f32', 2 ** (minExponent - digits)));
  const normal = f32OfBits(shiftedLeft(binary('add', magnitude, word((127 - bias) << digits)), 23 - digits));
  const finite = selectValue(compareValues('lt', magnitude, word(1 << digits)), tiny, normal);
  const isNegative = compareValues('ge', bits, word(signBit));
  const signed = selectValue(isNegative, { kind: 'unary', dtype: 'f32', op: 'negate', operand: finite }, finite);
  switch (specials) {
    case 'ieee': {
      const top = word(infinityOf(format));
      const infinity = selectValue(isNegative, constantValue('f32', -Infinity), constantValue('f32', Infinity));
      const special = selectValue(compareValues('eq', magnitude, top), infinity, nan);
      return selectValue(compareValues('ge', magnitude, top), special, signed);
    }
    case 'nan-only':
      return selectValue(compareValues('eq', magnitude, word(signBit - 1)), nan, signed);
    case 'nan-as-negative-zero':
      return selectValue(compareValues('eq', bits, word(signBit)), nan, signed);
    case 'finite':
      return signed;
    default:
      return specials satisfies never;
  }
}

function infinityOf({ exponentBits, mantissaBits }: FloatFormat): number {
  return ((1 << exponentBits) - 1) << mantissaBits;
}

/** f32 -> bits in a byte, to nearest even; of a sum that was rounded to odd as good as one rounding. */
function encode(value: ValueExpr, format: FloatFormat): ValueExpr {
  const bits = bitcastValue(value, 'ui32');
  if (format.specials === 'power-of-two') return convertValue(encodePowerOfTwo(value, bits), 'ui8');
  const { width, specials } = format;
  const signBit = 1 << (width - 1);
  const isNan = compareValues('ne', value, value);
  const sign = shiftedLeft(shiftedRight(bits, 31), width - 1);
  const magnitude = roundedMagnitude(binary('and', bits, word(0x7fff_ffff)), format);
  const signed = binary('or', sign, magnitude);
  const top = word(largestOf(format));
  const isTooBig = compareValues('gt', magnitude, top);
  const choose = (nan: number, overflow: ValueExpr): ValueExpr =>
    selectValue(isNan, word(nan), selectValue(isTooBig, overflow, signed));
  const infinity = infinityOf(format);
  const code = {
    ieee: () => choose(infinity | (1 << (format.mantissaBits - 1)), binary('or', sign, word(infinity))),
    'nan-only': () => choose(signBit - 1, binary('or', sign, word(signBit - 1))),
    // There is no -0: its bits are NaN.
    'nan-as-negative-zero': () =>
      selectValue(compareValues('eq', magnitude, word(0)), word(0), choose(signBit, word(signBit))),
    finite: () => choose(signBit, binary('or', sign, word(signBit - 1))),
  }[specials]();
  return convertValue(code, 'ui8');
}

/** Bits of the greatest finite magnitude. */
function largestOf(format: FloatFormat): number {
  const all = (1 << (format.width - 1)) - 1;
  switch (format.specials) {
    case 'ieee':
      return infinityOf(format) - 1;
    case 'nan-only':
      return all - 1;
    case 'nan-as-negative-zero':
    case 'finite':
    case 'power-of-two':
      return all;
    default:
      return format.specials satisfies never;
  }
}

/** Exponent and digits, rounded to nearest even, with as many exponents above as f32 has. */
function roundedMagnitude(magnitude: ValueExpr, { mantissaBits: digits, bias, minExponent }: FloatFormat): ValueExpr {
  const dropped = 23 - digits;
  const odd = binary('and', shiftedRight(magnitude, dropped), word(1));
  const rounded = shiftedRight(binary('add', binary('add', magnitude, word((1 << (dropped - 1)) - 1)), odd), dropped);
  const normal = binary('subtract', rounded, word((127 - bias) << digits));
  // Adding a number whose last digit is worth the least number of the format leaves the multiple of that in the low bits.
  const aligner = 2 ** (minExponent + dropped);
  const sum = binary('add', f32OfBits(magnitude), constantValue('f32', aligner));
  const tiny = binary('subtract', bitcastValue(sum, 'ui32'), word(bitsOfPower(minExponent + dropped)));
  return selectValue(compareValues('lt', magnitude, word(bitsOfPower(minExponent))), tiny, normal);
}

/** The f32 bits of 2^exponent, which is normal. */
function bitsOfPower(exponent: number): number {
  return (exponent + 127) << 23;
}

/** The nearest power of two, ties up; NaN for what is not above 0, or too large. */
function encodePowerOfTwo(value: ValueExpr, bits: ValueExpr): ValueExpr {
  const normal = shiftedRight(binary('add', bits, word(1 << 22)), 23);
  const isFromHalf = compareValues('ge', bits, word(0x60_0000));
  const tiny = selectValue(isFromHalf, word(1), word(0));
  const code = selectValue(compareValues('lt', bits, word(1 << 23)), tiny, normal);
  const isPositive = compareValues('gt', value, constantValue('f32', 0));
  return selectValue(isPositive, code, word(255));
}

/** An f32 that rounds to any narrow format as the number itself would: where digits are lost, the last one kept is odd. */
function roundedToOdd(value: ValueExpr): ValueExpr {
  const { dtype } = value;
  if (dtype === 'f32' || dtype === 'f16' || dtype === 'bf16' || elementBytes(dtype) < 4)
    return convertValue(value, 'f32');
  const wide = dtype === 'i64' || dtype === 'ui64' ? oddF64(value) : convertValue(value, 'f64');
  const nearest = convertValue(wide, 'f32');
  const back = convertValue(nearest, 'f64');
  const bits = bitcastValue(nearest, 'ui32');
  const magnitude = (number: ValueExpr): ValueExpr => ({ kind: 'unary', dtype: 'f64', op: 'abs', operand: number });
  const isAbove = compareValues('gt', magnitude(back), magnitude(wide));
  const truncated = selectValue(isAbove, binary('subtract', bits, word(1)), bits);
  const isExact = binary('or', compareValues('eq', back, wide), compareValues('ne', wide, wide));
  return f32OfBits(selectValue(isExact, bits, binary('or', truncated, word(1))));
}

/** The same of a 64-bit integer in f64. */
function oddF64(value: ValueExpr): ValueExpr {
  const { dtype } = value;
  const constant = (number: number): ValueExpr => constantValue(dtype, number);
  const isSmall =
    dtype === 'ui64'
      ? compareValues('lt', value, constant(2 ** 53))
      : binary('and', compareValues('lt', value, constant(2 ** 53)), compareValues('gt', value, constant(-(2 ** 53))));
  const shift = dtype === 'ui64' ? 'shift-right-logical' : 'shift-right-arithmetic';
  const lost = compareValues('ne', binary('and', value, constant(2047)), constant(0));
  const kept = binary('or', binary(shift, value, constant(11)), convertValue(lost, dtype));
  const large = binary('multiply', convertValue(kept, 'f64'), constantValue('f64', 2048));
  return selectValue(isSmall, convertValue(value, 'f64'), large);
}
