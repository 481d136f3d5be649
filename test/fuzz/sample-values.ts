/** Values of inputs and constants: from a seed, with what goes wrong easily among them. */
import { type DType, dtypeInfo, integerRange } from '../../ir/dtype.ts';
import { allocateElements } from '../../ir/elements.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import {
  decodeFloat,
  encodeFloat,
  type FloatFormat,
  f64FromBits,
  floatFormats,
  isFloatFormatName,
} from '../../ir/numerics/index.ts';

/**
 * - `small`: whole numbers near 0, whose sums are exact in any order
 * - `unit`: in [-1, 1), all bits of the mantissa in use
 * - `special`: zeros of both signs, infinities, NaN, subnormals, the greatest and least numbers, among ordinary ones
 * - `wild`: any finite bit pattern; integers over the whole range
 * - `index`: from -2 to 9, for starts and indices
 * - `positive`: from 0.5 to 2; integers from 1 to 3
 */
export const profiles = ['small', 'unit', 'special', 'wild', 'index', 'positive'] as const;
export type Profile = (typeof profiles)[number];

/** The same numbers for a seed everywhere (Steele, Lea: SplitMix32). */
export function randomUnits(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
}

export function sampleTensor(dtype: DType, shape: readonly number[], profile: Profile, seed: number): Tensor {
  const next = randomUnits(seed);
  const { kind, slots, part } = dtypeInfo(dtype);
  const values = allocateElements(dtype, shapeSize(shape));
  const format = isFloatFormatName(part) ? floatFormats[part] : undefined;
  for (let index = 0; index < shapeSize(shape) * slots; index++) {
    if (kind === 'boolean') values[index] = next() < 0.5 ? 1 : 0;
    else if (format === undefined) {
      const integer = sampleInteger(dtype, profile, next);
      if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[index] = integer;
      else values[index] = Number(integer);
    } else {
      const number = sampleFloat(format, profile, next);
      values[index] = part === 'f32' || part === 'f64' ? number : encodeFloat(number, format);
    }
  }
  return new Tensor(dtype, shape, values);
}

function sampleInteger(dtype: DType, profile: Profile, next: () => number): bigint {
  const [least, greatest] = integerRange(dtype);
  const clamp = (value: bigint): bigint => (value < least ? least : value > greatest ? greatest : value);
  const near = (from: number, to: number): bigint => clamp(BigInt(from + Math.floor(next() * (to - from + 1))));
  if (profile === 'index') return near(-2, 9);
  if (profile === 'positive') return near(1, 3);
  const extremes = [least, greatest, 0n, 1n, clamp(-1n), greatest - 1n, clamp(least + 1n), clamp(2n)];
  const extreme = profile === 'special' ? extremes[Math.floor(next() * 2 * extremes.length)] : undefined;
  if (extreme !== undefined) return extreme;
  if (profile !== 'wild') return near(-5, 5);
  const bits = (BigInt(Math.floor(next() * 4294967296)) << 32n) | BigInt(Math.floor(next() * 4294967296));
  return least + (bits % (greatest - least + 1n));
}

function sampleFloat(format: FloatFormat, profile: Profile, next: () => number): number {
  switch (profile) {
    case 'index':
      return Math.floor(next() * 12) - 2;
    case 'small':
      return Math.floor(next() * 9) - 4;
    case 'positive':
      return 0.5 + next() * 1.5;
    case 'wild':
      return wildFloat(format, next);
    case 'unit':
      return roundTo(format, next() * 2 - 1);
    case 'special': {
      const specials = specialsOf(format);
      return specials[Math.floor(next() * 2 * specials.length)] ?? roundTo(format, (next() - 0.5) * 32);
    }
    default:
      return profile satisfies never;
  }
}

function roundTo(format: FloatFormat, value: number): number {
  if (format.name === 'f64') return value;
  return format.name === 'f32' ? Math.fround(value) : decodeFloat(encodeFloat(value, format), format);
}

const specialsByFormat = new Map<string, readonly number[]>();

function specialsOf(format: FloatFormat): readonly number[] {
  const known = specialsByFormat.get(format.name);
  if (known !== undefined) return known;
  const { maximum, least, leastNormal } = rangeOf(format);
  const bothSigns = [0, 1, 0.5, 3, Infinity, maximum, least, leastNormal, leastNormal / 2, 1 + least];
  const specials = [NaN, ...bothSigns.flatMap((value) => [value, -value])].map((value) => roundTo(format, value));
  specialsByFormat.set(format.name, specials);
  return specials;
}

export interface FloatRange {
  /** Greatest finite number, least positive, least positive normal one, and the distance from 1 to the next. */
  readonly maximum: number;
  readonly least: number;
  readonly leastNormal: number;
  readonly epsilon: number;
}

const ranges = new Map<string, FloatRange>();

export function rangeOf(format: FloatFormat): FloatRange {
  const known = ranges.get(format.name);
  if (known !== undefined) return known;
  const range = computeRange(format);
  ranges.set(format.name, range);
  return range;
}

function computeRange({ maxFinite, mantissaBits, minExponent }: FloatFormat): FloatRange {
  const leastNormal = 2 ** minExponent;
  return { maximum: maxFinite, least: 2 ** (minExponent - mantissaBits), leastNormal, epsilon: 2 ** -mantissaBits };
}

function wildFloat(format: FloatFormat, next: () => number): number {
  const bits = Math.floor(next() * 4294967296);
  if (format.name !== 'f64' && format.name !== 'f32') {
    const value = decodeFloat(bits & (2 ** format.width - 1), format);
    return Number.isFinite(value) ? value : 1;
  }
  const low = BigInt(Math.floor(next() * 4294967296));
  const value = f64FromBits((BigInt(bits) << 32n) | low);
  if (format.name === 'f64') return Number.isFinite(value) ? value : 1;
  const single = new Float32Array(Uint32Array.of(bits).buffer)[0] ?? 1;
  return Number.isFinite(single) ? single : 1;
}
