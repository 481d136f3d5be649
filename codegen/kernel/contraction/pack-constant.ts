/** Brings a constant from row-major order into a physical layout, once, at compile time. */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { dtypeInfo, type DType } from '../../../ir/dtype.ts';
import { allocateElements, type ElementsArray } from '../../../ir/elements.ts';
import { layoutSize, layoutStrides, type PhysicalLayout } from '../physical-layout.ts';

/** The elements in the order of the layout, padding zero. `values` has one element an index of `shape`, row-major, in storage form. */
export function packConstant(
  values: ElementsArray,
  dtype: DType,
  shape: readonly number[],
  layout: PhysicalLayout,
): ElementsArray {
  const count = layoutSize(layout, shape);
  if (typeof count !== 'number') throw new InvariantError('a constant of unknown size');
  const packed = allocateElements(dtype, count);
  packConstantInto(packed, values, dtype, shape, layout);
  return packed;
}

/** The same into memory that is zero. */
export function packConstantInto(
  packed: ElementsArray,
  values: ElementsArray,
  dtype: DType,
  shape: readonly number[],
  layout: PhysicalLayout,
): void {
  const { slots } = dtypeInfo(dtype);
  const offsets = shape.map((extent, dimension) => offsetsOf(layout, shape, dimension, extent));
  const last = shape.length - 1;
  const copy = (dimension: number, source: number, target: number, from: number, to: number): void => {
    const own = offsets[dimension];
    if (own === undefined) copyElement(values, source, packed, target, slots);
    else if (dimension === last) copyRow(values, source, packed, target, own, from, to, slots);
    else
      for (let at = 0; at < own.length; at += 1)
        copy(dimension + 1, (source + at) * (shape[dimension + 1] ?? 1), target + (own[at] ?? 0), from, to);
  };
  // A part of each row at a time: the few tiles it goes to are filled from beginning to end.
  const row = shape[last] ?? 1;
  for (let from = 0; from < row; from += rowPart) copy(0, 0, 0, from, Math.min(row, from + rowPart));
}

/** Elements of a row that are copied at a time. */
const rowPart = 256;

/** Where each index of a dimension moves the element to; the parts of a layout are independent, so these add up. */
function offsetsOf(layout: PhysicalLayout, shape: readonly number[], dimension: number, extent: number): Float64Array {
  const strides = layoutStrides(layout, shape);
  const offsets = new Float64Array(extent);
  for (const [position, part] of layout.parts.entries()) {
    if (part.dimension !== dimension) continue;
    const stride = Number(strides[position]);
    for (let at = 0; at < extent; at += 1) {
      const within = part.role === 'whole' ? at : part.role === 'tiles' ? Math.floor(at / part.size) : at % part.size;
      offsets[at] = (offsets[at] ?? 0) + within * stride;
    }
  }
  return offsets;
}

function copyRow(
  values: ElementsArray,
  source: number,
  packed: ElementsArray,
  target: number,
  offsets: Float64Array,
  from: number,
  to: number,
  slots: number,
): void {
  if (slots !== 1 || values instanceof BigInt64Array || values instanceof BigUint64Array) {
    for (let at = from; at < to; at += 1) copyElement(values, source + at, packed, target + (offsets[at] ?? 0), slots);
    return;
  }
  const numbers = packed as Float64Array;
  for (let at = from; at < to; at += 1) numbers[target + (offsets[at] as number)] = values[source + at] as number;
}

/** Both arrays have one type, so that their elements are of one kind: numbers or bigints. */
function copyElement(from: ElementsArray, at: number, to: ElementsArray, target: number, slots: number): void {
  const numbers = from as Float64Array;
  for (let slot = 0; slot < slots; slot += 1)
    (to as Float64Array)[target * slots + slot] = numbers[at * slots + slot] as number;
}
