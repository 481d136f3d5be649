import { describeTensor } from '../../evaluator/tensor-text.ts';
import { invariant } from '../../diagnostics/diagnostic.ts';
import type { Operation } from '../../operation.ts';
import { ValueNames } from '../../text/value-names.ts';
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
  evaluate({ op }, inputs, context) {
    context.host.print(`${operandName(op)} = ${describeTensor(tensorInput(inputs, 0))}`);
    return inputs;
  },
});

/** An op in a loop is named once. */
const names = new WeakMap<Operation, string>();

/** `%0`, as the printed function names the operand. */
function operandName(op: Operation | undefined): string {
  invariant(op !== undefined, 'an op is there when it is evaluated');
  const known = names.get(op);
  if (known !== undefined) return known;
  let root = op;
  for (let parent = op.parentOp; parent !== undefined; parent = parent.parentOp) {
    root = parent;
    if (parent.definition.traits.has('isolated')) break;
  }
  const name = new ValueNames(root).of(op.operand(0));
  names.set(op, name);
  return name;
}
