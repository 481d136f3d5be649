import { compatibleDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { describeList } from '../shared/axis-lists.ts';
import { integerList } from '../shared/index-operands.ts';
import { perTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';
import { slicedSize, sliceTensor } from '../shared/slicing.ts';

export const realDynamicSlice = defineOp({
  name: 'stablehlo.real_dynamic_slice',
  code: 'E2216',
  summary: 'slice with start, limit and strides given at run time.',
  spec: 'StablehloOps.td#real_dynamic_slice',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'start_indices', type: integerList },
    { name: 'limit_indices', type: integerList },
    { name: 'strides', type: integerList },
  ],
  results: [{ name: 'result', type: perTensor }],
  constraints: {
    C1: 'element_type(operand) = element_type(result)',
    C2: 'size(start_indices) = size(limit_indices) = size(strides) = rank(operand)',
    C3: 'type(start_indices) = type(limit_indices) = type(strides)',
    C4: 'rank(result) = rank(operand)',
  },
  assembly: 'operands attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const operand = operandTensor(site, 0);
    const result = resultTensor(site);
    const rank = operand.shape.length;
    const lists = [1, 2, 3].map((index) => operandTensor(site, index));
    const texts = (): string => lists.map((list) => list.text).join(', ');
    const isSized = lists.every((list) => compatibleDims(dimAt(list.shape, 0), rank));
    check.require(isSized, 'C2', () => `they are ${texts()}, the rank is ${rank}`);
    check.require(new Set(lists.map((list) => list.element)).size === 1, 'C3', () => `they are ${texts()}`);
    if (result === undefined) return;
    check.require(
      result.element === operand.element,
      'C1',
      () => `the operand is ${operand.text}, the result ${result.text}`,
    );
    check.require(
      result.shape.length === rank,
      'C4',
      () => `the operand has rank ${rank}, the result ${result.shape.length}`,
    );
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const starts = tensorInput(inputs, 1).integers();
    const limits = tensorInput(inputs, 2).integers();
    const strides = tensorInput(inputs, 3).integers();
    const isValid = starts.every((start, axis) => {
      const limit = limits[axis] ?? 0;
      return start >= 0 && start <= limit && limit <= (operand.shape[axis] ?? 0) && (strides[axis] ?? 0) > 0;
    });
    if (!isValid)
      throw context.failure(
        'E4015',
        `a slice of ${describeList(operand.shape)} from ${describeList(starts)} to ${describeList(limits)} by ${describeList(strides)}`,
      );
    const sizes = starts.map((start, axis) => slicedSize(start, limits[axis] ?? 0, strides[axis] ?? 1));
    requireRuntimeShape(sizes, requireResult(site), context);
    return [sliceTensor(operand, starts, sizes, context, strides)];
  },
});
