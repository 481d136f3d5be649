import { defineOp } from '../../op-definition.ts';
import { sumOverHalves, verifyWords, wordConstraints, wordOperands, wordResults } from '../shared/word-pairs.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { contractedShape, contractionAxes, contractTensors, loopsOfAxes } from '../shared/tensor-contraction.ts';
import { dotGeneral } from '../stablehlo/dot-general.ts';

/** Made by the pass pair-products. */
export const dotGeneralPairs = defineOp({
  name: 'tessera.dot_general_pairs',
  code: 'E2707',
  summary:
    'As dot_general, of words of two 16-bit integers each: the products of the low and of the high halves are added.',
  spec: 'tessera',
  operands: wordOperands,
  results: wordResults,
  attributes: dotGeneral.attributes,
  constraints: { ...dotGeneral.constraints, ...wordConstraints },
  resultConstraint: dotGeneral.resultConstraint,
  inferTypes: (site, check) => dotGeneral.inferTypes?.(site, check),
  verify: verifyWords,
  evaluate(site, inputs, context) {
    const axes = contractionAxes(site.attrs.dot_dimension_numbers);
    return [
      sumOverHalves(tensorInput(inputs, 0), tensorInput(inputs, 1), context, (lhs, rhs) => {
        const result = context.allocate('i32', contractedShape(lhs.shape, rhs.shape, axes));
        contractTensors(lhs, rhs, loopsOfAxes(lhs.shape, rhs.shape, axes), result);
        return result;
      }),
    ];
  },
});
