import { defineOp } from '../../op-definition.ts';
import { numbers, tensorOf } from '../../type-constraints.ts';
import { operandAcross } from '../shared/collective-tensors.ts';
import { exchange, requirePlace } from '../shared/process-groups.ts';
import { checkReplicaGroups, replicaGroups } from '../shared/replica-groups.ts';
import { asTensor } from '../shared/runtime-tensors.ts';
import { add } from './add.ts';

export const crossReplicaSum = defineOp({
  name: 'stablehlo.cross-replica-sum',
  code: 'E2507',
  summary: 'The sum of the operands of all replicas of a group; the same as all_reduce with add.',
  spec: 'StablehloOps.td#cross-replica-sum',
  operands: [{ name: 'operand', type: tensorOf(['boolean', ...numbers]) }],
  results: [{ name: 'result', type: tensorOf(['boolean', ...numbers]) }],
  attributes: { replica_groups: replicaGroups() },
  traits: ['collective'],
  effects: 'effect',
  constraints: {
    C1: 'is_unique(replica_groups)',
    C2: '0 <= replica_groups < size(replica_groups)',
    C3: 'type(result) = type(operand)',
  },
  resultConstraint: 'C3',
  inferTypes: (site) => site.operandTypes,
  verify(site, check) {
    checkReplicaGroups(site.attrs.replica_groups, check, { unique: 'C1', range: 'C2' }, true);
  },
  *evaluate(site, inputs, context) {
    const place = requirePlace(site.attrs.replica_groups, 'cross-replica', context);
    const arrived = yield* exchange(place, 0, inputs, context);
    const [first, ...rest] = operandAcross(arrived, 0, context);
    let sum = asTensor(first);
    for (const next of rest) {
      const added = add.evaluate(site, [sum, next], context);
      sum = asTensor(Array.isArray(added) ? added[0] : undefined);
    }
    return [sum];
  },
});
