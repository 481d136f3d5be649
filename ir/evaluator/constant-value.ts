/**
 * Constants as tensors and back: `dense<...>` and `dense_resource<...>` attributes hold elements in the same storage form as
 * tensors (elements.ts), so that a constant that is no splat is shared, never copied.
 */
import { denseAttr, type DenseElementsAttr, type DenseResourceAttr } from '../attributes.ts';
import { type DType, dtypeInfo } from '../dtype.ts';
import { elementsBytes, type ElementsArray, storageDType, viewElements } from '../elements.ts';
import { isStaticTensor } from '../types.ts';
import { shapeSize, Tensor } from './tensor.ts';

/** Why an attribute has no value as a tensor. */
export interface ConstantProblem {
  readonly kind: 'problem';
  readonly message: string;
}

/** A tensor with the elements of the attribute; its memory is the attribute's and must not be written. `allocate` makes splats. */
export function tensorOfConstant(
  attribute: DenseElementsAttr | DenseResourceAttr,
  allocate: (dtype: DType, shape: readonly number[]) => Tensor = (dtype, shape) => Tensor.zeros(dtype, shape),
): Tensor | ConstantProblem {
  const { type } = attribute;
  if (!isStaticTensor(type)) return problem(`the constant has the type ${type.text}, which leaves its size open`);
  const dtype = storageDType(type.element);
  if (attribute.kind === 'dense-resource') return resourceTensor(attribute, dtype, type.shape);
  const { shape } = type;
  if (!attribute.data.splat) return new Tensor(dtype, shape, attribute.data.values);
  const tensor = allocate(dtype, shape);
  fillSplat(tensor, attribute.data.values);
  return tensor;
}

function problem(message: string): ConstantProblem {
  return { kind: 'problem', message };
}

function fillSplat(tensor: Tensor, element: ElementsArray): void {
  const { slots } = dtypeInfo(tensor.dtype);
  const target = elementsBytes(tensor.values);
  const pattern = elementsBytes(element).subarray(0, tensor.values.BYTES_PER_ELEMENT * slots);
  if (target.length === 0 || pattern.every((byte) => byte === 0)) return;
  target.set(pattern);
  // Doubling: each copy is as long as what is already there.
  for (let filled = pattern.length; filled < target.length; filled *= 2)
    target.copyWithin(filled, 0, Math.min(filled, target.length - filled));
}

/** Elements of a blob: the file's little-endian bytes, which are the storage form; shared when they are aligned. */
function resourceTensor(
  attribute: DenseResourceAttr,
  dtype: DType,
  shape: readonly number[],
): Tensor | ConstantProblem {
  const { blob, key } = attribute;
  if (blob === undefined) return problem(`the module has no resource '${key}'`);
  const size = shapeSize(shape);
  const { bits, slots } = dtypeInfo(dtype);
  const slotBytes = Math.max(1, bits / slots / 8);
  const needed = size * slots * slotBytes;
  const isBitPacked = dtype === 'i1' && blob.bytes.length !== needed;
  if (isBitPacked && blob.bytes.length === Math.ceil(size / 8))
    return new Tensor(dtype, shape, unpackBits(blob.bytes, size));
  if (blob.bytes.length !== needed)
    return problem(`the resource '${key}' has ${blob.bytes.length} bytes, ${attribute.type.text} needs ${needed}`);
  return new Tensor(dtype, shape, viewElements(blob.bytes, dtype));
}

function unpackBits(bytes: Uint8Array, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1);
}

/** The attribute for a tensor; a splat when all elements have the same bits (and there is at least one). Memory is shared. */
export function constantOfTensor(tensor: Tensor): DenseElementsAttr {
  const { slots } = dtypeInfo(tensor.dtype);
  if (!isSplat(tensor.values, slots)) return denseAttr(tensor.type, { splat: false, values: tensor.values });
  return denseAttr(tensor.type, { splat: true, values: tensor.values.slice(0, slots) });
}

function isSplat(values: ElementsArray, slots: number): boolean {
  const bytes = elementsBytes(values);
  const period = values.BYTES_PER_ELEMENT * slots;
  if (bytes.length < period) return false;
  for (let index = period; index < bytes.length; index++) if (bytes[index] !== bytes[index - period]) return false;
  return true;
}
