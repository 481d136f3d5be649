import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor, either, tensorOf, token, tuple } from '../../type-constraints.ts';
import { checkBranchResults, inferBranches } from '../shared/branches.ts';
import { asTensor } from '../shared/runtime-tensors.ts';
import { describeShape } from '../shared/shapes.ts';

export const ifOp = defineOp({
  name: 'stablehlo.if',
  code: 'E2422',
  summary: 'The results of `true_branch` or of `false_branch`; only that one runs.',
  spec: 'spec.md#if',
  operands: [{ name: 'pred', type: tensorOf(['boolean']) }],
  results: [{ name: 'results', type: either(anyTensor, token, tuple), arity: 'variadic' }],
  traits: ['storage-view'],
  regions: [{ name: 'true_branch' }, { name: 'false_branch' }],
  effects: 'regions',
  constraints: {
    I1: 'rank(pred) = 0',
    C1: 'input_types(true_branch) = input_types(false_branch) = []',
    C2: 'output_types(true_branch) = output_types(false_branch)',
    C3: 'type(results...) = output_types(true_branch)',
  },
  resultConstraint: 'C3',
  inferTypes(site, check) {
    const { shape } = operandTensor(site, 0);
    if (!check.require(shape.length === 0, 'I1', () => `pred has shape ${describeShape(shape)}`)) return undefined;
    const types = inferBranches(site.regions, check, 'C1', 'C2');
    if (types === undefined || site.op === undefined) return types;
    return checkBranchResults(types, site.resultTypes, check, 'C3') ? types : undefined;
  },
  *evaluate(site, inputs, context) {
    const branch = site.regions[asTensor(inputs[0]).integer(0) === 0 ? 1 : 0];
    return branch === undefined ? [] : yield* context.run(branch, []);
  },
});
