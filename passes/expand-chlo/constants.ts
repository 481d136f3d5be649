/** `chlo.constant` is StableHLO's; `constant_like` a constant of the operand's shape, broadcast where that is not known. */
import { denseAttr, type Attribute } from '../../ir/attributes.ts';
import { type DType } from '../../ir/dtype.ts';
import { attributesOf } from '../../ir/op-site.ts';
import type { chloConstant } from '../../ir/ops/chlo/constant.ts';
import type { constantLike as chloConstantLike } from '../../ir/ops/chlo/constant-like.ts';
import { scalarTensor, tensorType } from '../../ir/types.ts';
import { createConstant, splatAttr } from '../constants.ts';
import { OpKit, tensorOf } from '../op-kit.ts';
import { type Expand, unsupported } from './expansion.ts';
import { isStatic } from './shape-steps.ts';

export const constant: Expand = (op, rewriter) => {
  const { value } = attributesOf<typeof chloConstant.attributes>(op);
  return [createConstant(rewriter, op, value)];
};

export const constantLike: Expand = (op, rewriter) => {
  const { value } = attributesOf<typeof chloConstantLike.attributes>(op);
  const scalar = scalarAttr(value);
  if (scalar === undefined) return unsupported(`a value of kind ${value.kind}`);
  const like = op.operand(0);
  const type = tensorType(tensorOf(like).shape, scalar.type.element);
  if (isStatic(type)) return [createConstant(rewriter, op, denseAttr(type, scalar.data))];
  return [new OpKit(rewriter, op).broadcastLike(createConstant(rewriter, op, scalar), [], like)];
};

/** The number as a constant of rank 0; 64-bit integers keep all bits. */
function scalarAttr(value: Attribute): ReturnType<typeof splatAttr> | undefined {
  if (value.kind === 'bool') return splatOf(value.value ? 1 : 0, 'i1');
  if (value.kind === 'float') return splatOf(value.value, value.type.dtype);
  if (value.kind !== 'integer') return undefined;
  const attribute = splatOf(Number(value.value), value.type.dtype);
  const { values } = attribute.data;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[0] = value.value;
  return attribute;
}

function splatOf(number: number, dtype: DType): ReturnType<typeof splatAttr> {
  return splatAttr(scalarTensor(dtype), number);
}
