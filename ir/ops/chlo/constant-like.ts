import { anyAttribute } from '../../attribute-schema.ts';
import type { Attribute } from '../../attributes.ts';
import type { DType } from '../../dtype.ts';
import { defineOp } from '../../op-definition.ts';
import { operandTensor } from '../../op-site.ts';
import { anyTensor } from '../../type-constraints.ts';
import { tensorType } from '../../types.ts';
import { isBigIntArray, numbersFor, storeNumbers } from '../shared/number-arrays.ts';
import { tensorInput } from '../shared/runtime-tensors.ts';

interface Scalar {
  readonly dtype: DType;
  readonly value: number | bigint;
}

function scalarOf(attribute: Attribute): Scalar | undefined {
  if (attribute.kind === 'bool') return { dtype: 'i1', value: attribute.value ? 1 : 0 };
  if (attribute.kind !== 'integer' && attribute.kind !== 'float') return undefined;
  return { dtype: attribute.type.dtype, value: attribute.value };
}

export const constantLike = defineOp({
  name: 'chlo.constant_like',
  code: 'E2632',
  summary: 'The value repeated to the shape of the operand.',
  spec: 'chlo.md#chloconstant_like',
  operands: [{ name: 'operand', type: anyTensor }],
  results: [{ name: 'result', type: anyTensor }],
  attributes: { value: anyAttribute() },
  constraints: {
    C1: 'shape(result) = shape(operand)',
    C2: 'element_type(result) = type(value)',
    C3: 'value is a number or a boolean',
  },
  resultConstraint: 'C1, C2',
  inferTypes(site, check) {
    const scalar = scalarOf(site.attrs.value);
    check.require(scalar !== undefined, 'C3', () => `value is of kind ${site.attrs.value.kind}`);
    return scalar === undefined ? undefined : [tensorType(operandTensor(site, 0).shape, scalar.dtype)];
  },
  evaluate(site, inputs, context) {
    const scalar = scalarOf(site.attrs.value);
    if (scalar === undefined) throw context.unsupported(`a value of kind ${site.attrs.value.kind}`);
    const result = context.allocate(scalar.dtype, tensorInput(inputs, 0).shape);
    if (isBigIntArray(result.values)) result.values.fill(BigInt(scalar.value));
    else storeNumbers(numbersFor(result).fill(Number(scalar.value)), result);
    return [result];
  },
});
