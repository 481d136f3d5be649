import { text } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const probe = defineOp({
  name: 'interpreter.probe',
  code: 'E2412',
  summary: 'The operand, a copy of which is kept under `probe_id`.',
  spec: 'InterpreterOps.td#probe',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  traits: ['storage-view'],
  attributes: { probe_id: text() },
  effects: 'effect',
  constraints: { P1: 'type(result) = type(operand)' },
  resultConstraint: 'P1',
  assembly: '$operand `,` `probe_id` `=` $probe_id attr-dict `:` type($result)',
  inferTypes: (site) => site.operandTypes,
  evaluate(site, inputs, context) {
    context.probe(site.attrs.probe_id, tensorInput(inputs, 0));
    return inputs;
  },
});
