import { i64List } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandGroup, operandTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { describeList } from '../shared/axis-lists.ts';
import { scalarInteger } from '../shared/index-operands.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { canBeAtMost, describeShape, dimAt } from '../shared/shapes.ts';
import { clampedStarts, sliceTensor } from '../shared/slicing.ts';

export const dynamicSlice = defineOp({
  name: 'stablehlo.dynamic_slice',
  code: 'E2209',
  summary: 'The box of slice_sizes at start indices given at run time, moved into bounds.',
  spec: 'spec.md#dynamic_slice',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'start_indices', type: scalarInteger, arity: 'variadic' },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: { slice_sizes: i64List() },
  constraints: {
    C1: 'element_type(operand) = element_type(result)',
    C2: 'size(start_indices) = size(slice_sizes) = rank(operand)',
    C3: 'same(type(start_indices...))',
    C4: '0 <= slice_sizes <= shape(operand)',
    C5: 'shape(result) = slice_sizes',
  },
  resultConstraint: 'C1, C5',
  assembly:
    '$operand `,` custom<VariadicOperandWithAttribute>($start_indices) `sizes` `=` $slice_sizes attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const sizes = site.attrs.slice_sizes;
    const indices = operandGroup(site, 'start_indices');
    const rank = operand.shape.length;
    const isSized = indices.length === rank && sizes.length === rank;
    const counts = (): string => `${indices.length} start indices, ${sizes.length} slice sizes, rank ${rank}`;
    const isSame = indices.every((type) => type === indices[0]);
    check.require(isSame, 'C3', () => `they are ${indices.map((type) => type.text).join(', ')}`);
    if (!check.require(isSized, 'C2', counts)) return undefined;
    const isInBounds = sizes.every((size, axis) => size >= 0 && canBeAtMost(size, dimAt(operand.shape, axis)));
    const bounds = (): string =>
      `slice_sizes are ${describeList(sizes)}, the shape of the operand ${describeShape(operand.shape)}`;
    if (!check.require(isInBounds, 'C4', bounds)) return undefined;
    return [tensorType(sizes, operand.element)];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const sizes = site.attrs.slice_sizes;
    if (sizes.some((size, axis) => size > (operand.shape[axis] ?? 0)))
      throw context.failure('E4015', `slice sizes ${describeList(sizes)} exceed ${describeList(operand.shape)}`);
    return [sliceTensor(operand, clampedStarts(inputs.slice(1), operand.shape, sizes), sizes, context)];
  },
});
