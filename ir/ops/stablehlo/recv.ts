import { bool, i64Matrix, optional, withDefault } from '../../attribute-schema.ts';
import { tokenValue } from '../../evaluator/runtime-value.ts';
import { fitsTypes } from '../../evaluator/value-types.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token } from '../../type-constraints.ts';
import { isTensor } from '../../types.ts';
import { channelHandle, channelTypes } from '../shared/channel.ts';
import { describeTypes } from '../shared/region-signature.ts';

export const recv = defineOp({
  name: 'stablehlo.recv',
  code: 'E2426',
  summary: 'The values that the sender of a channel gives, and a token.',
  spec: 'spec.md#recv',
  operands: [{ name: 'token', type: token }],
  results: [{ name: 'results', type: either(anyTensor, token), arity: 'variadic' }],
  attributes: {
    channel_handle: channelHandle,
    is_host_transfer: withDefault(bool(), false),
    source_target_pairs: optional(i64Matrix()),
  },
  traits: ['collective', 'storage-view'],
  effects: 'effect',
  constraints: {
    C1: 'channel_type = HOST_TO_DEVICE if is_host_transfer = true, else DEVICE_TO_DEVICE',
    C2: '0 < size(results)',
    C3: 'is_empty(result[:-1]) or is_tensor(type(results[:-1]))',
    C4: 'is_token(type(results[-1]))',
  },
  verify(site, check) {
    const { is_host_transfer: isHost, channel_handle: handle } = site.attrs;
    const expected = isHost ? channelTypes.hostToDevice : channelTypes.deviceToDevice;
    check.require(handle.type === expected, 'C1', () => `type is ${handle.type}, expected ${expected}`);
    const types = site.resultTypes;
    if (!check.require(types.length > 0, 'C2', () => 'there is no result')) return;
    const tensors = types.slice(0, -1);
    check.require(tensors.every(isTensor), 'C3', () => `they are ${describeTypes(tensors)}`);
    check.require(types.at(-1)?.kind === 'token', 'C4', () => `the last is ${types.at(-1)?.text}`);
  },
  *evaluate(site, _inputs, context) {
    const { process } = context;
    if (process === undefined) throw context.failure('E4008', 'a recv needs a process grid');
    const values = [...(yield* process.receive(context, site.attrs.channel_handle.handle)), tokenValue];
    if (fitsTypes(values, site.resultTypes)) return values;
    throw context.failure('E4011', `what was sent does not fit ${describeTypes(site.resultTypes)}`);
  },
});
