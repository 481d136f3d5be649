import { i64 } from '../../attribute-schema.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { rowMajorStrides } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { isTensor, tensorType } from '../../types.ts';
import { perTensor } from '../shared/quantization.ts';
import { asTensor } from '../shared/runtime-tensors.ts';
import { allCompatibleShapes, describeShape, dimAt, mergeShapes, sumDims } from '../shared/shapes.ts';
import { copyBox, rowMajorWalk } from '../shared/strided-copy.ts';

export const concatenate = defineOp({
  name: 'stablehlo.concatenate',
  code: 'E2203',
  summary: 'The inputs put one after the other along a dimension.',
  spec: 'spec.md#concatenate',
  operands: [{ name: 'inputs', type: perTensor, arity: 'variadic' }],
  results: [{ name: 'result', type: perTensor }],
  attributes: { dimension: i64() },
  constraints: {
    C1: 'same(element_type(inputs...))',
    C2: 'same(shape(inputs...)) except for dim(inputs..., dimension)',
    C3: '0 < size(inputs)',
    C4: '0 <= dimension < rank(inputs[0])',
    C5: 'element_type(result) = element_type(inputs[0])',
    C6: 'shape(result) = shape(inputs[0]) except dim(result, dimension) = dim(inputs[0], dimension) + ...',
  },
  resultConstraint: 'C5, C6',
  assembly:
    'custom<VariadicOperandWithAttribute>($inputs) `dim` `=` $dimension attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const inputs = site.operandTypes.filter(isTensor);
    const [first] = inputs;
    if (!check.require(first !== undefined, 'C3', () => 'there are no inputs') || first === undefined) return undefined;
    const axis = site.attrs.dimension;
    const rank = first.shape.length;
    const isAxis = check.require(axis >= 0 && axis < rank, 'C4', () => `dimension is ${axis}, the rank ${rank}`);
    check.require(
      inputs.every((input) => input.element === first.element),
      'C1',
      () => `the inputs are ${inputs.map((input) => input.text).join(', ')}`,
    );
    if (!isAxis) return undefined;
    const rest = inputs.map((input) => input.shape.filter((_, position) => position !== axis));
    const isSame = inputs.every((input) => input.shape.length === rank) && allCompatibleShapes(rest);
    const shapes = (): string => inputs.map((input) => describeShape(input.shape)).join(', ');
    if (!check.require(isSame, 'C2', () => `along ${axis}, the shapes are ${shapes()}`)) return undefined;
    const shape = mergeShapes(rest);
    shape.splice(axis, 0, sumDims(inputs.map((input) => dimAt(input.shape, axis))));
    return [tensorType(shape, first.element)];
  },
  evaluate(site, inputs, context) {
    const tensors = inputs.map(asTensor);
    const axis = site.attrs.dimension;
    const first = asTensor(inputs[0]);
    const shape = [...first.shape];
    shape[axis] = tensors.reduce((sum, tensor) => sum + (tensor.shape[axis] ?? 0), 0);
    const result = context.allocate(first.dtype, shape);
    copyParts(tensors, axis, result);
    return [result];
  },
});

function copyParts(parts: readonly Tensor[], axis: number, result: Tensor): void {
  const strides = rowMajorStrides(result.shape);
  let at = 0;
  for (const part of parts) {
    copyBox(part.shape, part, rowMajorWalk(part.shape), result, { offset: at * (strides[axis] ?? 1), strides });
    at += part.shape[axis] ?? 0;
  }
}
