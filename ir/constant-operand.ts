/** Values known at compile time: the attributes of constant-like ops, looked at from their uses. */
import type { DenseElementsAttr, DenseResourceAttr } from './attributes.ts';
import { dtypeInfo } from './dtype.ts';
import type { Value } from './operation.ts';
import { isStaticTensor } from './types.ts';

/** The constant a value is, inline or out of line. */
export function constantAttribute(value: Value): DenseElementsAttr | DenseResourceAttr | undefined {
  const op = value.definingOp;
  if (op?.definition.traits.has('constant-like') !== true) return undefined;
  const attribute = op.attribute('value');
  return attribute?.kind === 'dense' || attribute?.kind === 'dense-resource' ? attribute : undefined;
}

/** The integer (or boolean) that a scalar or splat constant holds everywhere. */
export function constantInteger(value: Value): bigint | undefined {
  const attribute = constantAttribute(value);
  if (attribute?.kind !== 'dense' || typeof attribute.type.element !== 'string') return undefined;
  const { kind } = dtypeInfo(attribute.type.element);
  if (kind === 'float' || kind === 'complex') return undefined;
  const [first] = attribute.data.values;
  const isUniform = attribute.data.splat || attribute.data.values.length === 1;
  return isUniform && first !== undefined ? BigInt(first) : undefined;
}

/** The elements of a one-dimensional integer constant, as a shape operand has them; undefined when one is past the exact range. */
export function constantIntegers(value: Value): readonly number[] | undefined {
  const attribute = constantAttribute(value);
  if (attribute?.kind !== 'dense' || typeof attribute.type.element !== 'string') return undefined;
  const { type, data } = attribute;
  const { kind } = dtypeInfo(attribute.type.element);
  if (kind === 'float' || kind === 'complex' || !isStaticTensor(type) || type.shape.length > 1) return undefined;
  const count = Number(type.shape[0] ?? 1);
  if (count > 1 << 16) return undefined;
  const integers = Array.from({ length: count }, (_, index) => Number(data.values[data.splat ? 0 : index]));
  return integers.every(Number.isSafeInteger) ? integers : undefined;
}
