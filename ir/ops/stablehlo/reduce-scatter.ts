import { i64, optional, unit } from '../../attribute-schema.ts';
import { compatibleDims, mapDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { channelHandle } from '../shared/channel.ts';
import { reductionDType, reductionElement } from '../shared/collective-reduction.ts';
import { operandAcross, reduceTensors, splitPart } from '../shared/collective-tensors.ts';
import { exchange, reductionMode, requirePlace } from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { checkReplicaGroups, groupWidth, replicaGroups } from '../shared/replica-groups.ts';
import { compatibleShapes, describeShape } from '../shared/shapes.ts';

export const reduceScatter = defineOp({
  name: 'stablehlo.reduce_scatter',
  code: 'E2509',
  summary: 'A part of the operands of all processes of a group, reduced; each process has another part.',
  spec: 'spec.md#reduce_scatter',
  operands: [{ name: 'operand', type: perTensor }],
  results: [{ name: 'result', type: perTensor }],
  attributes: {
    scatter_dimension: i64(),
    replica_groups: replicaGroups(),
    channel_handle: optional(channelHandle),
    use_global_device_ids: unit(),
  },
  regions: [{ name: 'computation' }],
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: 'dim(operand, scatter_dimension) % dim(process_groups, 1) = 0',
    C2: '0 <= scatter_dimension < rank(operand)',
    C3: 'is_unique(replica_groups)',
    C4: 'size(replica_groups) = num_replicas, or num_processes if flattened_ids is used',
    C5: '0 <= replica_groups < size(replica_groups)',
    C6: 'if use_global_device_ids = true, then channel_id > 0',
    C7: 'computation has type (tensor<E>, tensor<E>) -> (tensor<E>) where is_promotable(element_type(operand), E)',
    C8: 'shape(result) = shape(operand), except dim(result, scatter_dimension) = dim(operand, scatter_dimension) / dim(process_groups, 1)',
    C9: 'element_type(result) = E',
  },
  resultConstraint: 'C8, C9',
  inferTypes(site, check) {
    const { scatter_dimension: axis, replica_groups: groups, channel_handle: handle } = site.attrs;
    const operand = operandTensor(site, 0);
    const rank = operand.shape.length;
    const isAxis = check.require(axis >= 0 && axis < rank, 'C2', () => `it is ${axis}, the operand ${operand.text}`);
    const element = reductionElement(site.regions[0], [operand], check, 'C7');
    if (!isAxis || element === undefined) return undefined;
    const mode = reductionMode(handle?.handle ?? 0, site.attrs.use_global_device_ids);
    const width = groupWidth(groups);
    if (width === undefined || mode === 'cross-replica-and-partition') return undefined;
    const dim = operand.shape[axis];
    const isEven = typeof dim !== 'number' || dim % width === 0;
    if (!check.require(isEven, 'C1', () => `${operand.text} in ${width} parts`)) return undefined;
    const shape = operand.shape.map((size, position) =>
      position === axis ? mapDims((whole) => Math.floor(whole / width), size) : size,
    );
    return [tensorType(shape, element)];
  },
  verify(site, check) {
    const { scatter_dimension: axis, replica_groups: groups, channel_handle: handle } = site.attrs;
    checkReplicaGroups(groups, check, { unique: 'C3', range: 'C5' }, true);
    const isNamed = !site.attrs.use_global_device_ids || (handle?.handle ?? 0) > 0;
    check.require(isNamed, 'C6', () => `channel_id is ${handle?.handle ?? 0}`);
    const result = resultTensor(site);
    if (result === undefined) return;
    const operand = operandTensor(site, 0);
    const from = operand.shape[axis];
    const to = result.shape[axis];
    const rest = result.shape.map((dim, position) => (position === axis ? (from ?? dim) : dim));
    const shrinks = typeof from !== 'number' || typeof to !== 'number' || (to === 0 ? from === 0 : from % to === 0);
    check.require(
      compatibleShapes(rest, operand.shape) && shrinks,
      'C8',
      () => `${describeShape(operand.shape)} gives ${describeShape(result.shape)}`,
    );
    const element = reductionElement(site.regions[0], [operand], check, 'C7');
    check.require(element === result.element, 'C9', () => `the result is ${result.text}`);
  },
  *evaluate(site, inputs, context) {
    const { scatter_dimension: axis, replica_groups: groups, channel_handle: handle } = site.attrs;
    const [computation] = site.regions;
    if (computation === undefined) return inputs;
    const channel = handle?.handle ?? 0;
    const place = requirePlace(groups, reductionMode(channel, site.attrs.use_global_device_ids), context);
    const arrived = yield* exchange(place, channel, inputs, context);
    const count = place.group.length;
    const parts = operandAcross(arrived, 0, context).map((whole) =>
      splitPart(whole, count, axis, place.index, context),
    );
    const result = reduceTensors(parts, computation, reductionDType(computation, context), context);
    const declared = resultTensor(site)?.shape[axis];
    if (declared !== undefined && !compatibleDims(declared, result.shape[axis] ?? 0))
      throw context.failure('E4012', `${count} processes give ${result.type.text}, not the declared type`);
    return [result];
  },
});
