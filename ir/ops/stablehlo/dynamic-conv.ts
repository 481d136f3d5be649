import { compatibleDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor, integers, tensorOfRank } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { convolutionConstraints, dynamicConvAttributes } from '../shared/convolution-attributes.ts';
import { convolve, convolvedShape } from '../shared/convolution-evaluation.ts';
import { convolutionShape, verifyConvolution } from '../shared/convolution-shape.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape, dimAt } from '../shared/shapes.ts';

export const dynamicConv = defineOp({
  name: 'stablehlo.dynamic_conv',
  code: 'E2308',
  summary: 'A convolution whose padding is an operand.',
  spec: 'spec.md#dynamic_conv',
  operands: [
    { name: 'lhs', type: perTensor },
    { name: 'rhs', type: anyTensor },
    { name: 'padding', type: tensorOfRank(2, integers) },
  ],
  results: [{ name: 'result', type: anyTensor }],
  attributes: dynamicConvAttributes,
  constraints: {
    ...convolutionConstraints,
    C2: 'size(window_strides) = N - 2 (more, as JAX writes them, are not used)',
  },
  resultConstraint: 'C25, C26',
  inferTypes(site, check) {
    const [lhs, rhs, padding] = [operandTensor(site, 0), operandTensor(site, 1), operandTensor(site, 2)];
    const shape = convolutionShape(lhs, rhs, site.attrs, 'dynamic', check);
    const [rows, columns] = [dimAt(padding.shape, 0), dimAt(padding.shape, 1)];
    const isPerAxis = compatibleDims(rows, Math.max(0, lhs.shape.length - 2)) && compatibleDims(columns, 2);
    if (!check.require(isPerAxis, 'C4', () => describeShape(padding.shape)) || shape === undefined) return undefined;
    return [tensorType(shape, resultTensor(site)?.element ?? lhs.element)];
  },
  verify(site, check) {
    verifyConvolution(operandTensor(site, 0), operandTensor(site, 1), resultTensor(site), site.attrs, check);
  },
  evaluate(site, inputs, context) {
    const [lhs, rhs] = [tensorInput(inputs, 0), tensorInput(inputs, 1)];
    const edges = tensorInput(inputs, 2).integers();
    const padding = site.attrs.dimension_numbers.input_spatial_dimensions.map((_, axis) =>
      edges.slice(2 * axis, 2 * axis + 2),
    );
    const declared = requireResult(site);
    const shape = requireRuntimeShape(convolvedShape(lhs.shape, rhs.shape, site.attrs, padding), declared, context);
    const result = context.allocate(resultDType(declared, context), shape);
    convolve(lhs, rhs, site.attrs, padding, result);
    return [result];
  },
});
