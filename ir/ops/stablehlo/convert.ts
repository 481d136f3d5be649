import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { convertTensor } from '../shared/conversion.ts';
import { unaryAssembly } from '../shared/elementwise.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';

const type = tensorOf(['boolean', 'integer', 'unsigned', 'float', 'complex']);

export const convert = defineOp({
  name: 'stablehlo.convert',
  code: 'E2112',
  summary: 'Each element in another element type.',
  spec: 'spec.md#convert',
  operands: [{ name: 'operand', type }],
  results: [{ name: 'result', type }],
  traits: ['elementwise'],
  constraints: { C1: 'shape(operand) = shape(result)' },
  resultConstraint: 'C1',
  assembly: unaryAssembly,
  inferTypes(site) {
    const result = resultTensor(site);
    return result === undefined ? undefined : [tensorType(operandTensor(site, 0).shape, result.element)];
  },
  evaluate(site, inputs, context) {
    return [convertTensor(tensorInput(inputs, 0), resultDType(requireResult(site), context), context)];
  },
});
