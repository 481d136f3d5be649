import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor, either, tensorOfRank, token, tuple } from '../../type-constraints.ts';
import { checkBranchResults, inferBranches } from '../shared/branches.ts';
import { asTensor } from '../shared/runtime-tensors.ts';

export const caseOp = defineOp({
  name: 'stablehlo.case',
  code: 'E2417',
  summary: 'The results of the branch that `index` selects; the last one when it is out of range.',
  spec: 'spec.md#case',
  operands: [{ name: 'index', type: tensorOfRank(0, ['integer']) }],
  results: [{ name: 'results', type: either(anyTensor, token, tuple), arity: 'variadic' }],
  traits: ['storage-view'],
  regions: [{ name: 'branches', arity: 'variadic' }],
  effects: 'regions',
  constraints: {
    I1: 'element_type(index) = i32',
    C1: '0 < size(branches)',
    C2: 'input_types(branches...) = []',
    C3: 'same(output_types(branches...))',
    C4: 'type(results...) = output_types(branches[0])',
  },
  resultConstraint: 'C4',
  inferTypes(site, check) {
    const { element } = operandTensor(site, 0);
    const hasIndex = check.require(element === 'i32', 'I1', () => `index is ${operandTensor(site, 0).text}`);
    if (!check.require(site.regions.length > 0, 'C1', () => 'there is no branch') || !hasIndex) return undefined;
    const types = inferBranches(site.regions, check, 'C2', 'C3');
    if (types === undefined || site.op === undefined) return types;
    return checkBranchResults(types, site.resultTypes, check, 'C4') ? types : undefined;
  },
  *evaluate(site, inputs, context) {
    const index = asTensor(inputs[0]).integer(0);
    const branch = site.regions[index] ?? site.regions.at(-1);
    return branch === undefined ? [] : yield* context.run(branch, []);
  },
});
