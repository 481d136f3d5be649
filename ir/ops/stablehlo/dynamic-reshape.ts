import { compatibleDims } from '../../dimension.ts';
import { shapeSize } from '../../evaluator/tensor.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { describeList } from '../shared/axis-lists.ts';
import { checkReshape, reshapeConstraints } from '../shared/reshaping.ts';
import { integerList } from '../shared/index-operands.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, tensorInput } from '../shared/runtime-tensors.ts';
import { dimAt } from '../shared/shapes.ts';

export const dynamicReshape = defineOp({
  name: 'stablehlo.dynamic_reshape',
  code: 'E2208',
  summary: 'reshape to a shape that is computed at run time.',
  spec: 'spec.md#dynamic_reshape',
  operands: [
    { name: 'operand', type: anyTensor },
    { name: 'output_shape', type: integerList },
  ],
  results: [{ name: 'result', type: anyTensor }],
  constraints: { ...reshapeConstraints, C4: 'size(output_shape) = rank(result)' },
  assembly: 'operands attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const result = resultTensor(site);
    if (result === undefined) return;
    const sizes = operandTensor(site, 1);
    check.require(
      compatibleDims(dimAt(sizes.shape, 0), result.shape.length),
      'C4',
      () => `output_shape is ${sizes.text}, the rank ${result.shape.length}`,
    );
    checkReshape(operandTensor(site, 0), result, check);
  },
  evaluate(site, inputs, context) {
    const operand = tensorInput(inputs, 0);
    const shape = requireRuntimeShape(tensorInput(inputs, 1).integers(), requireResult(site), context);
    if (shapeSize(shape) !== operand.size)
      throw context.failure('E4012', `${operand.size} elements do not fill the shape ${describeList(shape)}`);
    return [operand.reshaped(shape)];
  },
});
