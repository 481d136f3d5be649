/** What constants share. */
import type { DenseElementsAttr, DenseResourceAttr } from '../../attributes.ts';
import { tensorOfConstant } from '../../evaluator/constant-value.ts';
import type { EvaluationContext } from '../../evaluator/runtime-value.ts';
import type { Tensor } from '../../evaluator/tensor.ts';
import { type OpSite, resultTensor } from '../../op-site.ts';
import { type TensorType, tensorType } from '../../types.ts';
import { isQuantized } from './quantization.ts';

/** The value's type; a quantised result takes a value of its storage type. */
export function inferConstant(value: TensorType, site: OpSite): TensorType {
  const element = resultTensor(site)?.element;
  if (element === undefined || !isQuantized(element) || element.storage !== value.element) return value;
  return tensorType(value.shape, element);
}

export function valueOfConstant(attribute: DenseElementsAttr | DenseResourceAttr, context: EvaluationContext): Tensor {
  const value = tensorOfConstant(attribute, (dtype, shape) => context.allocate(dtype, shape));
  if (value.kind === 'problem') throw context.unsupported(value.message);
  return value;
}
