import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorOf } from '../../type-constraints.ts';
import { unaryAssembly } from '../shared/elementwise.ts';
import { isQuantized } from '../shared/quantization.ts';
import { compatibleShapes } from '../shared/shapes.ts';

export const uniformQuantize = defineOp({
  name: 'stablehlo.uniform_quantize',
  code: 'E2149',
  summary: 'Floats, or elements quantised otherwise, as the quantised elements of the result.',
  spec: 'spec.md#uniform_quantize',
  operands: [{ name: 'operand', type: tensorOf(['float', 'quantized']) }],
  results: [{ name: 'result', type: tensorOf(['quantized']) }],
  traits: ['elementwise'],
  constraints: {
    C1: 'shape(operand) = shape(result)',
    C2: 'expressed_type(result) = element_type(operand) if is_float(operand), else expressed_type(operand)',
  },
  assembly: unaryAssembly,
  verify(site, check) {
    const operand = operandTensor(site, 0);
    const result = resultTensor(site);
    if (result === undefined || !isQuantized(result.element)) return;
    const describe = (): string => `the operand is ${operand.text}, the result ${result.text}`;
    check.require(compatibleShapes(operand.shape, result.shape), 'C1', describe);
    const expressed = isQuantized(operand.element) ? operand.element.expressed : operand.element;
    check.require(result.element.expressed === expressed, 'C2', describe);
  },
  // Operands come as floats, and results are quantised: see evaluator/quantized-evaluation.ts.
  evaluate: (_site, inputs) => inputs,
});
