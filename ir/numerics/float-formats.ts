/**
 * The storage formats of the IR's floating-point element types, as data.
 *
 * Sources: IEEE 754-2019 (f16, f32, f64); StableHLO spec, "Types"; OCP Microscaling Formats v1.0 (f4, f6, f8E8M0FNU);
 * "FP8 Formats for Deep Learning" (f8E4M3FN, f8E5M2); "8-bit Numerical Formats for Deep Neural Networks" (FNUZ).
 */

/**
 * What the top of the encoding space means.
 * - `ieee`: the all-ones exponent holds infinity and NaN; f8E4M3 and f8E3M4 included.
 * - `nan-only` (FN): no infinity; only the all-ones pattern of either sign is NaN. Overflow and infinity become NaN.
 * - `nan-as-negative-zero` (FNUZ): no infinity, no -0; the bare sign bit is NaN. Overflow and infinity become NaN.
 * - `finite` (MX element types): neither infinity nor NaN. Overflow and infinity saturate; NaN becomes -0, which is
 *   what ml_dtypes answers (the MX specification leaves it open).
 * - `power-of-two` (E8M0): no sign, no zero, no mantissa; 0xFF is NaN.
 */
export type FloatSpecials = 'ieee' | 'nan-only' | 'nan-as-negative-zero' | 'finite' | 'power-of-two';

export type FloatFormatName =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'f8E5M2'
  | 'f8E4M3'
  | 'f8E3M4'
  | 'f8E4M3FN'
  | 'f8E4M3FNUZ'
  | 'f8E4M3B11FNUZ'
  | 'f8E5M2FNUZ'
  | 'f8E8M0FNU'
  | 'f6E2M3FN'
  | 'f6E3M2FN'
  | 'f4E2M1FN';

export interface FloatFormat {
  readonly name: FloatFormatName;
  /** Bits of the whole encoding. */
  readonly width: number;
  readonly exponentBits: number;
  /** Explicit mantissa bits; the precision is one more. */
  readonly mantissaBits: number;
  readonly bias: number;
  readonly specials: FloatSpecials;
  /** Exponent of the least normal number (of the least number at all, for `power-of-two`). */
  readonly minExponent: number;
  /** The greatest finite magnitude. */
  readonly maxFinite: number;
}

interface FormatRow {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  readonly specials: FloatSpecials;
  readonly maxFinite: number;
}

function defineFormat(name: FloatFormatName, row: FormatRow): FloatFormat {
  const signBits = row.specials === 'power-of-two' ? 0 : 1;
  const leastExponentField = row.specials === 'power-of-two' ? 0 : 1;
  return {
    name,
    width: signBits + row.exponentBits + row.mantissaBits,
    ...row,
    minExponent: leastExponentField - row.bias,
  };
}

function ieee(name: FloatFormatName, exponentBits: number, mantissaBits: number, maxFinite: number): FloatFormat {
  const bias = 2 * (1 << (exponentBits - 2)) - 1;
  return defineFormat(name, { exponentBits, mantissaBits, bias, specials: 'ieee', maxFinite });
}

/** Every format by its name in the IR. */
export const floatFormats: Readonly<Record<FloatFormatName, FloatFormat>> = {
  f64: ieee('f64', 11, 52, Number.MAX_VALUE),
  f32: ieee('f32', 8, 23, 3.4028234663852886e38),
  f16: ieee('f16', 5, 10, 65504),
  bf16: ieee('bf16', 8, 7, 3.3895313892515355e38),
  f8E5M2: ieee('f8E5M2', 5, 2, 57344),
  f8E4M3: ieee('f8E4M3', 4, 3, 240),
  f8E3M4: ieee('f8E3M4', 3, 4, 15.5),
  f8E4M3FN: defineFormat('f8E4M3FN', {
    exponentBits: 4,
    mantissaBits: 3,
    bias: 7,
    specials: 'nan-only',
    maxFinite: 448,
  }),
  f8E4M3FNUZ: defineFormat('f8E4M3FNUZ', {
    exponentBits: 4,
    mantissaBits: 3,
    bias: 8,
    specials: 'nan-as-negative-zero',
    maxFinite: 240,
  }),
  f8E4M3B11FNUZ: defineFormat('f8E4M3B11FNUZ', {
    exponentBits: 4,
    mantissaBits: 3,
    bias: 11,
    specials: 'nan-as-negative-zero',
    maxFinite: 30,
  }),
  f8E5M2FNUZ: defineFormat('f8E5M2FNUZ', {
    exponentBits: 5,
    mantissaBits: 2,
    bias: 16,
    specials: 'nan-as-negative-zero',
    maxFinite: 57344,
  }),
  f8E8M0FNU: defineFormat('f8E8M0FNU', {
    exponentBits: 8,
    mantissaBits: 0,
    bias: 127,
    specials: 'power-of-two',
    maxFinite: 1.7014118346046923e38,
  }),
  f6E2M3FN: defineFormat('f6E2M3FN', { exponentBits: 2, mantissaBits: 3, bias: 1, specials: 'finite', maxFinite: 7.5 }),
  f6E3M2FN: defineFormat('f6E3M2FN', { exponentBits: 3, mantissaBits: 2, bias: 3, specials: 'finite', maxFinite: 28 }),
  f4E2M1FN: defineFormat('f4E2M1FN', { exponentBits: 2, mantissaBits: 1, bias: 1, specials: 'finite', maxFinite: 6 }),
};

/** Whether `name` names a format of this table. */
export function isFloatFormatName(name: string): name is FloatFormatName {
  return Object.hasOwn(floatFormats, name);
}
