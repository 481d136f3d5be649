import { optional, unit } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorType } from '../../types.ts';
import { channelHandle } from '../shared/channel.ts';
import { reductionDType, reductionElement, tensorsOf } from '../shared/collective-reduction.ts';
import { operandAcross, reduceTensors } from '../shared/collective-tensors.ts';
import { checkRoot, rootOf } from '../shared/dynamic-root.ts';
import { exchange, findPlace, reductionMode } from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { checkReplicaGroups, replicaGroups } from '../shared/replica-groups.ts';
import { asTensor } from '../shared/runtime-tensors.ts';

export const collectiveReduce = defineOp({
  name: 'stablehlo.collective_reduce',
  code: 'E2506',
  summary: 'The operands of all processes of a group, reduced, in the first of them; zeros in the others.',
  spec: 'StablehloOps.td#collective_reduce',
  operands: [{ name: 'operands', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    replica_groups: replicaGroups(),
    channel_handle: optional(channelHandle),
    use_global_device_ids: unit(),
    has_dynamic_root: unit(),
  },
  regions: [{ name: 'computation' }],
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: 'is_unique(replica_groups)',
    C2: '0 <= replica_groups',
    C3: 'if use_global_device_ids = true, then channel_id > 0',
    C4: 'computation has type (tensor<E>, tensor<E>) -> (tensor<E>) where is_promotable(element_type(operand), E)',
    C5: 'shape(results...) = shape(operands...) and element_type(results...) = E',
    V1: 'with has_dynamic_root, the last operand holds an index into the group for each other operand',
  },
  resultConstraint: 'C5',
  inferTypes(site, check) {
    const all = tensorsOf(site.operandTypes);
    const data = site.attrs.has_dynamic_root ? all.slice(0, -1) : all;
    const element = reductionElement(site.regions[0], data, check, 'C4');
    if (element === undefined) return undefined;
    const count = site.resultTypes.length;
    const isMatched = site.op === undefined || count === data.length;
    if (!check.require(isMatched, 'C5', () => `${data.length} operands give ${count} results`)) return undefined;
    return data.map((operand) => tensorType(operand.shape, element));
  },
  verify(site, check) {
    const { replica_groups: groups, channel_handle: handle, use_global_device_ids: isGlobal } = site.attrs;
    checkReplicaGroups(groups, check, { unique: 'C1', range: 'C2' }, false);
    check.require(!isGlobal || (handle?.handle ?? 0) > 0, 'C3', () => `channel_id is ${handle?.handle ?? 0}`);
    if (site.attrs.has_dynamic_root) checkRoot(site.operandTypes, check, 'V1');
  },
  *evaluate(site, inputs, context) {
    const { replica_groups: groups, channel_handle: handle, has_dynamic_root: isDynamic } = site.attrs;
    const [computation] = site.regions;
    if (computation === undefined) return inputs;
    const channel = handle?.handle ?? 0;
    const data = isDynamic ? inputs.slice(0, -1) : inputs;
    const dtype = reductionDType(computation, context);
    const zeros = (index: number) => context.allocate(dtype, asTensor(data[index]).shape);
    const place = findPlace(groups, reductionMode(channel, site.attrs.use_global_device_ids), context);
    if (place === undefined) return data.map((_, index) => zeros(index));
    const arrived = yield* exchange(place, channel, inputs, context);
    return data.map((_, index) => {
      const root = isDynamic ? rootOf(inputs, index, place.group.length, context) : 0;
      if (root !== place.index) return zeros(index);
      return reduceTensors(operandAcross(arrived, index, context), computation, dtype, context);
    });
  },
});
