import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { applyFloatPredicate } from '../shared/elementwise-loops.ts';
import { perTensorOf } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const isFinite = defineOp({
  name: 'stablehlo.is_finite',
  code: 'E2120',
  summary: 'Whether each element is neither infinite nor NaN.',
  spec: 'spec.md#is_finite',
  operands: [{ name: 'x', type: perTensorOf(['float', 'quantized']) }],
  results: [{ name: 'y', type: tensorOf(['boolean']) }],
  traits: ['elementwise'],
  constraints: { C1: 'shape(x) = shape(y)' },
  resultConstraint: 'C1',
  assembly: '$x attr-dict `:` functional-type(operands, results)',
  inferTypes: (site) => [tensorType(operandTensor(site, 0).shape, 'i1')],
  evaluate: (_site, inputs, context) => [applyFloatPredicate(Number.isFinite, tensorInput(inputs, 0), context)],
});
