/**
 * Comparing a computed tensor with the expected one, as the `check` dialect of StableHLO does (stablehlo/tests/CheckOps.td). Both
 * parts of a complex element are compared on their own; NaN matches NaN.
 */
import { type DType, dtypeInfo } from '../dtype.ts';
import {
  decodeFloat,
  type FloatFormat,
  floatFormats,
  formatFloatValue,
  isFloatFormatName,
  ulpDistance,
} from '../numerics/index.ts';
import { describeShape } from '../ops/shared/shapes.ts';
import type { Tensor } from './tensor.ts';

/**
 * - `equal`: the same value; zeros of either sign are.
 * - `absolute`: at most `tolerance` apart, computed in f64; infinities must be equal.
 * - `ulp`: a number of representable values apart that is between `min` and `max`.
 */
export type ComparisonRule =
  | { readonly kind: 'equal' }
  | { readonly kind: 'absolute'; readonly tolerance: number }
  | { readonly kind: 'ulp'; readonly min: bigint; readonly max: bigint };

/** What is wrong, in a sentence; undefined when the tensors agree. Names the first element that does not. */
export function compareTensors(actual: Tensor, expected: Tensor, rule: ComparisonRule): string | undefined {
  if (actual.dtype !== expected.dtype || actual.shape.join() !== expected.shape.join())
    return `the value is ${actual.type.text}, expected is ${expected.type.text}`;
  const isWrong = slotTest(actual, expected, rule);
  const { slots } = dtypeInfo(actual.dtype);
  let first = -1;
  let count = 0;
  for (let slot = 0; slot < actual.values.length; slot++) {
    if (!isWrong(slot)) continue;
    const element = Math.floor(slot / slots);
    if (first < 0) first = element;
    count++;
  }
  return first < 0 ? undefined : describeMismatch(actual, expected, rule, first, count);
}

function slotTest(actual: Tensor, expected: Tensor, rule: ComparisonRule): (slot: number) => boolean {
  const format = floatFormat(actual.dtype);
  if (format === undefined) return (slot) => actual.values[slot] !== expected.values[slot];
  const left = slotReader(actual, format);
  const right = slotReader(expected, format);
  switch (rule.kind) {
    case 'equal':
      return (slot) => !isSame(left(slot), right(slot));
    case 'absolute':
      return (slot) => !isNear(left(slot), right(slot), rule.tolerance);
    case 'ulp':
      return (slot) => {
        const distance = ulpDistance(left(slot), right(slot), format);
        return distance < rule.min || distance > rule.max;
      };
    default:
      return rule satisfies never;
  }
}

function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function isNear(a: number, b: number, tolerance: number): boolean {
  return isSame(a, b) || (Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= tolerance);
}

/** The format of a float dtype, or of the parts of a complex one. */
function floatFormat(dtype: DType): FloatFormat | undefined {
  const { part } = dtypeInfo(dtype);
  return isFloatFormatName(part) ? floatFormats[part] : undefined;
}

function slotReader(tensor: Tensor, format: FloatFormat): (slot: number) => number {
  const { values } = tensor;
  if (values instanceof Float32Array || values instanceof Float64Array) return (slot) => values[slot] ?? NaN;
  return (slot) => decodeFloat(Number(values[slot]), format);
}

function describeMismatch(
  actual: Tensor,
  expected: Tensor,
  rule: ComparisonRule,
  element: number,
  count: number,
): string {
  const where = actual.rank === 0 ? '' : ` at ${describeShape(elementIndex(element, actual.shape))}`;
  const others = count === 1 ? '' : ` (and ${count - 1} more differ)`;
  return `${describeElement(actual, element)}${where}, expected ${describeElement(expected, element)}${describeDistance(actual, expected, rule, element)}${others}`;
}

function describeDistance(actual: Tensor, expected: Tensor, rule: ComparisonRule, element: number): string {
  const format = floatFormat(actual.dtype);
  if (format === undefined) return '';
  const { slots } = dtypeInfo(actual.dtype);
  let largest = 0n;
  for (let slot = element * slots; slot < (element + 1) * slots; slot++) {
    const distance = ulpDistance(slotReader(actual, format)(slot), slotReader(expected, format)(slot), format);
    if (distance > largest) largest = distance;
  }
  return `: ${largest} ULP apart${describeLimit(rule)}`;
}

function describeLimit(rule: ComparisonRule): string {
  switch (rule.kind) {
    case 'equal':
      return '';
    case 'absolute':
      return `, tolerance ${rule.tolerance}`;
    case 'ulp':
      return rule.min === 0n ? `, at most ${rule.max} allowed` : `, ${rule.min} to ${rule.max} allowed`;
    default:
      return rule satisfies never;
  }
}

/** `1.500000e+00`, `-3`, `true`, `(1.0, 2.0)`: one element, for messages. */
export function describeElement(tensor: Tensor, element: number): string {
  const { kind, slots } = dtypeInfo(tensor.dtype);
  const format = floatFormat(tensor.dtype);
  if (format === undefined) {
    const value = tensor.values[element] ?? 0;
    return kind === 'boolean' ? String(Number(value) !== 0) : String(value);
  }
  const read = slotReader(tensor, format);
  const parts = Array.from({ length: slots }, (_, part) => describeFloat(read(element * slots + part), format));
  return slots === 1 ? parts.join('') : `(${parts.join(', ')})`;
}

function describeFloat(value: number, format: FloatFormat): string {
  return Number.isFinite(value) ? formatFloatValue(value, format) : String(value);
}

/** The index of a position in row-major order. */
export function elementIndex(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length).fill(0);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}
