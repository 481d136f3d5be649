/** Choosing between two tensors element by element. */
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { wordsOf, wordsPerElement } from './element-words.ts';

/** All of one shape. Copies words, so that the bits of a NaN survive. */
export function selectElements(pred: Tensor, onTrue: Tensor, onFalse: Tensor, context: EvaluationContext): Tensor {
  const result = context.allocate(onTrue.dtype, onTrue.shape);
  const words = wordsPerElement(onTrue.dtype);
  const chosen = wordsOf(onTrue);
  const other = wordsOf(onFalse);
  const target = wordsOf(result);
  for (let at = 0; at < target.length; at++)
    target[at] = (pred.values[words === 1 ? at : Math.floor(at / words)] === 0 ? other[at] : chosen[at]) ?? 0;
  return result;
}
