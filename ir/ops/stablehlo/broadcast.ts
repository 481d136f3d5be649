import { i64List } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { tensorType } from '../../types.ts';
import { allAtLeast, describeList, range } from '../shared/axis-lists.ts';
import { broadcastTensor } from '../shared/broadcasting.ts';
import { perTensor } from '../shared/quantization.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

export const broadcast = defineOp({
  name: 'stablehlo.broadcast',
  code: 'E2201',
  summary: 'The operand repeated along new leading dimensions.',
  spec: 'StablehloOps.td#broadcast',
  operands: [{ name: 'operand', type: perTensor }],
  results: [{ name: 'result', type: perTensor }],
  attributes: { broadcast_sizes: i64List() },
  constraints: {
    C1: '0 <= broadcast_sizes',
    C2: 'shape(result) = broadcast_sizes + shape(operand)',
    C3: 'element_type(result) = element_type(operand)',
  },
  resultConstraint: 'C2, C3',
  assembly: '$operand `,` `sizes` `=` $broadcast_sizes attr-dict `:` functional-type(operands, results)',
  inferTypes(site, check) {
    const sizes = site.attrs.broadcast_sizes;
    if (!check.require(allAtLeast(sizes, 0), 'C1', () => describeList(sizes))) return undefined;
    const operand = operandTensor(site, 0);
    return [tensorType([...sizes, ...operand.shape], operand.element)];
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const sizes = site.attrs.broadcast_sizes;
    const dims = range(operand.rank).map((axis) => axis + sizes.length);
    return [broadcastTensor(operand, [...sizes, ...operand.shape], dims, context)];
  },
});
