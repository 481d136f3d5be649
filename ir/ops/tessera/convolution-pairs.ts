import { defineOp } from '../../op-definition.ts';
import { tensorOf } from '../../type-constraints.ts';
import { convolve, convolvedShape } from '../shared/convolution-evaluation.ts';
import { sumOverHalves } from '../shared/word-pairs.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { convolution } from '../stablehlo/convolution.ts';

/** Made by the pass pair-products. */
export const convolutionPairs = defineOp({
  name: 'tessera.convolution_pairs',
  code: 'E2708',
  summary:
    'As convolution, of words of two 16-bit integers each: the products of the low and of the high halves are added.',
  spec: 'tessera',
  operands: [
    { name: 'lhs', type: tensorOf(['integer']) },
    { name: 'rhs', type: tensorOf(['integer']) },
  ],
  results: [{ name: 'result', type: tensorOf(['integer']) }],
  attributes: convolution.attributes,
  constraints: { ...convolution.constraints, P1: 'element_type(lhs) = element_type(rhs) = element_type(result) = i32' },
  resultConstraint: convolution.resultConstraint,
  inferTypes: (site, check) => convolution.inferTypes?.(site, check),
  verify(site, check) {
    const types = [...site.operandTypes, ...site.resultTypes];
    check.require(
      types.every((type) => 'element' in type && type.element === 'i32'),
      'P1',
      () => types.map(({ text }) => text).join(', '),
    );
  },
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
