/** MLIR keeps a constant whose elements are all alike as one element; so do we, or equal constants would differ. */
import { elementsBytes, type ElementsArray, type ElementsData } from '../elements.ts';

/** The payload as one element when all have the same bits, else as it is. `slots` are those of one element. */
export function collapseSplat(values: ElementsArray, slots: number): ElementsData {
  if (values.length < slots || values.length === 0) return { splat: false, values };
  const bytes = elementsBytes(values);
  const size = values.BYTES_PER_ELEMENT * slots;
  for (let at = size; at < bytes.length; at++) if (bytes[at] !== bytes[at - size]) return { splat: false, values };
  return { splat: true, values: values.length === slots ? values : values.slice(0, slots) };
}
