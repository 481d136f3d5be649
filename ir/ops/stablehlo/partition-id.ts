import { defineOp } from '../../op-definition.ts';
import { tensorOfRank } from '../../type-constraints.ts';
import { scalarTensor } from '../../types.ts';
import { requireProcess } from '../shared/process-groups.ts';

export const partitionId = defineOp({
  name: 'stablehlo.partition_id',
  code: 'E2508',
  summary: 'Which partition the process is.',
  spec: 'spec.md#partition_id',
  operands: [],
  results: [{ name: 'result', type: tensorOfRank(0, ['unsigned']) }],
  // Not the same in every process: must not be folded.
  traits: ['collective'],
  constraints: { O1: 'type(result) = tensor<ui32>' },
  resultConstraint: 'O1',
  assembly: 'attr-dict `:` type(results)',
  inferTypes: () => [scalarTensor('ui32')],
  evaluate(_site, _inputs, context) {
    const result = context.allocate('ui32', []);
    result.values[0] = requireProcess(context).partitionId;
    return [result];
  },
});
