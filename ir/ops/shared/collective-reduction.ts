/** What all_reduce, reduce_scatter and collective_reduce share: the type they compute in. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { DType } from '../../dtype.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import type { Region } from '../../operation.ts';
import { type ElementType, isTensor, type TensorType, type Type } from '../../types.ts';
import { checkReducer } from './reducer-signature.ts';
import { regionOutputs } from './region-signature.ts';

/** The element type of the computation; reports `id` when it does not take the operands. */
export function reductionElement(
  computation: Region | undefined,
  operands: readonly TensorType[],
  check: ConstraintCheck,
  id: string,
): ElementType | undefined {
  if (computation === undefined) return undefined;
  let element: ElementType | undefined;
  for (const operand of operands) {
    const [found] = checkReducer(computation, [operand.element], check, id) ?? [];
    if (found === undefined) return undefined;
    element = found;
  }
  return element;
}

/** The dtype a verified computation works in. */
export function reductionDType(computation: Region, context: EvaluationContext): DType {
  const [type] = regionOutputs(computation);
  if (isTensor(type) && typeof type.element === 'string') return type.element;
  throw context.unsupported('quantised elements');
}

export function tensorsOf(types: readonly Type[]): readonly TensorType[] {
  return types.filter(isTensor);
}
