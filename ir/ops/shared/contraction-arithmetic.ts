/**
 * The arithmetic of a sum of products, by the dtypes of operands and result. Each product and each partial sum is rounded to
 * f32, or to f64 where an operand or the result is wider, as the specification's multiply and add would; f16 and bf16 are
 * rounded at the end only, as XLA does. (Sums exact to f64 miss the suite's 3 ULP where terms cancel.) Integers wrap exactly;
 * booleans are `or` over `and`.
 *
 * A contraction loads its operands into the working form, calls `multiplyAdd` on rows, and stores the sums.
 */
import type { ElementsArray } from '../../elements.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { type DType, dtypeInfo } from '../../dtype.ts';
import { floatToBigint, floatToInt, wrapInt } from '../../numerics/index.ts';
import { floatSlots, isFloatOrComplex, storeFloats } from './float-values.ts';

export interface ContractionArithmetic<A extends ElementsArray> {
  /** Slots of the working array an element takes. */
  readonly slots: 1 | 2;
  zeros(count: number): A;
  /** The elements of a tensor in working form, in the order of `offsets`. */
  load(tensor: Tensor, offsets: Uint32Array): A;
  /** `sums[sumAt + i] += scalars[scalarAt] * row[rowAt + i]` for `count` elements; positions count elements. */
  multiplyAdd(sums: A, sumAt: number, scalars: A, scalarAt: number, row: A, rowAt: number, count: number): void;
  /** Writes element `i` of `sums` to element `offsets[i]` of the target. */
  store(sums: A, target: Tensor, offsets: Uint32Array): void;
  /** False when a value, multiplied by zero, would not give zero. */
  allFinite(values: A): boolean;
}

/** Calls `use` with the arithmetic for these operands and this result. */
export function withContractionArithmetic<R>(
  result: DType,
  operands: readonly Tensor[],
  termCount: number,
  use: <A extends ElementsArray>(arithmetic: ContractionArithmetic<A>) => R,
): R {
  const { kind, bits } = dtypeInfo(result);
  const dtypes = [result, ...operands.map(({ dtype }) => dtype)];
  const isSingle = dtypes.every(isSinglePrecision);
  if (dtypes.some((dtype) => dtypeInfo(dtype).kind === 'complex'))
    return isSingle ? use(complexF32Sums) : use(complexSums);
  if (isSingle) return use(f32Sums);
  if (dtypes.some(isFloatOrComplex)) return use(floatSums);
  if (kind === 'boolean') return use(booleanSums);
  if (bits <= 32) return use(int32Sums);
  return fitsDoubles(operands, termCount) ? use(doubleIntegerSums) : use(bigintSums);
}

/** Floats and complex numbers whose parts have at most 32 bits. */
function isSinglePrecision(dtype: DType): boolean {
  return isFloatOrComplex(dtype) && dtypeInfo(dtypeInfo(dtype).part).bits <= 32;
}

/** True when no sum of `termCount` products can leave the exact integers of f64. */
function fitsDoubles(operands: readonly Tensor[], termCount: number): boolean {
  let bound = Math.max(1, termCount);
  for (const { values } of operands) {
    let largest = 0;
    for (let index = 0; index < values.length; index++) {
      const magnitude = Math.abs(Number(values[index] ?? 0));
      if (magnitude > largest) largest = magnitude;
    }
    bound *= Math.max(1, largest);
  }
  return bound < Number.MAX_SAFE_INTEGER;
}

type Floats = Float32Array | Float64Array;

function gatherSlots<F extends Floats>(source: Float64Array, slots: 1 | 2, offsets: Uint32Array, gathered: F): F {
  if (slots === 1) {
    for (let index = 0; index < offsets.length; index++) gathered[index] = source[offsets[index] ?? 0] ?? 0;
    return gathered;
  }
  for (let index = 0; index < offsets.length; index++) {
    const at = 2 * (offsets[index] ?? 0);
    gathered[2 * index] = source[at] ?? 0;
    gathered[2 * index + 1] = source[at + 1] ?? 0;
  }
  return gathered;
}

function allFiniteFloats(values: Floats): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return false;
  return true;
}

/** Real sums in f64; also integer operands with a float result, and the reverse. */
const floatSums: ContractionArithmetic<Float64Array> = {
  slots: 1,
  zeros: (count) => new Float64Array(count),
  load: (tensor, offsets) => gatherSlots(floatSlots(tensor), 1, offsets, new Float64Array(offsets.length)),
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    const scalar = scalars[scalarAt] ?? 0;
    for (let index = 0; index < count; index++) {
      sums[sumAt + index] = (sums[sumAt + index] ?? 0) + scalar * (row[rowAt + index] ?? 0);
    }
  },
  store(sums, target, offsets) {
    storeFloatsOrIntegers(scatterSlots(sums, 1, offsets), target);
  },
  allFinite: allFiniteFloats,
};

/** Real sums in f32. Storing rounds the sum: correctly, since f64 has more than twice the bits. */
const f32Sums: ContractionArithmetic<Float32Array> = {
  slots: 1,
  zeros: (count) => new Float32Array(count),
  load: (tensor, offsets) => gatherSlots(floatSlots(tensor), 1, offsets, new Float32Array(offsets.length)),
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    const scalar = scalars[scalarAt] ?? 0;
    for (let index = 0; index < count; index++) {
      sums[sumAt + index] = (sums[sumAt + index] ?? 0) + Math.fround(scalar * (row[rowAt + index] ?? 0));
    }
  },
  store(sums, target, offsets) {
    storeFloats(scatterSlots(sums, 1, offsets), target);
  },
  allFinite: allFiniteFloats,
};

/** 64-bit integers whose sums are known to stay exact in f64. */
const doubleIntegerSums: ContractionArithmetic<Float64Array> = {
  ...floatSums,
  store(sums, target, offsets) {
    for (let index = 0; index < offsets.length; index++) target.values[offsets[index] ?? 0] = BigInt(sums[index] ?? 0);
  },
};

function scatterSlots(sums: Floats, slots: 1 | 2, offsets: Uint32Array): Float64Array {
  const scattered = new Float64Array(sums.length);
  for (let index = 0; index < offsets.length; index++) {
    const at = slots * (offsets[index] ?? 0);
    for (let slot = 0; slot < slots; slot++) scattered[at + slot] = sums[slots * index + slot] ?? 0;
  }
  return scattered;
}

function storeFloatsOrIntegers(slots: Float64Array, target: Tensor): void {
  const { kind, bits } = dtypeInfo(target.dtype);
  if (isFloatOrComplex(target.dtype)) return storeFloats(slots, target);
  const format = { width: bits, signed: kind === 'integer' };
  for (let index = 0; index < slots.length; index++) {
    const value = slots[index] ?? 0;
    if (kind === 'boolean') target.values[index] = value === 0 ? 0 : 1;
    else target.values[index] = bits === 64 ? floatToBigint(value, format) : floatToInt(value, format);
  }
}

/** Complex sums in f64; a real operand counts as a complex one without imaginary part. */
const complexSums: ContractionArithmetic<Float64Array> = {
  slots: 2,
  zeros: (count) => new Float64Array(2 * count),
  load: (tensor, offsets) => gatherSlots(complexSlots(tensor), 2, offsets, new Float64Array(2 * offsets.length)),
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    const re = scalars[2 * scalarAt] ?? 0;
    const im = scalars[2 * scalarAt + 1] ?? 0;
    for (let index = 0; index < count; index++) {
      const rowRe = row[2 * (rowAt + index)] ?? 0;
      const rowIm = row[2 * (rowAt + index) + 1] ?? 0;
      const at = 2 * (sumAt + index);
      sums[at] = (sums[at] ?? 0) + (re * rowRe - im * rowIm);
      sums[at + 1] = (sums[at + 1] ?? 0) + (re * rowIm + im * rowRe);
    }
  },
  store(sums, target, offsets) {
    storeComplex(sums, target, offsets);
  },
  allFinite: allFiniteFloats,
};

/** Complex sums whose parts are rounded to f32 at each step. */
const complexF32Sums: ContractionArithmetic<Float32Array> = {
  slots: 2,
  zeros: (count) => new Float32Array(2 * count),
  load: (tensor, offsets) => gatherSlots(complexSlots(tensor), 2, offsets, new Float32Array(2 * offsets.length)),
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    const { fround } = Math;
    const re = scalars[2 * scalarAt] ?? 0;
    const im = scalars[2 * scalarAt + 1] ?? 0;
    for (let index = 0; index < count; index++) {
      const rowRe = row[2 * (rowAt + index)] ?? 0;
      const rowIm = row[2 * (rowAt + index) + 1] ?? 0;
      const at = 2 * (sumAt + index);
      sums[at] = (sums[at] ?? 0) + fround(fround(re * rowRe) - fround(im * rowIm));
      sums[at + 1] = (sums[at + 1] ?? 0) + fround(fround(re * rowIm) + fround(im * rowRe));
    }
  },
  store(sums, target, offsets) {
    storeComplex(sums, target, offsets);
  },
  allFinite: allFiniteFloats,
};

/** A real result takes the real parts. */
function storeComplex(sums: Floats, target: Tensor, offsets: Uint32Array): void {
  const scattered = scatterSlots(sums, 2, offsets);
  if (dtypeInfo(target.dtype).kind === 'complex') storeFloats(scattered, target);
  else
    storeFloatsOrIntegers(
      Float64Array.from(offsets, (_, index) => scattered[2 * index] ?? 0),
      target,
    );
}

function complexSlots(tensor: Tensor): Float64Array {
  const slots = floatSlots(tensor);
  if (dtypeInfo(tensor.dtype).kind === 'complex') return slots;
  const pairs = new Float64Array(2 * slots.length);
  for (let index = 0; index < slots.length; index++) pairs[2 * index] = slots[index] ?? 0;
  return pairs;
}

/** Integers of up to 32 bits, modulo 2^32: the low bits of a narrower result are right too. */
const int32Sums: ContractionArithmetic<Int32Array> = {
  slots: 1,
  zeros: (count) => new Int32Array(count),
  load(tensor, offsets) {
    const { values } = tensor;
    const isWide = values instanceof BigInt64Array || values instanceof BigUint64Array;
    const loaded = new Int32Array(offsets.length);
    for (let index = 0; index < offsets.length; index++) {
      const value = values[offsets[index] ?? 0] ?? 0;
      loaded[index] = isWide ? Number(BigInt.asIntN(32, BigInt(value))) : Number(value);
    }
    return loaded;
  },
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    const scalar = scalars[scalarAt] ?? 0;
    for (let index = 0; index < count; index++) {
      sums[sumAt + index] = (sums[sumAt + index] ?? 0) + Math.imul(scalar, row[rowAt + index] ?? 0);
    }
  },
  store(sums, target, offsets) {
    const { kind, bits } = dtypeInfo(target.dtype);
    const format = { width: bits, signed: kind === 'integer' };
    for (let index = 0; index < offsets.length; index++)
      target.values[offsets[index] ?? 0] = wrapInt(sums[index] ?? 0, format);
  },
  allFinite: () => true,
};

const booleanSums: ContractionArithmetic<Int32Array> = {
  ...int32Sums,
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    if (scalars[scalarAt] === 0) return;
    for (let index = 0; index < count; index++) if (row[rowAt + index] !== 0) sums[sumAt + index] = 1;
  },
};

/** 64-bit integers modulo 2^64. */
const bigintSums: ContractionArithmetic<BigInt64Array> = {
  slots: 1,
  zeros: (count) => new BigInt64Array(count),
  load(tensor, offsets) {
    const loaded = new BigInt64Array(offsets.length);
    for (let index = 0; index < offsets.length; index++)
      loaded[index] = BigInt(tensor.values[offsets[index] ?? 0] ?? 0);
    return loaded;
  },
  multiplyAdd(sums, sumAt, scalars, scalarAt, row, rowAt, count) {
    const scalar = scalars[scalarAt] ?? 0n;
    for (let index = 0; index < count; index++) {
      sums[sumAt + index] = (sums[sumAt + index] ?? 0n) + scalar * (row[rowAt + index] ?? 0n);
    }
  },
  store(sums, target, offsets) {
    for (let index = 0; index < offsets.length; index++) target.values[offsets[index] ?? 0] = sums[index] ?? 0n;
  },
  allFinite: () => true,
};
