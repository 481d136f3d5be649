/**
 * Element types. The names are the text forms of StableHLO (docs/spec.md, "Types"); integers are signless in MLIR, so
 * `i8` is the spec's `si8`.
 */

export const dtypes = [
  'i1', 'i2', 'i4', 'i8', 'i16', 'i32', 'i64', 'ui2', 'ui4', 'ui8', 'ui16', 'ui32', 'ui64', 'index',
  'f4E2M1FN', 'f6E2M3FN', 'f6E3M2FN', 'f8E3M4', 'f8E4M3', 'f8E4M3FN', 'f8E4M3FNUZ', 'f8E4M3B11FNUZ', 'f8E5M2',
  'f8E5M2FNUZ', 'f8E8M0FNU', 'bf16', 'f16', 'f32', 'f64', 'complex<f32>', 'complex<f64>',
] as const; // prettier-ignore

export type DType = (typeof dtypes)[number];

/** `boolean`: i1. `integer`: signed. `unsigned`. `float`. `complex`: a pair of `part`. */
export type DTypeKind = 'boolean' | 'integer' | 'unsigned' | 'float' | 'complex';

/** The typed array that holds elements in the evaluator, in constants and in npy files. */
export type StorageKind = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

export interface DTypeInfo {
  readonly name: DType;
  readonly kind: DTypeKind;
  /** Bits of one element; complex counts both parts. */
  readonly bits: number;
  readonly storage: StorageKind;
  /** Slots of the storage array one element takes: 2 for complex, else 1. */
  readonly slots: 1 | 2;
  /** The dtype of a real part; the dtype itself when not complex. */
  readonly part: DType;
}

type Row = readonly [DTypeKind, number, StorageKind, DType?];

const table: Readonly<Record<DType, Row>> = {
  i1: ['boolean', 1, 'u8'],
  i2: ['integer', 2, 'i8'],
  i4: ['integer', 4, 'i8'],
  i8: ['integer', 8, 'i8'],
  i16: ['integer', 16, 'i16'],
  i32: ['integer', 32, 'i32'],
  i64: ['integer', 64, 'i64'],
  ui2: ['unsigned', 2, 'u8'],
  ui4: ['unsigned', 4, 'u8'],
  ui8: ['unsigned', 8, 'u8'],
  ui16: ['unsigned', 16, 'u16'],
  ui32: ['unsigned', 32, 'u32'],
  ui64: ['unsigned', 64, 'u64'],
  index: ['integer', 64, 'i64'],
  f4E2M1FN: ['float', 4, 'u8'],
  f6E2M3FN: ['float', 6, 'u8'],
  f6E3M2FN: ['float', 6, 'u8'],
  f8E3M4: ['float', 8, 'u8'],
  f8E4M3: ['float', 8, 'u8'],
  f8E4M3FN: ['float', 8, 'u8'],
  f8E4M3FNUZ: ['float', 8, 'u8'],
  f8E4M3B11FNUZ: ['float', 8, 'u8'],
  f8E5M2: ['float', 8, 'u8'],
  f8E5M2FNUZ: ['float', 8, 'u8'],
  f8E8M0FNU: ['float', 8, 'u8'],
  bf16: ['float', 16, 'u16'],
  f16: ['float', 16, 'u16'],
  f32: ['float', 32, 'f32'],
  f64: ['float', 64, 'f64'],
  'complex<f32>': ['complex', 64, 'f32', 'f32'],
  'complex<f64>': ['complex', 128, 'f64', 'f64'],
};

function toInfo(name: DType): DTypeInfo {
  const [kind, bits, storage, part] = table[name];
  return Object.freeze({
    name,
    kind,
    bits,
    storage,
    slots: kind === 'complex' ? 2 : 1,
    part: part ?? name,
  });
}

const infos: ReadonlyMap<string, DTypeInfo> = new Map(dtypes.map((name) => [name, toInfo(name)]));

export function isDType(name: string): name is DType {
  return infos.has(name);
}

export function dtypeInfo(dtype: DType): DTypeInfo {
  const info = infos.get(dtype);
  if (info === undefined) throw new TypeError(`not a dtype: ${dtype}`);
  return info;
}

export function isIntegerDType(dtype: DType): boolean {
  const { kind } = dtypeInfo(dtype);
  return kind === 'integer' || kind === 'unsigned';
}

export function isFloatDType(dtype: DType): boolean {
  return dtypeInfo(dtype).kind === 'float';
}

export function isComplexDType(dtype: DType): boolean {
  return dtypeInfo(dtype).kind === 'complex';
}

/** True for 64-bit integers, whose elements are bigint in the evaluator. */
export function isBigIntDType(dtype: DType): boolean {
  const { storage } = dtypeInfo(dtype);
  return storage === 'i64' || storage === 'u64';
}

/** `f32` -> `complex<f32>`. */
export function complexOf(part: 'f32' | 'f64'): DType {
  return part === 'f32' ? 'complex<f32>' : 'complex<f64>';
}

/** Bytes one element takes in a typed array here, and in an npy file: sub-byte elements take a whole byte. */
export function storageBytes(dtype: DType): number {
  const { bits } = dtypeInfo(dtype);
  return Math.max(1, bits / 8);
}

/** Inclusive range of an integer or boolean dtype. */
export function integerRange(dtype: DType): readonly [min: bigint, max: bigint] {
  const { kind, bits } = dtypeInfo(dtype);
  if (kind === 'integer') return [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n];
  return [0n, (1n << BigInt(bits)) - 1n];
}
