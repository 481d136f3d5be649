import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token, tuple } from '../../type-constraints.ts';

const barred = either(anyTensor, token, tuple);

export const optimizationBarrier = defineOp({
  name: 'stablehlo.optimization_barrier',
  code: 'E2424',
  summary: 'The operands; nothing that computes them moves past what uses the results.',
  spec: 'spec.md#optimization_barrier',
  operands: [{ name: 'operand', type: barred, arity: 'variadic' }],
  results: [{ name: 'result', type: barred, arity: 'variadic' }],
  traits: ['storage-view'],
  constraints: { C1: 'type(operand...) = type(result...)' },
  resultConstraint: 'C1',
  effects: 'effect',
  assembly: 'attr-dict ($operand^ `:` custom<PairwiseOpType>(type($operand), type($result))):(`(` `)`)?',
  inferTypes(site, check) {
    const [operands, results] = [site.operandTypes.length, site.resultTypes.length];
    if (site.op !== undefined && !check.require(operands === results, 'C1', () => `${operands} and ${results} values`))
      return undefined;
    return site.operandTypes;
  },
  evaluate: (_site, inputs) => inputs,
});
