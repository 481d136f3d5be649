/** Tensors with how far each number of them may be off: what docs/numerics.md allows a compiled result. */
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import {
  decodeFloat,
  encodeFloat,
  type FloatFormat,
  floatFormats,
  isFloatFormatName,
  nextAfter,
} from '../../ir/numerics/index.ts';
import { rangeOf } from './sample-values.ts';

/**
 * One number a slot of the tensor: the greatest difference allowed; 0 for the same value (NaN payloads aside), infinity where nothing
 * can be said. Undefined when all are 0.
 */
export type Bound = Float64Array | undefined;

export interface Bounded {
  readonly tensor: Tensor;
  readonly bound: Bound;
}

export function slotCount(tensor: Tensor): number {
  return shapeSize(tensor.shape) * dtypeInfo(tensor.dtype).slots;
}

export function formatOf(dtype: DType): FloatFormat | undefined {
  const { part } = dtypeInfo(dtype);
  return isFloatFormatName(part) ? floatFormats[part] : undefined;
}

/** Whether the bits of an element are not the number itself. */
export function isCoded(format: FloatFormat | undefined): format is FloatFormat {
  return format !== undefined && format.name !== 'f32' && format.name !== 'f64';
}

/** The numbers of all slots. Large 64-bit integers are rounded. */
export function numbersOf(tensor: Tensor): Float64Array {
  const format = formatOf(tensor.dtype);
  const numbers = new Float64Array(tensor.values.length);
  for (let slot = 0; slot < numbers.length; slot++) {
    const stored = Number(tensor.values[slot]);
    numbers[slot] = isCoded(format) ? decodeFloat(stored, format) : stored;
  }
  return numbers;
}

/** A real tensor of f64 from numbers, of the shape of another. */
export function realTensor(numbers: Float64Array, shape: readonly number[]): Tensor {
  return new Tensor('f64', shape, numbers);
}

/** Moduli of the elements of a float or complex tensor; what is not finite counts 0. */
export function magnitudes(tensor: Tensor): Float64Array {
  const numbers = numbersOf(tensor);
  const finite = (value: number): number => (Number.isFinite(value) ? Math.abs(value) : 0);
  if (dtypeInfo(tensor.dtype).kind !== 'complex') return numbers.map(finite);
  return Float64Array.from({ length: numbers.length / 2 }, (_, index) =>
    Math.hypot(finite(numbers[2 * index] ?? 0), finite(numbers[2 * index + 1] ?? 0)),
  );
}

export function unknownBound(tensor: Tensor): Float64Array {
  return new Float64Array(slotCount(tensor)).fill(Infinity);
}

/** The largest finite number next to it, a unit in the last place away from zero, or the least subnormal. */
export function unitInLastPlace(value: number, format: FloatFormat): number {
  const { epsilon, least } = rangeOf(format);
  if (!Number.isFinite(value) || value === 0) return least;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return Math.max(least, epsilon * 2 ** exponent);
}

/** The tensor with every number moved by its bound, rounded away from where it was. */
export function shifted({ tensor, bound }: Bounded, direction: 1 | -1): Tensor {
  const format = formatOf(tensor.dtype);
  if (bound === undefined || format === undefined) return tensor;
  const numbers = numbersOf(tensor);
  const values = tensor.values.slice();
  for (let slot = 0; slot < values.length; slot++) {
    const by = bound[slot] ?? 0;
    if (by === 0) continue;
    const moved =
      by === Infinity ? direction * Infinity : outward((numbers[slot] ?? 0) + direction * by, direction, format);
    values[slot] = isCoded(format) ? encodeFloat(moved, format) : moved;
  }
  return new Tensor(tensor.dtype, tensor.shape, values);
}

function outward(target: number, direction: 1 | -1, format: FloatFormat): number {
  const rounded = roundTo(target, format);
  if (format.name === 'f64' || direction * rounded >= direction * target || !Number.isFinite(rounded)) return rounded;
  return nextAfter(rounded, direction * Infinity, format);
}

function roundTo(value: number, format: FloatFormat): number {
  if (format.name === 'f64') return value;
  return format.name === 'f32' ? Math.fround(value) : decodeFloat(encodeFloat(value, format), format);
}

/** Adds what is not 0; undefined stays where all is 0. */
export function addBounds(a: Bound, b: Bound): Bound {
  if (a === undefined || b === undefined) return a ?? b;
  return a.map((value, slot) => value + (b[slot] ?? 0));
}

/** Undefined when nothing is off. */
export function simplified(bound: Float64Array): Bound {
  return bound.some((value) => value !== 0) ? bound : undefined;
}

export interface Comparison {
  readonly elements: number;
  /** Of them, those about which nothing can be said. */
  readonly unchecked: number;
  /** The first that is further off than allowed. */
  readonly problem: string | undefined;
}

/** Holds a computed tensor to the expected one and its bound. */
export function compareBounded({ tensor, bound }: Bounded, actual: Tensor): Comparison {
  const elements = slotCount(tensor);
  if (tensor.dtype !== actual.dtype || tensor.shape.join() !== actual.shape.join())
    return { elements, unchecked: 0, problem: `${actual.type.text}, not ${tensor.type.text}` };
  const [expectedNumbers, actualNumbers] = [numbersOf(tensor), numbersOf(actual)];
  const format = formatOf(tensor.dtype);
  let unchecked = 0;
  for (let slot = 0; slot < elements; slot++) {
    const allowed = bound?.[slot] ?? 0;
    if (allowed === Infinity) {
      unchecked++;
      continue;
    }
    const [a, b] = [expectedNumbers[slot] ?? 0, actualNumbers[slot] ?? 0];
    const same = format === undefined ? tensor.values[slot] === actual.values[slot] : agrees(a, b, allowed, format);
    if (same) continue;
    const values = `${String(actual.values[slot])} (${b}), not ${String(tensor.values[slot])} (${a})`;
    return {
      elements,
      unchecked,
      problem: `slot ${slot} of ${tensor.type.text} is ${values}; off by ${allowed} at most`,
    };
  }
  return { elements, unchecked, problem: undefined };
}

function agrees(expected: number, actual: number, allowed: number, format: FloatFormat): boolean {
  if (Object.is(expected, actual)) return true;
  if (allowed === 0) return false;
  if (Math.abs(expected) === Infinity) {
    const { maximum, epsilon } = rangeOf(format);
    return Math.sign(expected) * actual >= maximum * (1 - 8 * epsilon);
  }
  return Math.abs(expected - actual) <= allowed;
}
