import { i64 } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor, tensorOfRank } from '../../type-constraints.ts';
import { scalarTensor } from '../../types.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const getDimensionSize = defineOp({
  name: 'stablehlo.get_dimension_size',
  code: 'E2212',
  summary: 'The size of a dimension, as an i32.',
  spec: 'spec.md#get_dimension_size',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: tensorOfRank(0, ['integer']) }],
  attributes: { dimension: i64() },
  constraints: { C1: '0 <= dimension < rank(operand)' },
  assembly: '$operand `,` `dim` `=` $dimension attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const axis = site.attrs.dimension;
    const rank = operandTensor(site, 0).shape.length;
    check.require(axis >= 0 && axis < rank, 'C1', () => `dimension is ${axis}, the rank ${rank}`);
    return [scalarTensor('i32')];
  },
  evaluate(site, inputs, context) {
    const result = context.allocate('i32', []);
    result.values[0] = tensorInput(inputs, 0).shape[site.attrs.dimension] ?? 0;
    return [result];
  },
});
