import { dtypeInfo } from '../../dtype.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorOf } from '../../type-constraints.ts';
import { inferRealParts } from '../shared/complex-parts.ts';
import { unaryAssembly } from '../shared/elementwise.ts';
import { applyComplexToReal } from '../shared/elementwise-loops.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const imag = defineOp({
  name: 'stablehlo.imag',
  code: 'E2119',
  summary: 'The imaginary part of each element; zero for a real element.',
  spec: 'spec.md#imag',
  operands: [{ name: 'operand', type: tensorOf(['float', 'complex']) }],
  results: [{ name: 'result', type: tensorOf(['float']) }],
  traits: ['elementwise'],
  constraints: {
    C1: 'shape(result) = shape(operand)',
    C2: 'element_type(result) = complex_element_type(operand) if is_complex(operand), else element_type(operand)',
  },
  resultConstraint: 'C1, C2',
  assembly: unaryAssembly,
  inferTypes: inferRealParts,
  evaluate(_site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    if (dtypeInfo(operand.dtype).kind !== 'complex') return [context.allocate(operand.dtype, operand.shape)];
    return [applyComplexToReal(({ im }) => im, operand, context)];
  },
});
