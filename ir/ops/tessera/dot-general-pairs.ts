import { defineOp } from '../../op-definition.ts';
import { tensorOf } from '../../type-constraints.ts';
import { sumOverHalves } from '../shared/word-pairs.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { contractedShape, contractTensors, loopsOfAxes } from '../shared/tensor-contraction.ts';
import { dotGeneral } from '../stablehlo/dot-general.ts';

/** Made by the pass pair-products. */
export const dotGeneralPairs = defineOp({
  name: 'tessera.dot_general_pairs',
  code: 'E2707',
  summary:
    'As dot_general, of words of two 16-bit integers each: the products of the low and of the high halves are added.',
  spec: 'tessera',
  operands: [
    { name: 'lhs', type: tensorOf(['integer']) },
    { name: 'rhs', type: tensorOf(['integer']) },
  ],
  results: [{ name: 'result', type: tensorOf(['integer']) }],
  attributes: dotGeneral.attributes,
  constraints: { ...dotGeneral.constraints, P1: 'element_type(lhs) = element_type(rhs) = element_type(result) = i32' },
  resultConstraint: dotGeneral.resultConstraint,
  inferTypes: (site, check) => dotGeneral.inferTypes?.(site, check),
  verify(site, check) {
    const types = [...site.operandTypes, ...site.resultTypes];
    check.require(
      types.every((type) => 'element' in type && type.element === 'i32'),
      'P1',
      () => types.map(({ text }) => text).join(', '),
    );
  },
  evaluate(site, inputs, context) {
    const dims = site.attrs.dot_dimension_numbers;
    const axes = {
      lhsBatching: dims.lhs_batching_dimensions,
      rhsBatching: dims.rhs_batching_dimensions,
      lhsContracting: dims.lhs_contracting_dimensions,
      rhsContracting: dims.rhs_contracting_dimensions,
    };
    return [
      sumOverHalves(tensorInput(inputs, 0), tensorInput(inputs, 1), context, (lhs, rhs) => {
        const result = context.allocate('i32', contractedShape(lhs.shape, rhs.shape, axes));
        contractTensors(lhs, rhs, loopsOfAxes(lhs.shape, rhs.shape, axes), result);
        return result;
      }),
    ];
  },
});
