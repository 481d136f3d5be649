import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';

/** What a gradient takes for a constant. */
export const stopGradient = defineOp({
  name: 'tessera.stop_gradient',
  code: 'E2703',
  summary: 'The operands; differentiation takes them for constants.',
  spec: 'tessera',
  operands: [{ name: 'operand', type: anyTensor, arity: 'variadic' }],
  results: [{ name: 'result', type: anyTensor, arity: 'variadic' }],
  traits: ['storage-view'],
  constraints: { S1: 'type(operand...) = type(result...)' },
  resultConstraint: 'S1',
  inferTypes(site, check) {
    const [operands, results] = [site.operandTypes.length, site.resultTypes.length];
    if (site.op !== undefined && !check.require(operands === results, 'S1', () => `${operands} and ${results} values`))
      return undefined;
    return site.operandTypes;
  },
  evaluate: (_site, inputs) => inputs,
});
