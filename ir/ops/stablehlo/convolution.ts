import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { convolutionAttributes, convolutionConstraints } from '../shared/convolution-attributes.ts';
import { convolve, convolvedShape } from '../shared/convolution-evaluation.ts';
import { convolutionShape, verifyConvolution } from '../shared/convolution-shape.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, tensorInput } from '../shared/runtime-tensors.ts';

export const convolution = defineOp({
  name: 'stablehlo.convolution',
  code: 'E2305',
  summary: 'Sums of products of a kernel with windows of the input.',
  spec: 'spec.md#convolution',
  operands: [
    { name: 'lhs', type: perTensor },
    { name: 'rhs', type: anyTensor },
  ],
  results: [{ name: 'result', type: anyTensor }],
  attributes: convolutionAttributes,
  constraints: convolutionConstraints,
  resultConstraint: 'C25, C26',
  assembly:
    '`(` operands `)` `dim_numbers` `=` custom<ConvolutionDimensions>($dimension_numbers) `,` `window` `=` `{` custom<WindowAttributes>($window_strides, $padding, $lhs_dilation, $rhs_dilation, $window_reversal) `}` attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const [lhs, rhs] = [operandTensor(site, 0), operandTensor(site, 1)];
    const shape = convolutionShape(lhs, rhs, site.attrs, site.attrs.padding ?? 'none', check);
    return shape === undefined ? undefined : [tensorType(shape, resultTensor(site)?.element ?? lhs.element)];
  },
  verify(site, check) {
    verifyConvolution(operandTensor(site, 0), operandTensor(site, 1), resultTensor(site), site.attrs, check);
  },
  evaluate(site, inputs, context) {
    const [lhs, rhs] = [tensorInput(inputs, 0), tensorInput(inputs, 1)];
    const { attrs } = site;
    const dtype = resultDType(requireResult(site), context);
    const result = context.allocate(dtype, convolvedShape(lhs.shape, rhs.shape, attrs, attrs.padding));
    convolve(lhs, rhs, attrs, attrs.padding, result);
    return [result];
  },
});
