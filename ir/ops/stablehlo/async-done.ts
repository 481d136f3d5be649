import { defineOp } from '../../op-definition.ts';
import { anyTensor, future } from '../../type-constraints.ts';
import { describeTypes } from '../shared/region-signature.ts';

export const asyncDone = defineOp({
  name: 'stablehlo.async_done',
  code: 'E2415',
  summary: 'The results of a future, once they are there.',
  spec: 'StablehloOps.td#async_done',
  operands: [{ name: 'future', type: future }],
  results: [{ name: 'results', type: anyTensor, arity: 'variadic' }],
  traits: ['storage-view'],
  effects: 'effect',
  constraints: { V1: 'types(results...) = element types of future' },
  resultConstraint: 'V1',
  inferTypes(site, check) {
    const [operand] = site.operandTypes;
    if (operand?.kind !== 'future') return undefined;
    const { elements } = operand;
    const fits =
      site.op === undefined ||
      check.require(
        elements.length === site.resultTypes.length,
        'V1',
        () => `the future holds ${describeTypes(elements)}, the results are ${describeTypes(site.resultTypes)}`,
      );
    return fits ? elements : undefined;
  },
  evaluate: (_site, [operand]) => (operand?.kind === 'future' ? operand.elements : []),
});
