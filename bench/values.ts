/** Arrays of elements, and the numbers in them: the same for every contestant. */
export type Elements = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

export type ElementType = 'f32' | 'i8' | 'ui8' | 'i32' | 'i64';

/** An array with its dimensions. */
export interface Value<T extends Elements = Elements> {
  readonly dims: readonly number[];
  readonly data: T;
}

export function elementTypeOf(data: Elements): ElementType {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Int8Array) return 'i8';
  if (data instanceof Uint8Array) return 'ui8';
  return data instanceof Int32Array ? 'i32' : 'i64';
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

export function bytesOf(...values: readonly Value[]): number {
  return values.reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** Numbers between -0.5 and 0.5 (a linear congruential generator; Numerical Recipes, 2nd ed., 7.1). */
export function seeded(dims: readonly number[], seed: number): Value<Float32Array> {
  const next = generator(seed);
  return { dims, data: Float32Array.from({ length: sizeOf(dims) }, () => next() - 0.5) };
}

/** Whole numbers from `low` to below `high`. */
export function seededIntegers(
  dims: readonly number[],
  seed: number,
  [low, high]: readonly [number, number],
): Value<Int32Array> {
  const next = generator(seed);
  const span = high - low;
  return { dims, data: Int32Array.from({ length: sizeOf(dims) }, () => low + Math.floor(next() * span)) };
}

export function seededBytes(dims: readonly number[], seed: number): Value<Int8Array> {
  return { dims, data: Int8Array.from(seededIntegers(dims, seed, [-128, 128]).data) };
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Numbers = Exclude<Elements, BigInt64Array>;

/** Elements in another order of dimensions: `[0, 3, 1, 2]` makes NCHW of NHWC. */
export function transposed<T extends Numbers>({ dims, data }: Value<T>, order: readonly number[]): Value<T> {
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const to = order.map((axis) => dims[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const result = data.slice() as T;
  const index = to.map(() => 0);
  let from = 0;
  for (let at = 0; at < data.length; at++) {
    result[at] = data[from] ?? 0;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if ((index[axis] ?? 0) < (to[axis] ?? 0)) break;
      from -= (steps[axis] ?? 0) * (to[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return { dims: to, data: result };
}

export function nchwOfNhwc<T extends Numbers>(value: Value<T>): Value<T> {
  return transposed(value, [0, 3, 1, 2]);
}

/** `oihw` of `hwio`: weights of convolutions. */
export function oihwOfHwio<T extends Numbers>(value: Value<T>): Value<T> {
  return transposed(value, [3, 2, 0, 1]);
}
