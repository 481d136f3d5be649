import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { elementsCompatible } from '../../type-compatibility.ts';
import { tensorType } from '../../types.ts';
import { broadcastTensor } from '../shared/broadcasting.ts';
import { requireSameShape } from '../shared/elementwise.ts';
import { applyBinary } from '../shared/elementwise-loops.ts';
import { maximumRules, minimumRules } from '../shared/extremes.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { compatibleShapes, mergeShapes } from '../shared/shapes.ts';

export const clamp = defineOp({
  name: 'stablehlo.clamp',
  code: 'E2108',
  summary: 'minimum(maximum(operand, min), max) of each element; a scalar bound holds for all.',
  spec: 'spec.md#clamp',
  operands: [
    { name: 'min', type: perTensor },
    { name: 'operand', type: perTensor },
    { name: 'max', type: perTensor },
  ],
  results: [{ name: 'result', type: perTensor }],
  constraints: {
    C1: 'rank(min) = 0 or shape(min) = shape(operand)',
    C2: 'rank(max) = 0 or shape(max) = shape(operand)',
    C3: 'baseline_element_type(min) = baseline_element_type(operand) = baseline_element_type(max)',
    C4: 'baseline_type(operand) = baseline_type(result)',
  },
  resultConstraint: 'C4',
  assembly:
    '$min `,` $operand `,` $max attr-dict `:` ' +
    'custom<SameOperandsAndResultType>(type($min), type($operand), type($max), type($result))',
  inferTypes(site, check) {
    const operand = operandTensor(site, 1);
    const shapes = [operand.shape];
    const bounds = [operandTensor(site, 0), operandTensor(site, 2)];
    for (const [index, bound] of bounds.entries()) {
      if (bound === operand) continue;
      const describe = (): string => `${index === 0 ? 'min' : 'max'} is ${bound.text}, the operand ${operand.text}`;
      const isScalar = bound.shape.length === 0;
      const fits = isScalar || compatibleShapes(bound.shape, operand.shape);
      if (!check.require(fits, index === 0 ? 'C1' : 'C2', describe)) return undefined;
      if (!check.require(elementsCompatible(bound.element, operand.element), 'C3', describe)) return undefined;
      if (!isScalar) shapes.push(bound.shape);
    }
    return [shapes.length === 1 ? operand : tensorType(mergeShapes(shapes), operand.element)];
  },
  evaluate(_site, inputs, context) {
    const operand = tensorInput(inputs, 1);
    const min = bound(tensorInput(inputs, 0), operand, context);
    const max = bound(tensorInput(inputs, 2), operand, context);
    return [applyBinary(minimumRules, applyBinary(maximumRules, operand, min, context), max, context)];
  },
});

function bound(value: Tensor, operand: Tensor, context: EvaluationContext): Tensor {
  if (value.rank === 0) return broadcastTensor(value, operand.shape, [], context);
  requireSameShape(value, operand, context);
  return value;
}
