import { compatibleDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { describeList } from '../shared/axis-lists.ts';
import { paddedShape, padTensor } from '../shared/padding.ts';
import { integerList } from '../shared/index-operands.ts';
import { perTensor, scalarPerTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';

export const dynamicPad = defineOp({
  name: 'stablehlo.dynamic_pad',
  code: 'E2207',
  summary: 'pad with amounts given at run time.',
  spec: 'spec.md#dynamic_pad',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'padding_value', type: scalarPerTensor },
    { name: 'edge_padding_low', type: integerList },
    { name: 'edge_padding_high', type: integerList },
    { name: 'interior_padding', type: integerList },
  ],
  results: [{ name: 'result', type: perTensor }],
  constraints: {
    C1: 'element_type(operand) = element_type(padding_value) = element_type(result)',
    C2: 'size(edge_padding_low) = size(edge_padding_high) = size(interior_padding) = rank(operand)',
    C3: '0 <= interior_padding',
    C4: 'shape(result) = shape(operand) + edge_padding_low + max(shape(operand) - 1, 0) * interior_padding + edge_padding_high',
  },
  assembly: 'operands attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const operand = operandTensor(site, 0);
    const value = operandTensor(site, 1);
    const result = resultTensor(site);
    const rank = operand.shape.length;
    const lists = [2, 3, 4].map((index) => operandTensor(site, index));
    check.require(
      lists.every((list) => compatibleDims(dimAt(list.shape, 0), rank)),
      'C2',
      () => `they are ${lists.map((list) => list.text).join(', ')}, the rank is ${rank}`,
    );
    const elements = [operand.element, value.element, ...(result === undefined ? [] : [result.element])];
    check.require(
      new Set(elements).size === 1,
      'C1',
      () => `the operand is ${operand.text}, the padding value ${value.text}, the result ${result?.text}`,
    );
    if (result === undefined) return;
    check.require(
      result.shape.length === rank,
      'C4',
      () => `the operand has rank ${rank}, the result ${result.shape.length}`,
    );
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const [low = [], high = [], interior = []] = [2, 3, 4].map((index) => tensorInput(inputs, index).integers());
    if (interior.some((amount) => amount < 0))
      throw context.failure('E4015', `interior_padding is ${describeList(interior)} at run time`);
    const padding = { low, high, interior };
    requireRuntimeShape(paddedShape(operand.shape, padding), requireResult(site), context);
    return [padTensor(operand, tensorInput(inputs, 1), padding, context)];
  },
});
