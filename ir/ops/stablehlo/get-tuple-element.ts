import { i32 } from '../../attribute-schema.ts';
import { invariant } from '../../diagnostics/diagnostic.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token, tuple } from '../../type-constraints.ts';

export const getTupleElement = defineOp({
  name: 'stablehlo.get_tuple_element',
  code: 'E2421',
  summary: 'One value of a tuple.',
  spec: 'spec.md#get_tuple_element',
  operands: [{ name: 'operand', type: tuple }],
  results: [{ name: 'result', type: either(anyTensor, token, tuple) }],
  traits: ['storage-view'],
  attributes: { index: i32() },
  constraints: {
    C1: '0 <= index < size(operand)',
    C2: 'type(result) = tuple_element_types(operand)[index]',
  },
  resultConstraint: 'C2',
  assembly: '$operand `[` $index `]` attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const [operand] = site.operandTypes;
    if (operand?.kind !== 'tuple') return undefined;
    const { index } = site.attrs;
    const type = operand.elements[index];
    check.require(type !== undefined, 'C1', () => `index is ${index}, the tuple has ${operand.elements.length}`);
    return type === undefined ? undefined : [type];
  },
  evaluate(site, inputs) {
    const [operand] = inputs;
    const value = operand?.kind === 'tuple' ? operand.elements[site.attrs.index] : undefined;
    invariant(value !== undefined, 'get_tuple_element reads past its tuple');
    return [value];
  },
});
