import { i64List } from '../../attribute-schema.ts';
import { rowMajorStrides } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { allWithin, describeList, isUnique } from '../shared/axis-lists.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { copyBox, rowMajorWalk } from '../shared/strided-copy.ts';

export const reverse = defineOp({
  name: 'stablehlo.reverse',
  code: 'E2220',
  summary: 'The operand with the order of its elements reversed along some dimensions.',
  spec: 'spec.md#reverse',
  operands: [{ name: 'operand', type: perTensor }],
  results: [{ name: 'result', type: perTensor }],
  attributes: { dimensions: i64List() },
  constraints: {
    C1: 'type(operand) = type(result)',
    C2: 'is_unique(dimensions)',
    C3: '0 <= dimensions < rank(result)',
  },
  resultConstraint: 'C1',
  assembly: '$operand `,` `dims` `=` $dimensions attr-dict `:` type($result)',
  inferTypes(site, check) {
    const { dimensions } = site.attrs;
    const operand = operandTensor(site, 0);
    const rank = operand.shape.length;
    check.require(isUnique(dimensions), 'C2', () => `dimensions are ${describeList(dimensions)}`);
    const isInRange = allWithin(dimensions, 0, rank);
    check.require(isInRange, 'C3', () => `dimensions are ${describeList(dimensions)}, the rank is ${rank}`);
    return [operand];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const strides = rowMajorStrides(operand.shape);
    let offset = 0;
    for (const axis of site.attrs.dimensions) {
      const stride = strides[axis] ?? 0;
      offset += stride * ((operand.shape[axis] ?? 1) - 1);
      strides[axis] = -stride;
    }
    const result = context.allocate(operand.dtype, operand.shape);
    copyBox(operand.shape, operand, { offset, strides }, result, rowMajorWalk(operand.shape));
    return [result];
  },
});
