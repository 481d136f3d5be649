/** What the specification demands of a reducer: `(E0, ..., EN-1, E0, ..., EN-1) -> (E0, ..., EN-1)`, all of them scalars. */
import type { ConstraintCheck } from '../../op-definition.ts';
import type { Region } from '../../operation.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { type ElementType, elementText, isTensor, type TensorType, type Type } from '../../types.ts';
import { isPromotable } from './quantization.ts';
import { describeSignature, regionInputs, regionOutputs } from './region-signature.ts';

/** The types as scalars; undefined when one is not a 0-dimensional tensor. */
export function scalarElements(types: readonly Type[]): ElementType[] | undefined {
  const scalars = types.filter((type): type is TensorType => isTensor(type) && type.shape.length === 0);
  return scalars.length === types.length ? scalars.map((type) => type.element) : undefined;
}

/** The element types the reducer works in, when it fits inputs of these element types; reports `id` otherwise. */
export function checkReducer(
  body: Region,
  inputs: readonly ElementType[],
  check: ConstraintCheck,
  id: string,
): readonly ElementType[] | undefined {
  const taken = scalarElements(regionInputs(body));
  const given = scalarElements(regionOutputs(body));
  const count = inputs.length;
  const fits =
    taken?.length === 2 * count &&
    given?.length === count &&
    given.every((element, index) => {
      const [left, right, input] = [taken[index], taken[count + index], inputs[index]];
      if (left === undefined || right === undefined || input === undefined) return false;
      return elementsCompatible(left, element) && elementsCompatible(right, element) && isPromotable(input, element);
    });
  const detail = (): string =>
    `it is ${describeSignature(body)}, the elements are ${inputs.map(elementText).join(', ')}`;
  return check.require(fits, id, detail) ? given : undefined;
}
