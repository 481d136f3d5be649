/** The better of two types for one value: sizes known in either. */
import { compatibleDims, type Dim, mergeDims } from '../ir/dimension.ts';
import { isTensor, tensorType, type Type } from '../ir/types.ts';

/** Undefined when the two contradict each other. Anything but tensor types must be equal. */
export function mergeTypes(a: Type, b: Type): Type | undefined {
  if (a === b) return a;
  if (!isTensor(a) || !isTensor(b) || a.shape.length !== b.shape.length) return undefined;
  const shape: Dim[] = [];
  for (const [axis, left] of a.shape.entries()) {
    const right = b.shape[axis];
    if (right === undefined || !compatibleDims(left, right)) return undefined;
    shape.push(mergeDims(left, right));
  }
  return tensorType(shape, a.element, { order: a.order ?? b.order });
}
