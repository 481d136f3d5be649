/** What an op's evaluation does with its inputs before the work starts. */
import { invariant } from '../../diagnostics/diagnostic.ts';
import { compatibleDims } from '../../dimension.ts';
import type { DType } from '../../dtype.ts';
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import type { TensorType } from '../../types.ts';
import { describeShape, isStaticShape } from './shapes.ts';

/** Input `index`; its operand is a tensor by the op's definition. */
export function tensorInput(inputs: readonly RuntimeValue[], index: number): Tensor {
  return asTensor(inputs[index]);
}

export function asTensor(value: RuntimeValue | undefined): Tensor {
  invariant(value?.kind === 'tensor', 'an evaluated op got something else than a tensor');
  return value;
}

export function tensorInputs(inputs: readonly RuntimeValue[], start = 0, end = inputs.length): Tensor[] {
  return inputs.slice(start, end).map(asTensor);
}

/** The dtype of a result; an unsupported diagnostic when it is quantised. */
export function resultDType(type: TensorType, context: EvaluationContext): DType {
  if (typeof type.element === 'string') return type.element;
  throw context.unsupported(`quantised elements (${type.element.text})`);
}

/** The shape of a result whose sizes the type must tell. */
export function staticResultShape(type: TensorType, context: EvaluationContext): readonly number[] {
  if (isStaticShape(type.shape)) return type.shape;
  throw context.unsupported(`a result of unknown size (${type.text})`);
}

/** Checks a shape that was computed at run time: no negative sizes, and those the type tells. */
export function requireRuntimeShape(
  shape: readonly number[],
  type: TensorType | undefined,
  context: EvaluationContext,
): readonly number[] {
  const isShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  const fits =
    type === undefined ||
    (shape.length === type.shape.length && shape.every((size, axis) => compatibleDims(size, type.shape[axis] ?? size)));
  if (!isShape || !fits) {
    const declared = type === undefined ? '' : `, but its type is ${type.text}`;
    throw context.failure('E4012', `the result has shape ${describeShape(shape)} at run time${declared}`);
  }
  return shape;
}
