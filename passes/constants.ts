/** Constants as passes see them: what is known of a value's elements, and new constants. */
import { denseAttr, type DenseElementsAttr, type DenseResourceAttr } from '../ir/attributes.ts';
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../ir/dtype.ts';
import { allocateElements, type ElementsArray } from '../ir/elements.ts';
import { tensorOfConstant } from '../ir/evaluator/constant-value.ts';
import { decodeFloat, encodeFloat, floatFormats, isFloatFormatName } from '../ir/numerics/index.ts';
import type { Operation, Value } from '../ir/operation.ts';
import { constant } from '../ir/ops/stablehlo/constant.ts';
import type { Rewriter } from '../ir/rewriter.ts';
import { hasDType, type TensorType } from '../ir/types.ts';

export type ConstantAttr = DenseElementsAttr | DenseResourceAttr;

/** The payload of a value that a constant op defines. */
export function constantOf(value: Value): ConstantAttr | undefined {
  const op = value.definingOp;
  if (op === undefined || !op.definition.traits.has('constant-like')) return undefined;
  const attribute = op.attribute('value');
  return attribute?.kind === 'dense' || attribute?.kind === 'dense-resource' ? attribute : undefined;
}

/** The one element (two slots when complex) that all elements of the value are; undefined when they differ or are not known. */
export function splatOf(value: Value): ElementsArray | undefined {
  const attribute = constantOf(value);
  return attribute?.kind === 'dense' ? splatElement(attribute) : undefined;
}

export function splatElement({ type, data }: DenseElementsAttr): ElementsArray | undefined {
  if (!hasDType(type)) return undefined;
  return data.splat || data.values.length === dtypeInfo(type.element).slots ? data.values : undefined;
}

/** The number all elements of a real value are; bigint for 64-bit integers. */
export function splatNumber(value: Value): number | bigint | undefined {
  const attribute = constantOf(value);
  if (attribute?.kind !== 'dense' || !hasDType(attribute.type)) return undefined;
  const element = splatElement(attribute)?.[0];
  return element === undefined ? undefined : decodeElement(element, attribute.type.element);
}

/** True when all elements are this number; 0 and -0 are told apart in floats. */
export function isSplatOf(value: Value, number: number): boolean {
  const splat = splatNumber(value);
  if (splat === undefined) return false;
  return typeof splat === 'bigint' ? splat === BigInt(number) : Object.is(splat, number);
}

/** The elements of a small integer or boolean constant, exact below 2^53; undefined when it has more than 64. */
export function integersOf(value: Value): readonly number[] | undefined {
  const attribute = constantOf(value);
  if (attribute === undefined || !hasDType(attribute.type)) return undefined;
  const { shape, element } = attribute.type;
  const { kind } = dtypeInfo(element);
  if (kind === 'float' || kind === 'complex') return undefined;
  let size = 1;
  for (const dim of shape) size *= typeof dim === 'number' ? dim : Infinity;
  if (!(size <= 64)) return undefined;
  const tensor = tensorOfConstant(attribute);
  return tensor.kind === 'tensor' ? tensor.integers() : undefined;
}

/** One element of storage as a number: the value of a float, not its bits. */
function decodeElement(stored: number | bigint, dtype: DType): number | bigint | undefined {
  const { kind, storage } = dtypeInfo(dtype);
  if (kind === 'complex') return undefined;
  if (kind !== 'float' || storage === 'f32' || storage === 'f64') return stored;
  return isFloatFormatName(dtype) ? decodeFloat(Number(stored), floatFormats[dtype]) : undefined;
}

/** A constant of this type with all elements the number, rounded to the element type. */
export function splatAttr(type: TensorType, number: number): DenseElementsAttr {
  if (!hasDType(type)) throw new InvariantError(`no constant is made of type ${type.text}`);
  const element: DType = type.element;
  const { storage } = dtypeInfo(element);
  const values = allocateElements(element, 1);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[0] = BigInt(number);
  else if (isFloatFormatName(element) && storage !== 'f32' && storage !== 'f64') {
    values[0] = encodeFloat(number, floatFormats[element]);
  } else values[0] = number;
  return denseAttr(type, { splat: true, values });
}

/** The same payload under another type of as many elements (any number, of a splat). */
export function retyped(attribute: DenseElementsAttr, type: TensorType): DenseElementsAttr {
  return denseAttr(type, attribute.data);
}

/** Makes a constant before `anchor`. */
export function createConstant(rewriter: Rewriter, anchor: Operation, attribute: ConstantAttr): Value {
  const made = rewriter.createBefore(anchor, constant, [], { value: attribute }, { resultTypes: [attribute.type] });
  return made.result();
}
