import { describeTensor } from '../../evaluator/tensor-text.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const print = defineOp({
  name: 'interpreter.print',
  code: 'E2411',
  summary: 'The operand, which is printed.',
  spec: 'InterpreterOps.td#print',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  traits: ['storage-view'],
  effects: 'effect',
  constraints: { P1: 'type(result) = type(operand)' },
  resultConstraint: 'P1',
  assembly: '$operand attr-dict `:` type($result)',
  inferTypes: (site) => site.operandTypes,
  evaluate(_site, inputs, context) {
    context.host.print(describeTensor(tensorInput(inputs, 0)));
    return inputs;
  },
});
