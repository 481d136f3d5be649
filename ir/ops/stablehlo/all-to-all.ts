import { i64, optional } from '../../attribute-schema.ts';
import { mapDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorType } from '../../types.ts';
import { channelHandle } from '../shared/channel.ts';
import { tensorsOf } from '../shared/collective-reduction.ts';
import { joinTensors, operandAcross, splitPart } from '../shared/collective-tensors.ts';
import { exchange, requirePlace, transferMode } from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { checkReplicaGroups, groupWidth, replicaGroups } from '../shared/replica-groups.ts';

export const allToAll = defineOp({
  name: 'stablehlo.all_to_all',
  code: 'E2503',
  summary: 'Part i of the operand of every process of a group, for the i-th process, concatenated.',
  spec: 'spec.md#all_to_all',
  operands: [{ name: 'operands', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    split_dimension: i64(),
    concat_dimension: i64(),
    split_count: i64(),
    replica_groups: replicaGroups(),
    channel_handle: optional(channelHandle),
  },
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: '0 <= split_dimension < rank(operands...)',
    C2: 'dim(operands..., split_dimension) % split_count = 0',
    C3: '0 <= concat_dimension < rank(operands...)',
    C4: '0 < split_count',
    C5: 'is_unique(replica_groups)',
    C6: 'size(replica_groups) = num_replicas, or num_partitions if cross_partition is used',
    C7: '0 <= replica_groups < size(replica_groups)',
    C8: 'dim(replica_groups, 1) = split_count',
    C9: 'type(results...) = type(operands...), except, if split_dimension != concat_dimension: dim(results..., split_dimension) = dim(operands..., split_dimension) / split_count and dim(results..., concat_dimension) = dim(operands..., concat_dimension) * split_count',
  },
  resultConstraint: 'C9',
  inferTypes(site, check) {
    const { split_dimension: split, concat_dimension: concat, split_count: count } = site.attrs;
    const operands = tensorsOf(site.operandTypes);
    const isAxis = (axis: number): boolean => operands.every((operand) => axis >= 0 && axis < operand.shape.length);
    const hasSplit = check.require(isAxis(split), 'C1', () => `it is ${split}`);
    const hasConcat = check.require(isAxis(concat), 'C3', () => `it is ${concat}`);
    if (!check.require(count > 0, 'C4', () => `it is ${count}`) || !hasSplit || !hasConcat) return undefined;
    const uneven = operands.find(({ shape }) => {
      const dim = shape[split];
      return typeof dim === 'number' && dim % count !== 0;
    });
    if (!check.require(uneven === undefined, 'C2', () => `${uneven?.text} in ${count} parts`)) return undefined;
    if (split === concat) return site.operandTypes;
    return operands.map((operand) => {
      const shape = operand.shape.map((dim, axis) => {
        if (axis === split) return mapDims((size) => Math.floor(size / count), dim);
        return axis === concat ? mapDims((size) => size * count, dim) : dim;
      });
      return tensorType(shape, operand.element);
    });
  },
  verify(site, check) {
    const { replica_groups: groups, split_count: count } = site.attrs;
    checkReplicaGroups(groups, check, { unique: 'C5', range: 'C7' }, true);
    const width = groupWidth(groups);
    check.require(width === undefined || width === count, 'C8', () => `${width} and ${count}`);
    const [operands, results] = [site.operandTypes.length, site.resultTypes.length];
    check.require(operands === results, 'C9', () => `${operands} operands give ${results} results`);
  },
  *evaluate(site, inputs, context) {
    const { split_dimension: split, concat_dimension: concat, split_count: count, channel_handle: handle } = site.attrs;
    const channel = handle?.handle ?? 0;
    const place = requirePlace(site.attrs.replica_groups, transferMode(channel), context);
    const arrived = yield* exchange(place, channel, inputs, context);
    return inputs.map((_, index) => {
      const senders = operandAcross(arrived, index, context);
      const parts = senders.map((sender) => splitPart(sender, count, split, place.index, context));
      return joinTensors(parts, concat, context);
    });
  },
});
