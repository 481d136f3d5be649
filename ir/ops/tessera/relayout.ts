import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

/** The one op that exists for the sake of memory: all others read and write any order. */
export const relayout = defineOp({
  name: 'tessera.relayout',
  code: 'E2702',
  summary: 'The operand, its elements moved to the dimension order of the result type.',
  spec: 'tessera',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  attributes: {},
  regions: [],
  traits: ['storage-view'],
  effects: 'pure',
  constraints: { R1: 'type(result) = type(operand), but for the dimension order' },
  resultConstraint: 'R1',
  inferTypes: (site) => site.operandTypes,
  evaluate: (_site, inputs) => [tensorInput(inputs, 0)],
});
