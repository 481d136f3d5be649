import { i64List } from '../../attribute-schema.ts';
import { dimMax, mapDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { describeList } from '../shared/axis-lists.ts';
import { paddedSize, padTensor } from '../shared/padding.ts';
import { perTensor, scalarPerTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape } from '../shared/shapes.ts';

export const pad = defineOp({
  name: 'stablehlo.pad',
  code: 'E2215',
  summary: 'The operand with padding around it and between its elements; negative edges cut elements off.',
  spec: 'spec.md#pad',
  operands: [
    { name: 'operand', type: perTensor },
    { name: 'padding_value', type: scalarPerTensor },
  ],
  results: [{ name: 'result', type: perTensor }],
  attributes: { edge_padding_low: i64List(), edge_padding_high: i64List(), interior_padding: i64List() },
  constraints: {
    C1: 'element_type(operand) = element_type(padding_value) = element_type(result)',
    C2: 'size(edge_padding_low) = size(edge_padding_high) = size(interior_padding) = rank(operand)',
    C3: '0 <= interior_padding',
    C4: 'shape(result) = shape(operand) + edge_padding_low + max(shape(operand) - 1, 0) * interior_padding + edge_padding_high',
  },
  resultConstraint: 'C1, C4',
  assembly:
    '$operand `,` $padding_value `,` `low` `=` $edge_padding_low `,` `high` `=` $edge_padding_high `,` `interior` `=` $interior_padding attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const operand = operandTensor(site, 0);
    const value = operandTensor(site, 1);
    const { edge_padding_low: low, edge_padding_high: high, interior_padding: interior } = site.attrs;
    const rank = operand.shape.length;
    check.require(
      operand.element === value.element,
      'C1',
      () => `the operand is ${operand.text}, the padding value ${value.text}`,
    );
    const isSized = [low, high, interior].every((list) => list.length === rank);
    const lengths = (): string => `the sizes are ${low.length}, ${high.length}, ${interior.length}, the rank ${rank}`;
    if (!check.require(isSized, 'C2', lengths)) return undefined;
    const isSpread = interior.every((amount) => amount >= 0);
    if (!check.require(isSpread, 'C3', () => `interior_padding is ${describeList(interior)}`)) return undefined;
    const shape = operand.shape.map((dim, axis) =>
      mapDims((size) => paddedSize(size, low[axis] ?? 0, high[axis] ?? 0, interior[axis] ?? 0), dim),
    );
    const isShape = shape.every((dim) => (dimMax(dim) ?? 0) >= 0);
    if (!check.require(isShape, 'C4', () => `the result would have shape ${describeShape(shape)}`)) return undefined;
    return [tensorType(shape, operand.element)];
  },
  evaluate(site, inputs, context) {
    const { edge_padding_low: low, edge_padding_high: high, interior_padding: interior } = site.attrs;
    return [padTensor(tensorInput(inputs, 0), tensorInput(inputs, 1), { low, high, interior }, context)];
  },
});
