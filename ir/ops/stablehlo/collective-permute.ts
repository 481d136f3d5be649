import { i64Matrix, optional } from '../../attribute-schema.ts';
import type { RuntimeValue } from '../../evaluator/runtime-value.ts';
import { defineOp } from '../../op-definition.ts';
import { isUnique } from '../shared/axis-lists.ts';
import { channelHandle } from '../shared/channel.ts';
import {
  exchange,
  isSelf,
  processGroups,
  requireExisting,
  requireProcess,
  transferMode,
} from '../shared/process-groups.ts';
import { perTensor } from '../shared/quantization.ts';
import { asTensor } from '../shared/runtime-tensors.ts';

export const collectivePermute = defineOp({
  name: 'stablehlo.collective_permute',
  code: 'E2505',
  summary: 'The operand of the process that is paired with this one as its source; zeros where there is none.',
  spec: 'spec.md#collective_permute',
  operands: [{ name: 'operand', type: perTensor }],
  results: [{ name: 'result', type: perTensor }],
  attributes: { source_target_pairs: i64Matrix(), channel_handle: optional(channelHandle) },
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: 'dim(source_target_pairs, 1) = 2',
    C2: 'is_unique(source_target_pairs[:, 0])',
    C3: 'is_unique(source_target_pairs[:, 1])',
    C4: '0 <= source_target_pairs < N, the number of replicas or partitions',
    C5: 'type(result) = type(operand)',
  },
  resultConstraint: 'C5',
  inferTypes: (site) => site.operandTypes,
  verify(site, check) {
    const { source_target_pairs: pairs } = site.attrs;
    const isPairs = pairs.every((pair) => pair.length === 2);
    if (!check.require(isPairs, 'C1', () => `it is ${pairs[0]?.length}`)) return;
    const sources = pairs.map(([source]) => source ?? 0);
    const targets = pairs.map(([, target]) => target ?? 0);
    check.require(isUnique(sources), 'C2', () => `they are ${sources.join(', ')}`);
    check.require(isUnique(targets), 'C3', () => `they are ${targets.join(', ')}`);
    const negative = pairs.flat().find((id) => id < 0);
    check.require(negative === undefined, 'C4', () => `there is ${negative}`);
  },
  *evaluate(site, inputs, context) {
    const { source_target_pairs: pairs, channel_handle: handle } = site.attrs;
    const channel = handle?.handle ?? 0;
    const process = requireProcess(context);
    const operand = asTensor(inputs[0]);
    let result: RuntimeValue | undefined;
    for (const [source, target] of processGroups(pairs, transferMode(channel), process)) {
      if (source === undefined || target === undefined) continue;
      requireExisting([source, target], process, context);
      const [isSource, isTarget] = [isSelf(source, process), isSelf(target, process)];
      if (isSource && isTarget) result = operand;
      else if (isSource || isTarget) {
        const place = { process, group: [source, target], index: isSource ? 0 : 1 };
        const [sent] = yield* exchange(place, channel, inputs, context);
        if (isTarget) result = sent?.[0];
      }
    }
    return [result ?? context.allocate(operand.dtype, operand.shape)];
  },
});
