import { anyAttribute, arrayOf, optional, text, withDefault } from '../../attribute-schema.ts';
import { tokenValue } from '../../evaluator/runtime-value.ts';
import { fitsTypes } from '../../evaluator/value-types.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token, tuple } from '../../type-constraints.ts';
import { isTensor } from '../../types.ts';
import { describeTypes } from '../shared/region-signature.ts';

export const infeed = defineOp({
  name: 'stablehlo.infeed',
  code: 'E2423',
  summary: 'The next values that the host feeds in, and a token.',
  spec: 'spec.md#infeed',
  operands: [{ name: 'token', type: token }],
  results: [{ name: 'results', type: either(anyTensor, token, tuple), arity: 'variadic' }],
  traits: ['storage-view'],
  attributes: { infeed_config: withDefault(text(), ''), layout: optional(arrayOf(anyAttribute())) },
  effects: 'effect',
  constraints: {
    C1: '0 < size(results)',
    C2: 'is_empty(result[:-1]) or is_tensor(type(results[:-1]))',
    C3: 'is_token(type(results[-1]))',
    V1: 'layout has an entry for each tensor',
  },
  verify(site, check) {
    const types = site.resultTypes;
    if (!check.require(types.length > 0, 'C1', () => 'there is no result')) return;
    const tensors = types.slice(0, -1);
    check.require(
      tensors.every((type) => isTensor(type) || type.kind === 'tuple'),
      'C2',
      () => `they are ${describeTypes(tensors)}`,
    );
    check.require(types.at(-1)?.kind === 'token', 'C3', () => `the last is ${types.at(-1)?.text}`);
    const { layout } = site.attrs;
    check.require(
      layout === undefined || layout.length === tensors.length,
      'V1',
      () => `${layout?.length} entries for ${tensors.length} tensors`,
    );
  },
  *evaluate(site, _inputs, context) {
    const queue = context.process?.nextInfeed();
    if (queue === undefined) throw context.failure('E4009', 'there is nothing left in the infeed');
    const values = [...(yield* context.call(queue, [])), tokenValue];
    const types = site.resultTypes;
    if (fitsTypes(values, types)) return values;
    throw context.failure('E4012', `the infeed @${queue} does not give ${describeTypes(types)}`);
  },
});
