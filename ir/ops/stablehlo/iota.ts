import { i64 } from '../../attribute-schema.ts';
import { dynamicDim } from '../../dimension.ts';
import { defineOp } from '../../op-definition.ts';
import { resultTensor } from '../../op-site.ts';
import type { TypeConstraint } from '../../type-constraints.ts';
import { isTensor, type Type } from '../../types.ts';
import { iotaTensor } from '../shared/iota.ts';
import { numericPerTensor } from '../shared/quantization.ts';
import { requireResult } from '../shared/results.ts';
import { resultDType, staticResultShape } from '../shared/runtime-tensors.ts';

/** Nothing but the type tells the size: a bare `?` would never become known. */
const sizedResult: TypeConstraint = Object.freeze({
  describe: `${numericPerTensor.describe}, its sizes static, bounded or named`,
  accepts: (type: Type) => numericPerTensor.accepts(type) && isTensor(type) && !type.shape.includes(dynamicDim),
});

export const iota = defineOp({
  name: 'stablehlo.iota',
  code: 'E2213',
  summary: 'Counts from 0 along a dimension.',
  spec: 'spec.md#iota',
  operands: [],
  results: [{ name: 'output', type: sizedResult }],
  attributes: { iota_dimension: i64() },
  constraints: { C1: '0 <= iota_dimension < rank(output)' },
  assembly: '`dim` `=` $iota_dimension attr-dict `:` type($output)',
  verify(site, check) {
    const axis = site.attrs.iota_dimension;
    const rank = resultTensor(site)?.shape.length ?? 0;
    check.require(axis >= 0 && axis < rank, 'C1', () => `iota_dimension is ${axis}, the rank ${rank}`);
  },
  evaluate(site, _inputs, context) {
    const type = requireResult(site);
    const shape = staticResultShape(type, context);
    return [iotaTensor(resultDType(type, context), shape, site.attrs.iota_dimension, context)];
  },
});
