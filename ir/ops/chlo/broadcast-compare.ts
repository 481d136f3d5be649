import { enumeration, optional } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor, tensorOf } from '../../type-constraints.ts';
import { isTensor, tensorType } from '../../types.ts';
import {
  broadcastAssembly,
  broadcastAttributes,
  broadcastBinaryConstraints,
  stretchedOperands,
} from '../shared/chlo-broadcast.ts';
import { fittingComparisonTypes } from '../shared/comparison-types.ts';
import { broadcastTogether } from '../shared/implicit-broadcast.ts';
import { comparisonDirections, comparisonTypes, compareTensors } from '../shared/ordering.ts';
import { asTensor, tensorInputs } from '../shared/runtime-tensors.ts';

export const broadcastCompare = defineOp({
  name: 'chlo.broadcast_compare',
  code: 'E2612',
  summary: 'Whether two elements stand in the given relation. The operands are stretched to a common shape first.',
  spec: 'chlo.md#chlobroadcast_compare',
  operands: [
    { name: 'lhs', type: anyTensor },
    { name: 'rhs', type: anyTensor },
  ],
  results: [{ name: 'result', type: tensorOf(['boolean']) }],
  attributes: {
    ...broadcastAttributes,
    comparison_direction: enumeration('chlo', 'comparison_direction', comparisonDirections),
    compare_type: optional(enumeration('chlo', 'comparison_type', comparisonTypes)),
  },
  constraints: { ...broadcastBinaryConstraints, C4: 'compare_type fits the elements, as in stablehlo.compare' },
  resultConstraint: 'C1, C2',
  assembly: broadcastAssembly,
  inferTypes(site, check) {
    const stretched = stretchedOperands(site, site.attrs.broadcast_dimensions, check)?.[0];
    return isTensor(stretched) ? [tensorType(stretched.shape, 'i1')] : undefined;
  },
  verify(site, check) {
    const { compare_type: type } = site.attrs;
    const { element, text } = operandTensor(site, 0);
    if (type === undefined || type === 'NOTYPE') return;
    check.require(fittingComparisonTypes(element).includes(type), 'C4', () => `compare_type = ${type} for ${text}`);
  },
  evaluate(site, inputs, context) {
    const { comparison_direction: direction, compare_type: type = 'NOTYPE', broadcast_dimensions: dims } = site.attrs;
    const [lhs, rhs] = broadcastTogether(tensorInputs(inputs), dims, context);
    return [compareTensors(direction, type, asTensor(lhs), asTensor(rhs), context)];
  },
});
