import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import type { QuantizedType } from '../../types.ts';
import { binaryParts, inferSameType } from '../shared/elementwise.ts';
import { isPerAxis, isQuantized } from '../shared/quantization.ts';
import { compatibleShapes } from '../shared/shapes.ts';

export const add = defineOp({
  ...binaryParts({
    name: 'stablehlo.add',
    code: 'E2102',
    summary: 'The sum of two elements; of booleans, their disjunction.',
    spec: 'spec.md#add',
    elements: [],
    isCommutative: true,
    rules: {
      boolean: (x, y) => x | y,
      integer: (x, y) => x + y,
      bigint: (x, y) => x + y,
      float: (x, y) => x + y,
      complex: (x, y) => ({ re: x.re + y.re, im: x.im + y.im }),
    },
  }),
  operands: [
    { name: 'lhs', type: anyTensor },
    { name: 'rhs', type: anyTensor },
  ],
  results: [{ name: 'result', type: anyTensor }],
  constraints: {
    C1: 'type(lhs) = type(rhs) = type(result)',
    C2: 'is_quantized(lhs) and is_quantized(rhs) and is_quantized(result)',
    C3: 'storage_type(lhs) = storage_type(rhs) = storage_type(result)',
    C4: 'expressed_type(lhs) = expressed_type(rhs) = expressed_type(result)',
    C5: '(is_per_axis_quantized(lhs) or is_per_axis_quantized(rhs)) = is_per_axis_quantized(result)',
    C6: 'if is_per_axis_quantized(lhs), then quantization_dimension(lhs) = quantization_dimension(result)',
    C7: 'if is_per_axis_quantized(rhs), then quantization_dimension(rhs) = quantization_dimension(result)',
  },
  resultConstraint: 'C1',
  inferTypes(site, check) {
    const quantized = isQuantized(operandTensor(site, 0).element) || isQuantized(operandTensor(site, 1).element);
    return quantized ? undefined : inferSameType(site, 'C1', check);
  },
  verify(site, check) {
    const result = resultTensor(site);
    const tensors = [operandTensor(site, 0), operandTensor(site, 1), ...(result === undefined ? [] : [result])];
    const elements = tensors.map(({ element }) => element);
    if (!elements.some(isQuantized)) return;
    const describe = (): string => tensors.map(({ text }) => text).join(', ');
    const [lhs, rhs, sum] = elements.filter(isQuantized);
    const allQuantized = check.require(elements.every(isQuantized), 'C2', describe);
    if (!allQuantized || lhs === undefined || rhs === undefined || sum === undefined) return;
    const same = (key: 'storage' | 'expressed'): boolean => lhs[key] === rhs[key] && lhs[key] === sum[key];
    const axisFits = (operand: QuantizedType): boolean => !isPerAxis(operand) || operand.dimension === sum.dimension;
    check.require(same('storage'), 'C3', describe);
    check.require(same('expressed'), 'C4', describe);
    check.require((isPerAxis(lhs) || isPerAxis(rhs)) === isPerAxis(sum), 'C5', describe);
    check.require(axisFits(lhs), 'C6', describe);
    check.require(axisFits(rhs), 'C7', describe);
    const [first, ...rest] = tensors;
    check.require(
      rest.every(({ shape }) => first !== undefined && compatibleShapes(first.shape, shape)),
      'C1',
      describe,
    );
  },
});
