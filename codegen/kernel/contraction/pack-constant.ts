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
  const { slots } = dtypeInfo(dtype);
  const count = layoutSize(layout, shape);
  if (typeof count !== 'number') throw new InvariantError('a constant of unknown size');
  const packed = allocateElements(dtype, count);
  const offsets = shape.map((extent, dimension) => offsetsOf(layout, shape, dimension, extent));
  const last = shape.length - 1;
  const copy = (dimension: number, source: number, target: number): void => {
    const own = offsets[dimension];
    if (own === undefined) copyElement(values, source, packed, target, slots);
    else if (dimension === last) copyRow(values, source, packed, target, own, slots);
    else
      own.forEach((offset, position) =>
        copy(dimension + 1, (source + position) * (shape[dimension + 1] ?? 1), target + offset),
      );
  };
  copy(0, 0, 0);
  return packed;
}

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
  from: ElementsArray,
  source: number,
  to: ElementsArray,
  target: number,
  offsets: Float64Array,
  slots: number,
): void {
  for (let at = 0; at < offsets.length; at += 1) copyElement(from, source + at, to, target + (offsets[at] ?? 0), slots);
}

/** Both arrays have one type, so that their elements are of one kind: numbers or bigints. */
function copyElement(from: ElementsArray, at: number, to: ElementsArray, target: number, slots: number): void {
  const numbers = from as Float64Array;
  for (let slot = 0; slot < slots; slot += 1)
    (to as Float64Array)[target * slots + slot] = numbers[at * slots + slot] as number;
}
