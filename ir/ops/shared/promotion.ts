/** Widening elements to the type a reduction works in: `is_promotable` of the specification. Exact but for f16 to bf16 and back. */
import { isComplexDType, type DType } from '../../dtype.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { isBigIntArray, numbersOf, storeNumbers } from './number-arrays.ts';

export function promoteTensor(tensor: Tensor, dtype: DType, context: EvaluationContext): Tensor {
  if (tensor.dtype === dtype) return tensor;
  const result = context.allocate(dtype, tensor.shape);
  if (isComplexDType(dtype)) copyNumbers(tensor, result);
  else if (isBigIntArray(result.values)) copyIntegers(tensor, result.values);
  else storeNumbers(numbersOf(tensor), result);
  return result;
}

function copyNumbers(from: Tensor, to: Tensor): void {
  for (let slot = 0; slot < to.values.length; slot++) to.values[slot] = Number(from.values[slot]);
}

function copyIntegers(from: Tensor, to: BigInt64Array | BigUint64Array): void {
  for (let index = 0; index < to.length; index++) to[index] = BigInt(from.values[index] ?? 0);
}
