/** Types of constants. */
import { type OpSite, resultTensor } from '../../op-site.ts';
import { type TensorType, tensorType } from '../../types.ts';
import { isQuantized } from './quantization.ts';

/** The value's type; a quantised result takes a value of its storage type. */
export function inferConstant(value: TensorType, site: OpSite): TensorType {
  const element = resultTensor(site)?.element;
  if (element === undefined || !isQuantized(element) || element.storage !== value.element) return value;
  return tensorType(value.shape, element);
}
