import { i64List } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { broadcastConstraints, broadcastTensor, checkBroadcast } from '../shared/broadcasting.ts';
import { staticResultShape, tensorInput } from '../shared/runtime-tensors.ts';
import { requireResult } from '../shared/results.ts';

export const broadcastInDim = defineOp({
  name: 'stablehlo.broadcast_in_dim',
  code: 'E2202',
  summary: 'The operand repeated along new dimensions and along its dimensions of size 1.',
  spec: 'spec.md#broadcast_in_dim',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  attributes: { broadcast_dimensions: i64List() },
  constraints: broadcastConstraints,
  assembly: '$operand `,` `dims` `=` $broadcast_dimensions attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const result = resultTensor(site);
    if (result !== undefined) checkBroadcast(operandTensor(site, 0), result, site.attrs.broadcast_dimensions, check);
  },
  evaluate(site, inputs, context) {
    const shape = staticResultShape(requireResult(site), context);
    return [broadcastTensor(tensorInput(inputs, 0), shape, site.attrs.broadcast_dimensions, context)];
  },
});
