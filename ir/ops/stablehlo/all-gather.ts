import { i64, optional, unit } from '../../attribute-schema.ts';
import { compatibleDims, mapDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { tensorType } from '../../types.ts';
import { channelHandle } from '../shared/channel.ts';
import { tensorsOf } from '../shared/collective-reduction.ts';
import { joinTensors, operandAcross } from '../shared/collective-tensors.ts';
import { exchange, reductionMode, requirePlace } from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { checkReplicaGroups, groupWidth, replicaGroups } from '../shared/replica-groups.ts';
import { compatibleShapes, describeShape } from '../shared/shapes.ts';

export const allGather = defineOp({
  name: 'stablehlo.all_gather',
  code: 'E2501',
  summary: 'The operands of all processes of a group, concatenated.',
  spec: 'spec.md#all_gather',
  operands: [{ name: 'operands', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'results', type: perTensor, arity: 'variadic' }],
  attributes: {
    all_gather_dim: i64(),
    replica_groups: replicaGroups(),
    channel_handle: optional(channelHandle),
    use_global_device_ids: unit(),
  },
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: '0 <= all_gather_dim < rank(operands...)',
    C2: 'is_unique(replica_groups)',
    C3: 'size(replica_groups) = num_replicas, or num_processes if flattened_ids is used',
    C4: '0 <= replica_groups < size(replica_groups)',
    C5: 'if use_global_device_ids = true, then channel_id > 0',
    C6: 'type(results...) = type(operands...), except dim(results..., all_gather_dim) = dim(operands..., all_gather_dim) * dim(process_groups, 1)',
  },
  resultConstraint: 'C6',
  inferTypes(site, check) {
    const { all_gather_dim: axis, replica_groups: groups, channel_handle: handle } = site.attrs;
    const operands = tensorsOf(site.operandTypes);
    const ranked = operands.find((operand) => axis < 0 || axis >= operand.shape.length);
    if (!check.require(ranked === undefined, 'C1', () => `it is ${axis}, an operand is ${ranked?.text}`))
      return undefined;
    const isGlobal = site.attrs.use_global_device_ids;
    const mode = reductionMode(handle?.handle ?? 0, isGlobal);
    const width = groupWidth(groups);
    if (width === undefined || mode === 'cross-replica-and-partition') return undefined;
    return operands.map((operand) => {
      const shape = operand.shape.map((dim, position) =>
        position === axis ? mapDims((size) => size * width, dim) : dim,
      );
      return tensorType(shape, operand.element);
    });
  },
  verify(site, check) {
    const { all_gather_dim: axis, replica_groups: groups, channel_handle: handle } = site.attrs;
    checkReplicaGroups(groups, check, { unique: 'C2', range: 'C4' }, true);
    const isNamed = !site.attrs.use_global_device_ids || (handle?.handle ?? 0) > 0;
    check.require(isNamed, 'C5', () => `channel_id is ${handle?.handle ?? 0}`);
    const results = tensorsOf(site.resultTypes);
    const operands = tensorsOf(site.operandTypes);
    if (
      !check.require(results.length === operands.length, 'C6', () => `${operands.length} and ${results.length} values`)
    )
      return;
    for (const [index, result] of results.entries()) {
      const operand = operands[index];
      if (operand === undefined) continue;
      const from = operand.shape[axis];
      const to = result.shape[axis];
      const rest = result.shape.map((dim, position) => (position === axis ? (from ?? dim) : dim));
      const grows =
        typeof from !== 'number' || typeof to !== 'number' || (from === 0 ? to === 0 : to > 0 && to % from === 0);
      check.require(
        result.element === operand.element && compatibleShapes(rest, operand.shape) && grows,
        'C6',
        () => `${describeShape(operand.shape)} gives ${describeShape(result.shape)}`,
      );
    }
  },
  *evaluate(site, inputs, context) {
    const { all_gather_dim: axis, replica_groups: groups, channel_handle: handle } = site.attrs;
    const channel = handle?.handle ?? 0;
    const place = requirePlace(groups, reductionMode(channel, site.attrs.use_global_device_ids), context);
    const arrived = yield* exchange(place, channel, inputs, context);
    return inputs.map((_, index) => {
      const joined = joinTensors(operandAcross(arrived, index, context), axis, context);
      const declared = tensorsOf(site.resultTypes)[index]?.shape[axis];
      if (declared !== undefined && !compatibleDims(declared, joined.shape[axis] ?? 0))
        throw context.failure(
          'E4012',
          `${place.group.length} processes give ${joined.type.text}, not the declared type`,
        );
      return joined;
    });
  },
});
