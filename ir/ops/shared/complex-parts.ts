/** Types of ops that take a complex tensor apart. */
import { dtypeInfo } from '../../dtype.ts';
import { operandTensor, type OpSite } from '../../op-site.ts';
import type { TypeConstraint } from '../../type-constraints.ts';
import { type ElementType, isTensor, type TensorType, tensorType, type Type } from '../../types.ts';

/** What the parts of a complex number may be. */
export const complexPart: TypeConstraint = Object.freeze({
  describe: 'tensor of f32 or f64',
  accepts: (type: Type) => isTensor(type) && (type.element === 'f32' || type.element === 'f64'),
});

/** `complex<f32>` -> `f32`; any other element is its own. */
function realElement(element: ElementType): ElementType {
  return typeof element === 'string' ? dtypeInfo(element).part : element;
}

/** The operand's shape with real elements. */
export function inferRealParts(site: OpSite): readonly [TensorType] {
  const operand = operandTensor(site, 0);
  const element = realElement(operand.element);
  return [element === operand.element ? operand : tensorType(operand.shape, element)];
}
