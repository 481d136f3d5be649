import { i64List } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { describeList } from '../shared/axis-lists.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { canBeAtMost, describeShape, dimAt } from '../shared/shapes.ts';
import { slicedSize, sliceTensor } from '../shared/slicing.ts';

export const slice = defineOp({
  name: 'stablehlo.slice',
  code: 'E2224',
  summary: 'The box of the operand from start_indices to limit_indices, every strides-th element.',
  spec: 'spec.md#slice',
  operands: [{ name: 'operand', type: perTensor }],
  results: [{ name: 'result', type: perTensor }],
  attributes: { start_indices: i64List(), limit_indices: i64List(), strides: i64List() },
  constraints: {
    C1: 'element_type(operand) = element_type(result)',
    C2: 'size(start_indices) = size(limit_indices) = size(strides) = rank(operand)',
    C3: '0 <= start_indices <= limit_indices <= shape(operand)',
    C4: '0 < strides',
    C5: 'shape(result) = ceil((limit_indices - start_indices) / strides)',
  },
  resultConstraint: 'C1, C5',
  assembly:
    '$operand custom<SliceRanges>($start_indices, $limit_indices, $strides) attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const { start_indices: starts, limit_indices: limits, strides } = site.attrs;
    const rank = operand.shape.length;
    const isSized = [starts, limits, strides].every((list) => list.length === rank);
    const lengths = (): string =>
      `the sizes are ${starts.length}, ${limits.length}, ${strides.length}, the rank ${rank}`;
    if (!check.require(isSized, 'C2', lengths)) return undefined;
    const isInBounds = starts.every((start, axis) => {
      const limit = limits[axis] ?? 0;
      return start >= 0 && start <= limit && canBeAtMost(limit, dimAt(operand.shape, axis));
    });
    const bounds = (): string =>
      `start_indices are ${describeList(starts)}, limit_indices ${describeList(limits)}, the shape ${describeShape(operand.shape)}`;
    check.require(isInBounds, 'C3', bounds);
    const isForward = strides.every((stride) => stride > 0);
    if (!check.require(isForward, 'C4', () => `strides are ${describeList(strides)}`)) return undefined;
    return [tensorType(sizesOf(starts, limits, strides), operand.element)];
  },
  evaluate(site, inputs, context) {
    const { start_indices: starts, limit_indices: limits, strides } = site.attrs;
    const operand = tensorInput(inputs, 0);
    if (limits.some((limit, axis) => limit > (operand.shape[axis] ?? 0)))
      throw context.failure('E4015', `limit ${describeList(limits)} is outside of ${describeList(operand.shape)}`);
    return [sliceTensor(operand, starts, sizesOf(starts, limits, strides), context, strides)];
  },
});

function sizesOf(starts: readonly number[], limits: readonly number[], strides: readonly number[]): number[] {
  return starts.map((start, axis) => slicedSize(start, limits[axis] ?? 0, strides[axis] ?? 1));
}
