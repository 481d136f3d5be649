import { optional, unit } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { channelHandle } from '../shared/channel.ts';
import { operandAcross } from '../shared/collective-tensors.ts';
import { checkRoot, rootOf } from '../shared/dynamic-root.ts';
import { exchange, findPlace, transferMode } from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { checkReplicaGroups, replicaGroups } from '../shared/replica-groups.ts';
import { asTensor } from '../shared/runtime-tensors.ts';

export const collectiveBroadcast = defineOp({
  name: 'stablehlo.collective_broadcast',
  code: 'E2504',
  summary: 'The operand of the first process of a group, in all of its processes; zeros in a process without a group.',
  spec: 'spec.md#collective_broadcast',
  operands: [{ name: 'operands', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    replica_groups: replicaGroups(),
    channel_handle: optional(channelHandle),
    has_dynamic_root: unit(),
  },
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: 'is_unique(replica_groups)',
    C2: '0 <= replica_groups < N, the number of replicas or partitions',
    C3: 'type(result) = type(operand)',
    V1: 'with has_dynamic_root, the last operand holds an index into the group for each other operand',
  },
  resultConstraint: 'C3',
  inferTypes(site, check) {
    const data = site.attrs.has_dynamic_root ? site.operandTypes.slice(0, -1) : site.operandTypes;
    const count = site.resultTypes.length;
    const isMatched = site.op === undefined || count === data.length;
    return check.require(isMatched, 'C3', () => `${data.length} operands give ${count} results`) ? data : undefined;
  },
  verify(site, check) {
    checkReplicaGroups(site.attrs.replica_groups, check, { unique: 'C1', range: 'C2' }, false);
    if (site.attrs.has_dynamic_root) checkRoot(site.operandTypes, check, 'V1');
  },
  *evaluate(site, inputs, context) {
    const { replica_groups: groups, channel_handle: handle, has_dynamic_root: isDynamic } = site.attrs;
    const channel = handle?.handle ?? 0;
    const data = isDynamic ? inputs.slice(0, -1) : inputs;
    const place = findPlace(groups, transferMode(channel), context);
    if (place === undefined) {
      return data.map((value) => context.allocate(asTensor(value).dtype, asTensor(value).shape));
    }
    const arrived = yield* exchange(place, channel, inputs, context);
    return data.map((_, index) => {
      const root = isDynamic ? rootOf(inputs, index, place.group.length, context) : 0;
      return asTensor(operandAcross(arrived, index, context)[root]);
    });
  },
});
