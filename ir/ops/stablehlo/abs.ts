import * as numerics from '../../numerics/index.ts';
import { dtypeInfo } from '../../dtype.ts';
import { defineOp } from '../../op-definition.ts';
import { unaryAssembly } from '../shared/elementwise.ts';
import { applyComplexToReal, applyUnary } from '../shared/elementwise-loops.ts';
import { inferRealParts } from '../shared/complex-parts.ts';
import { perTensorOf } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

const rules = {
  integer: (x: number) => Math.abs(x),
  bigint: (x: bigint) => (x < 0n ? -x : x),
  float: (x: number) => Math.abs(x),
};

export const abs = defineOp({
  name: 'stablehlo.abs',
  code: 'E2101',
  summary: 'The magnitude of each element; of a complex number, its modulus. The least integer stays itself.',
  spec: 'spec.md#abs',
  operands: [{ name: 'operand', type: perTensorOf(['integer', 'float', 'complex', 'quantized']) }],
  results: [{ name: 'result', type: perTensorOf(['integer', 'float', 'quantized']) }],
  traits: ['elementwise'],
  constraints: {
    C1: 'shape(result) = shape(operand)',
    C2: 'baseline_element_type(result) = complex_element_type(operand) if is_complex(operand), else baseline_element_type(operand)',
  },
  resultConstraint: 'C1, C2',
  assembly: unaryAssembly,
  inferTypes: inferRealParts,
  evaluate(_site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const isComplex = dtypeInfo(operand.dtype).kind === 'complex';
    return [
      isComplex ? applyComplexToReal(numerics.complexAbs, operand, context) : applyUnary(rules, operand, context),
    ];
  },
});
