import { text, withDefault } from '../../attribute-schema.ts';
import { tokenValue } from '../../evaluator/runtime-value.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token, tuple } from '../../type-constraints.ts';
import { tokenType } from '../../types.ts';

export const outfeed = defineOp({
  name: 'stablehlo.outfeed',
  code: 'E2425',
  summary: 'Gives values to the host.',
  spec: 'spec.md#outfeed',
  operands: [
    { name: 'inputs', type: either(anyTensor, tuple), arity: 'variadic' },
    { name: 'token', type: token },
  ],
  results: [{ name: 'result', type: token }],
  traits: ['storage-view'],
  attributes: { outfeed_config: withDefault(text(), '') },
  effects: 'effect',
  inferTypes: () => [tokenType],
  evaluate(_site, inputs, context) {
    context.process?.outfeed(inputs.slice(0, -1));
    return [tokenValue];
  },
});
