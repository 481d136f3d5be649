import { anyAttribute } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor } from '../../type-constraints.ts';

export const shardingConstraint = defineOp({
  name: 'sdy.sharding_constraint',
  code: 'E2802',
  summary: 'The operand; on several devices, laid out among them as the attribute says.',
  spec: 'shardy: sdy_dialect.md#sdysharding_constraint_sdyshardingconstraintop',
  operands: [{ name: 'input', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  attributes: { sharding: anyAttribute() },
  constraints: { S1: 'type(result) = type(input)' },
  resultConstraint: 'S1',
  assembly: '$input custom<OpaqueBody>($sharding) attr-dict `:` type($result)',
  inferTypes: (site) => site.operandTypes,
  evaluate: (_site, inputs) => inputs,
});
