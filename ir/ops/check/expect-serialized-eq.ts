import { text, ui32, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';
import { expectTensors } from '../shared/check-evaluation.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const expectSerializedEq = defineOp({
  name: 'check.expect_serialized_eq',
  code: 'E2407',
  summary: 'Fails unless the operand equals what `interpreter.probe` has kept under that id.',
  spec: 'CheckOps.td#expect_serialized_eq',
  operands: [{ name: 'expected', type: anyTensor }],
  results: [],
  attributes: { probe_id: text(), iteration: withDefault(ui32(), 0) },
  effects: 'effect',
  assembly: '$expected `,` `probe_id` `=` $probe_id (`,` `iter` `=` $iteration^)? attr-dict `:` type($expected)',
  evaluate(site, inputs, context) {
    const { probe_id: id, iteration } = site.attrs;
    const kept = context.probed(id)[iteration];
    if (kept === undefined) throw context.failure('E4010', `the probe "${id}" has kept no value number ${iteration}`);
    expectTensors(kept, tensorInput(inputs, 0), { kind: 'equal' }, context);
    return [];
  },
});
