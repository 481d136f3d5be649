import { i64List, withDefault } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { compatibleDims } from '../../dimension.ts';
import { allWithin, describeList, isUnique } from '../shared/axis-lists.ts';
import { broadcastConstraints, broadcastTensor, checkBroadcast } from '../shared/broadcasting.ts';
import { requireRuntimeShape, tensorInput } from '../shared/runtime-tensors.ts';
import { integerList } from '../shared/index-operands.ts';
import { requireResult } from '../shared/results.ts';
import { describeShape, dimAt } from '../shared/shapes.ts';

export const dynamicBroadcastInDim = defineOp({
  name: 'stablehlo.dynamic_broadcast_in_dim',
  code: 'E2204',
  summary: 'broadcast_in_dim to a shape that is computed at run time.',
  spec: 'spec.md#dynamic_broadcast_in_dim',
  operands: [
    { name: 'operand', type: anyTensor },
    { name: 'output_dimensions', type: integerList },
  ],
  results: [{ name: 'result', type: anyTensor }],
  attributes: {
    broadcast_dimensions: i64List(),
    known_expanding_dimensions: withDefault(i64List(), []),
    known_nonexpanding_dimensions: withDefault(i64List(), []),
  },
  constraints: {
    ...broadcastConstraints,
    C7: 'size(output_dimensions) = rank(result)',
    C8: 'is_unique(known_expanding_dimensions + known_nonexpanding_dimensions)',
    C9: '0 <= known_expanding_dimensions < rank(operand)',
    C10: '0 <= known_nonexpanding_dimensions < rank(operand)',
  },
  assembly:
    '$operand `,` $output_dimensions `,` `dims` `=` $broadcast_dimensions attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const operand = operandTensor(site, 0);
    const result = resultTensor(site);
    const {
      broadcast_dimensions: dims,
      known_expanding_dimensions: expanding,
      known_nonexpanding_dimensions: kept,
    } = site.attrs;
    const rank = operand.shape.length;
    check.require(
      isUnique([...expanding, ...kept]),
      'C8',
      () => `they are ${describeList(expanding)} and ${describeList(kept)}`,
    );
    check.require(allWithin(expanding, 0, rank), 'C9', () => `${describeList(expanding)}, the rank is ${rank}`);
    check.require(allWithin(kept, 0, rank), 'C10', () => `${describeList(kept)}, the rank is ${rank}`);
    if (result === undefined) return;
    const sizes = operandTensor(site, 1).shape;
    check.require(
      compatibleDims(dimAt(sizes, 0), result.shape.length),
      'C7',
      () => `output_dimensions has shape ${describeShape(sizes)}, the rank is ${result.shape.length}`,
    );
    checkBroadcast(operand, result, dims, check);
  },
  evaluate(site, inputs, context) {
    const shape = requireRuntimeShape(tensorInput(inputs, 1).integers(), requireResult(site), context);
    return [broadcastTensor(tensorInput(inputs, 0), shape, site.attrs.broadcast_dimensions, context)];
  },
});
