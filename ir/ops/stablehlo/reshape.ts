import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import type { TensorType } from '../../types.ts';
import { checkReshape, reshapeConstraints } from '../shared/reshaping.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, staticResultShape, tensorInput } from '../shared/runtime-tensors.ts';

export const reshape = defineOp({
  name: 'stablehlo.reshape',
  code: 'E2219',
  summary: 'The same elements in the same row-major order under another shape.',
  spec: 'spec.md#reshape',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  constraints: reshapeConstraints,
  assembly: 'operands attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const result = resultTensor(site);
    if (result !== undefined) checkReshape(operandTensor(site, 0), result, check);
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    return [operand.reshaped(runtimeShape(operand, requireResult(site), context))];
  },
});

/** The declared shape; one unknown size is what the others leave of the operand. */
function runtimeShape(operand: Tensor, type: TensorType, context: EvaluationContext): readonly number[] {
  const unknown = type.shape.findIndex((dim) => typeof dim !== 'number');
  if (unknown === -1) return checked(operand, staticResultShape(type, context), context);
  const known = type.shape.filter((dim) => typeof dim === 'number').reduce((size, dim) => size * dim, 1);
  const shape = type.shape.map((dim, axis) => (axis === unknown && known > 0 ? operand.size / known : dim));
  const sizes = shape.filter((dim) => typeof dim === 'number');
  if (sizes.length !== shape.length) return staticResultShape(type, context);
  return requireRuntimeShape(sizes, type, context);
}

function checked(operand: Tensor, shape: readonly number[], context: EvaluationContext): readonly number[] {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (size === operand.size) return shape;
  throw context.failure('E4012', `${operand.size} elements do not fill the shape [${shape.join(', ')}]`);
}
