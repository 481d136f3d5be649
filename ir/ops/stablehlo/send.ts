import { bool, i64Matrix, optional, withDefault } from '../../attribute-schema.ts';
import { tokenValue } from '../../evaluator/runtime-value.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor, token } from '../../type-constraints.ts';
import { tokenType } from '../../types.ts';
import { channelHandle, channelTypes } from '../shared/channel.ts';

export const send = defineOp({
  name: 'stablehlo.send',
  code: 'E2428',
  summary: 'Gives values to the receiver of a channel.',
  spec: 'spec.md#send',
  operands: [
    { name: 'inputs', type: anyTensor, arity: 'variadic' },
    { name: 'token', type: token },
  ],
  results: [{ name: 'result', type: token }],
  attributes: {
    channel_handle: channelHandle,
    is_host_transfer: withDefault(bool(), false),
    source_target_pairs: optional(i64Matrix()),
  },
  traits: ['collective', 'storage-view'],
  effects: 'effect',
  constraints: {
    C1: 'channel_type = DEVICE_TO_HOST if is_host_transfer = true, else DEVICE_TO_DEVICE',
  },
  inferTypes: () => [tokenType],
  verify(site, check) {
    const { is_host_transfer: isHost, channel_handle: handle } = site.attrs;
    const expected = isHost ? channelTypes.deviceToHost : channelTypes.deviceToDevice;
    check.require(handle.type === expected, 'C1', () => `type is ${handle.type}, expected ${expected}`);
  },
  *evaluate(site, inputs, context) {
    const { process } = context;
    if (process === undefined) throw context.failure('E4008', 'a send needs a process grid');
    yield* process.send(context, site.attrs.channel_handle.handle, inputs.slice(0, -1));
    return [tokenValue];
  },
});
