import { optional, unit } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorType } from '../../types.ts';
import { channelHandle } from '../shared/channel.ts';
import { reductionDType, reductionElement, tensorsOf } from '../shared/collective-reduction.ts';
import { operandAcross, reduceTensors } from '../shared/collective-tensors.ts';
import { exchange, reductionMode, requirePlace } from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { checkReplicaGroups, replicaGroups } from '../shared/replica-groups.ts';

export const allReduce = defineOp({
  name: 'stablehlo.all_reduce',
  code: 'E2502',
  summary: 'The operands of all processes of a group, reduced element by element.',
  spec: 'spec.md#all_reduce',
  operands: [{ name: 'operands', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    replica_groups: replicaGroups(),
    channel_handle: optional(channelHandle),
    use_global_device_ids: unit(),
  },
  regions: [{ name: 'computation' }],
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: 'is_unique(replica_groups)',
    C2: 'size(replica_groups) = num_replicas, or num_processes if flattened_ids is used',
    C3: '0 <= replica_groups < size(replica_groups)',
    C4: 'if use_global_device_ids = true, then channel_id > 0',
    C5: 'computation has type (tensor<E>, tensor<E>) -> (tensor<E>) where is_promotable(element_type(operand), E)',
    C6: 'shape(results...) = shape(operands...)',
    C7: 'element_type(results...) = E',
  },
  resultConstraint: 'C6, C7',
  inferTypes(site, check) {
    const operands = tensorsOf(site.operandTypes);
    const element = reductionElement(site.regions[0], operands, check, 'C5');
    if (element === undefined) return undefined;
    const count = site.resultTypes.length;
    const isMatched = site.op === undefined || count === operands.length;
    if (!check.require(isMatched, 'C6', () => `${operands.length} operands give ${count} results`)) return undefined;
    return operands.map((operand) => tensorType(operand.shape, element));
  },
  verify(site, check) {
    const { replica_groups: groups, channel_handle: handle, use_global_device_ids: isGlobal } = site.attrs;
    checkReplicaGroups(groups, check, { unique: 'C1', range: 'C3' }, true);
    check.require(!isGlobal || (handle?.handle ?? 0) > 0, 'C4', () => `channel_id is ${handle?.handle ?? 0}`);
  },
  *evaluate(site, inputs, context) {
    const { replica_groups: groups, channel_handle: handle, use_global_device_ids: isGlobal } = site.attrs;
    const [computation] = site.regions;
    if (computation === undefined) return inputs;
    const channel = handle?.handle ?? 0;
    const place = requirePlace(groups, reductionMode(channel, isGlobal), context);
    const arrived = yield* exchange(place, channel, inputs, context);
    const dtype = reductionDType(computation, context);
    return inputs.map((_, index) => reduceTensors(operandAcross(arrived, index, context), computation, dtype, context));
  },
});
