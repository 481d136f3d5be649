import { defineOp } from '../../op-definition.ts';
import { convolve, convolvedShape } from '../shared/convolution-evaluation.ts';
import { sumOverHalves, verifyWords, wordConstraints, wordOperands, wordResults } from '../shared/word-pairs.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { convolution } from '../stablehlo/convolution.ts';

/** Made by the pass pair-products. */
export const convolutionPairs = defineOp({
  name: 'tessera.convolution_pairs',
  code: 'E2708',
  summary:
    'As convolution, of words of two 16-bit integers each: the products of the low and of the high halves are added.',
  spec: 'tessera',
  operands: wordOperands,
  results: wordResults,
  attributes: convolution.attributes,
  constraints: { ...convolution.constraints, ...wordConstraints },
  resultConstraint: convolution.resultConstraint,
  inferTypes: (site, check) => convolution.inferTypes?.(site, check),
  verify: verifyWords,
  evaluate({ attrs }, inputs, context) {
    return [
      sumOverHalves(tensorInput(inputs, 0), tensorInput(inputs, 1), context, (lhs, rhs) => {
        const result = context.allocate('i32', convolvedShape(lhs.shape, rhs.shape, attrs, attrs.padding));
        convolve(lhs, rhs, attrs, attrs.padding, result);
        return result;
      }),
    ];
  },
});
