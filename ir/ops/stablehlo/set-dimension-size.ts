import { i64 } from '../../attribute-schema.ts';
import { compatibleDims, type Dim, dimMax, dimSymbol } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { tensorOfRank } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';
import { sliceTensor } from '../shared/slicing.ts';

export const setDimensionSize = defineOp({
  name: 'stablehlo.set_dimension_size',
  code: 'E2223',
  summary: 'The operand with only the first `size` elements along a dimension.',
  spec: 'StablehloOps.td#set_dimension_size',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'size', type: tensorOfRank(0, ['integer', 'unsigned']) },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: { dimension: i64() },
  constraints: {
    C1: '0 <= dimension < rank(operand)',
    C2: 'shape(result) = shape(operand) except for dim(result, dimension) <= dim(operand, dimension)',
    C3: 'element_type(result) = element_type(operand)',
  },
  resultConstraint: 'C2, C3',
  assembly: '$operand `,` $size `,` `dim` `=` $dimension attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const axis = site.attrs.dimension;
    const rank = operand.shape.length;
    if (!check.require(axis >= 0 && axis < rank, 'C1', () => `dimension is ${axis}, the rank ${rank}`))
      return undefined;
    const shape = [...operand.shape];
    shape[axis] = boundedSize(dimAt(shape, axis), resultTensor(site)?.shape[axis]);
    return [tensorType(shape, operand.element)];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const axis = site.attrs.dimension;
    const size = tensorInput(inputs, 1).integer(0);
    const available = operand.shape[axis] ?? 0;
    if (size < 0 || size > available)
      throw context.failure('E4015', `dimension ${axis} of size ${available} cannot be set to ${size}`);
    const sizes = operand.shape.map((dim, position) => (position === axis ? size : dim));
    return [sliceTensor(operand, new Array<number>(sizes.length).fill(0), sizes, context)];
  },
});

/** Unknown, at most the operand's; the declared size where it is one that may be. */
function boundedSize(dim: Dim, declared: Dim | undefined): Dim {
  const bounded = dimSymbol('', dimMax(dim));
  return declared !== undefined && compatibleDims(bounded, declared) ? declared : bounded;
}
