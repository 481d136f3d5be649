// Inputs for accuracy tests; the same in every run.
import type { FloatDType } from './expansion-runner.ts';

const bytes = new DataView(new ArrayBuffer(8));

export function f32FromBits(bits: number): number {
  bytes.setUint32(0, bits >>> 0);
  return bytes.getFloat32(0);
}

/** Values in [0, 1) of 32 bits, by a multiplicative hash of a counter. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let hash = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
    return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Zeros, ones, halves, infinities, NaN, subnormals, the greatest numbers, odd and even integers at the end of their range. */
export const specialValues: readonly number[] = [
  0, 0.5, 1, 1.5, 2, 3, 1e10, 16777215, 16777217, 4503599627370497, 9007199254740991, Infinity, 1e-40, 1.5e-45, 5e-324, 3.4028234663852886e38,
  1.7976931348623157e308, 1 - 2 ** -24, 1 + 2 ** -23, 1 - 2 ** -53, 1 + 2 ** -52,
].flatMap((value) => [value, -value]).concat(NaN); // prettier-ignore

/** Any bits, then what is near 1, within the range of exp, and small. */
export function f64Samples(count: number): Float64Array {
  const random = seededRandom(1);
  const signed = (): number => random() * 2 - 1;
  const kinds = [
    () => anyFloat('f64', random),
    () => signed() * 10,
    () => signed() * 800,
    () => signed() * 2 ** (-30 * random()),
  ];
  const drawn = Array.from({ length: count }, (_, index) => kinds[index % kinds.length]?.() ?? 0);
  return Float64Array.from([...specialValues, ...drawn]);
}

function anyFloat(dtype: FloatDType, random: () => number): number {
  bytes.setUint32(0, random() * 2 ** 32);
  bytes.setUint32(4, random() * 2 ** 32);
  return dtype === 'f32' ? bytes.getFloat32(0) : bytes.getFloat64(0);
}

export interface PairSamples {
  readonly x: Float32Array | Float64Array;
  readonly y: Float32Array | Float64Array;
}

/** All pairs of special values, then pairs whose result is neither 0 nor infinite most of the time. */
export function pairSamples(op: 'power' | 'atan2', dtype: FloatDType, count: number): PairSamples {
  const random = seededRandom(2);
  const signed = (): number => random() * 2 - 1;
  const any = (): number => anyFloat(dtype, random);
  const range = dtype === 'f32' ? 100 : 740;
  const withRange = (x: number): readonly [number, number] => [x, (range * signed()) / Math.log(x)];
  const kinds: readonly (() => readonly [number, number])[] =
    op === 'atan2'
      ? [() => [any(), any()], () => [signed(), signed()], () => [signed(), signed() * 2 ** (20 * signed())]]
      : [
          () => [any(), any()],
          () => [Math.exp(6 * signed()), 20 * signed()],
          () => withRange(Math.abs(any())),
          () => withRange(1 + signed() * 2 ** (-20 * random())),
          () => [-Math.exp(6 * signed()), Math.round(20 * signed())],
        ];
  const special = specialValues.flatMap((x) => specialValues.map((y) => [x, y] as const));
  const pairs = [...special, ...Array.from({ length: count }, (_, i) => kinds[i % kinds.length]?.() ?? [0, 0])];
  const [x, y] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
  return dtype === 'f32'
    ? { x: Float32Array.from(x), y: Float32Array.from(y) }
    : { x: Float64Array.from(x), y: Float64Array.from(y) };
}
