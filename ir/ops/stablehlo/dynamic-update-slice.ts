import { defineOp } from '../../op-definition.ts';
import { operandGroup, operandTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { describeList } from '../shared/axis-lists.ts';
import { scalarInteger } from '../shared/index-operands.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { canBeAtMost, describeShape, dimAt } from '../shared/shapes.ts';
import { boxWalk, clampedStarts } from '../shared/slicing.ts';
import { copyBox, rowMajorWalk } from '../shared/strided-copy.ts';

export const dynamicUpdateSlice = defineOp({
  name: 'stablehlo.dynamic_update_slice',
  code: 'E2210',
  summary: 'The operand with a box, at start indices given at run time and moved into bounds, replaced by update.',
  spec: 'spec.md#dynamic_update_slice',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'update', type: perTensor },
    { name: 'start_indices', type: scalarInteger, arity: 'variadic' },
  ],
  results: [{ name: 'result', type: perTensor }],
  constraints: {
    C1: 'type(operand) = type(result)',
    C2: 'element_type(update) = element_type(operand)',
    C3: 'rank(update) = rank(operand)',
    C4: 'size(start_indices) = rank(operand)',
    C5: 'same(type(start_indices...))',
    C6: '0 <= shape(update) <= shape(operand)',
  },
  resultConstraint: 'C1',
  assembly: 'operands attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const update = operandTensor(site, 1);
    const indices = operandGroup(site, 'start_indices');
    const rank = operand.shape.length;
    check.require(
      update.element === operand.element,
      'C2',
      () => `the update is ${update.text}, the operand ${operand.text}`,
    );
    check.require(indices.length === rank, 'C4', () => `${indices.length} start indices, rank ${rank}`);
    const isSame = indices.every((type) => type === indices[0]);
    check.require(isSame, 'C5', () => `they are ${indices.map((type) => type.text).join(', ')}`);
    const shapes = (): string =>
      `the update has shape ${describeShape(update.shape)}, the operand ${describeShape(operand.shape)}`;
    if (check.require(update.shape.length === rank, 'C3', shapes)) {
      const fits = update.shape.every((size, axis) => canBeAtMost(size, dimAt(operand.shape, axis)));
      check.require(fits, 'C6', shapes);
    }
    return [tensorType(operand.shape, operand.element)];
  },
  evaluate(_site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const update = tensorInput(inputs, 1);
    if (update.shape.some((size, axis) => size > (operand.shape[axis] ?? 0)))
      throw context.failure('E4015', `an update of ${describeList(update.shape)} into ${describeList(operand.shape)}`);
    const result = context.allocate(operand.dtype, operand.shape);
    const all = rowMajorWalk(operand.shape);
    copyBox(operand.shape, operand, all, result, all);
    const starts = clampedStarts(inputs.slice(2), operand.shape, update.shape);
    copyBox(update.shape, update, rowMajorWalk(update.shape), result, boxWalk(operand.shape, starts));
    return [result];
  },
});
