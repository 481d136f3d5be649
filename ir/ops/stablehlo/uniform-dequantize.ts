import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { unaryAssembly } from '../shared/elementwise.ts';
import { isQuantized } from '../shared/quantization.ts';

export const uniformDequantize = defineOp({
  name: 'stablehlo.uniform_dequantize',
  code: 'E2148',
  summary: 'The floats that quantised elements stand for.',
  spec: 'spec.md#uniform_dequantize',
  operands: [{ name: 'operand', type: tensorOf(['quantized']) }],
  results: [{ name: 'result', type: tensorOf(['float']) }],
  traits: ['elementwise'],
  constraints: {
    C1: 'shape(operand) = shape(result)',
    C2: 'element_type(result) = expressed_type(operand)',
  },
  resultConstraint: 'C1, C2',
  assembly: unaryAssembly,
  inferTypes(site) {
    const { shape, element } = operandTensor(site, 0);
    return isQuantized(element) ? [tensorType(shape, element.expressed)] : undefined;
  },
  // Operands come as floats, and results are quantised: see evaluator/quantized-evaluation.ts.
  evaluate: (_site, inputs) => inputs,
});
