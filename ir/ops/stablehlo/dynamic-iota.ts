import { i64 } from '../../attribute-schema.ts';
import { compatibleDims } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor, resultTensor } from '../../op-site.ts';
import { iotaTensor } from '../shared/iota.ts';
import { numericPerTensor } from '../shared/quantization.ts';
import { integerList } from '../shared/index-operands.ts';
import { requireResult } from '../shared/results.ts';
import { requireRuntimeShape, resultDType, tensorInput } from '../shared/runtime-tensors.ts';
import { describeShape, dimAt } from '../shared/shapes.ts';

export const dynamicIota = defineOp({
  name: 'stablehlo.dynamic_iota',
  code: 'E2206',
  summary: 'iota of a shape that is computed at run time.',
  spec: 'spec.md#dynamic_iota',
  operands: [{ name: 'output_shape', type: integerList }],
  results: [{ name: 'result', type: numericPerTensor }],
  attributes: { iota_dimension: i64() },
  constraints: {
    C1: '0 <= iota_dimension < size(output_shape)',
    C2: 'rank(result) = size(output_shape)',
  },
  assembly: '$output_shape `,` `dim` `=` $iota_dimension attr-dict `:` functional-type(operands, results)',
  verify(site, check) {
    const axis = site.attrs.iota_dimension;
    const rank = resultTensor(site)?.shape.length ?? 0;
    const { shape } = operandTensor(site, 0);
    check.require(
      compatibleDims(dimAt(shape, 0), rank),
      'C2',
      () => `output_shape has shape ${describeShape(shape)}, the rank is ${rank}`,
    );
    check.require(axis >= 0 && axis < rank, 'C1', () => `iota_dimension is ${axis}, the rank ${rank}`);
  },
  evaluate(site, inputs, context) {
    const type = requireResult(site);
    const shape = requireRuntimeShape(tensorInput(inputs, 0).integers(), type, context);
    return [iotaTensor(resultDType(type, context), shape, site.attrs.iota_dimension, context)];
  },
});
