import { i64List } from '../../attribute-schema.ts';
import { rowMajorStrides } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { type ElementType, tensorType } from '../../types.ts';
import { allWithin, describeList, isUnique } from '../shared/axis-lists.ts';
import { equalUpToAxis, isPerAxis } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';
import { copyBox, rowMajorWalk } from '../shared/strided-copy.ts';

export const transpose = defineOp({
  name: 'stablehlo.transpose',
  code: 'E2227',
  summary: 'The operand with its dimensions reordered: result dimension i is operand dimension permutation[i].',
  spec: 'spec.md#transpose',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  attributes: { permutation: i64List() },
  constraints: {
    C1: 'element_type(result) = element_type(operand), up to the axis of per-axis quantisation',
    C2: 'permutation is a permutation of range(rank(operand))',
    C3: 'shape(result) = dim(operand, permutation...)',
    C4: 'quantization_dimension(operand) = permutation[quantization_dimension(result)]',
  },
  resultConstraint: 'C1, C3',
  assembly: '$operand `,` `dims` `=` $permutation attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const { permutation } = site.attrs;
    const operand = operandTensor(site, 0);
    const rank = operand.shape.length;
    const isPermutation = permutation.length === rank && isUnique(permutation) && allWithin(permutation, 0, rank);
    if (!check.require(isPermutation, 'C2', () => `permutation is ${describeList(permutation)}, the rank ${rank}`))
      return undefined;
    const shape = permutation.map((axis) => dimAt(operand.shape, axis));
    const element = transposedElement(operand.element, resultTensor(site)?.element);
    return element === undefined ? undefined : [tensorType(shape, element)];
  },
  verify(site, check) {
    const from = operandTensor(site, 0);
    const to = resultTensor(site);
    if (to === undefined || !isPerAxis(from.element)) return;
    check.require(
      equalUpToAxis(from.element, to.element),
      'C1',
      () => `the operand is ${from.text}, the result ${to.text}`,
    );
    if (!isPerAxis(to.element)) return;
    const axis = to.element.dimension;
    const source = site.attrs.permutation[axis];
    check.require(
      source === from.element.dimension,
      'C4',
      () => `the result is quantised along ${axis}, which is dimension ${source} of the operand`,
    );
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const { permutation } = site.attrs;
    const strides = rowMajorStrides(operand.shape);
    const shape = permutation.map((axis) => operand.shape[axis] ?? 0);
    const result = context.allocate(operand.dtype, shape);
    const walk = { offset: 0, strides: permutation.map((axis) => strides[axis] ?? 0) };
    copyBox(shape, operand, walk, result, rowMajorWalk(shape));
    return [result];
  },
});

/** A per-axis element type cannot be made here, only checked (C1, C4): its axis moves with the permutation. */
function transposedElement(from: ElementType, declared: ElementType | undefined): ElementType | undefined {
  return isPerAxis(from) ? declared : from;
}
