/** Counting along a dimension, for `iota` and `dynamic_iota`. */
import { type DType, dtypeInfo } from '../../dtype.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { encodeFloat, floatFormats, isFloatFormatName, wrapBigint, wrapInt } from '../../numerics/index.ts';
import { copyBox, rowMajorWalk } from './strided-copy.ts';

/** `result[index] = index[axis]`, rounded or wrapped to the dtype. */
export function iotaTensor(dtype: DType, shape: readonly number[], axis: number, context: EvaluationContext): Tensor {
  const result = context.allocate(dtype, shape);
  const count = shape[axis] ?? 0;
  const counter = context.allocate(dtype, [count]);
  for (let index = 0; index < count; index++) writeInteger(counter, index);
  const strides = new Array<number>(shape.length).fill(0);
  strides[axis] = 1;
  copyBox(shape, counter, { offset: 0, strides }, result, rowMajorWalk(shape));
  return result;
}

/** Sets element `value` of a counter to its own index. */
function writeInteger(counter: Tensor, value: number): void {
  const { dtype, values } = counter;
  const { kind, bits, slots } = dtypeInfo(dtype);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    values[value] = wrapBigint(BigInt(value), { width: 64, signed: kind === 'integer' });
  else if (kind === 'integer' || kind === 'unsigned')
    values[value] = wrapInt(value, { width: bits, signed: kind === 'integer' });
  else if (kind === 'boolean') values[value] = value & 1;
  else if (isFloatFormatName(dtype) && bits < 32) values[value] = encodeFloat(value, floatFormats[dtype]);
  else values[value * slots] = value;
}
