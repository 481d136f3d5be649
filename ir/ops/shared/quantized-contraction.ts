/** What the specification says of element types, in the same words for dot_general and convolution. */
import type { ConstraintCheck } from '../../op-definition.ts';
import { elementText, type QuantizedType, type TensorType } from '../../types.ts';
import { isPerAxis, isQuantized } from './quantization.ts';

/** Constraint ids, by what they say. */
export interface ContractionElementIds {
  /** Nothing is quantised: the operands' element types are the same. */
  readonly sameElement: string;
  /** `is_quantized(lhs) = is_quantized(result) and is_quantized(rhs)`. */
  readonly quantizedTogether: string;
  readonly sameStorage: string;
  readonly sameExpressed: string;
  /** If rhs is quantised per tensor, so is the result. */
  readonly perTensor: string;
  /** Float lhs with quantised rhs: `element_type(lhs) = expressed_type(rhs) = element_type(result)`. */
  readonly hybrid: string;
}

/** Checks the element types; where nothing is quantised, the result may have any (a wider one to accumulate in). */
export function checkContractionElements(
  lhs: TensorType,
  rhs: TensorType,
  result: TensorType | undefined,
  check: ConstraintCheck,
  ids: ContractionElementIds,
): void {
  const [left, right, out] = [lhs.element, rhs.element, result?.element ?? lhs.element];
  const given = (): string => `${elementText(left)}, ${elementText(right)} and ${elementText(out)}`;
  if (!isQuantized(left) && !isQuantized(right) && !isQuantized(out)) {
    check.require(left === right, ids.sameElement, () => `${left} and ${right}`);
    return;
  }
  if (!check.require(isQuantized(left) === isQuantized(out) && isQuantized(right), ids.quantizedTogether, given))
    return;
  if (!isQuantized(right)) return;
  if (!isQuantized(left)) {
    check.require(left === right.expressed && left === out, ids.hybrid, given);
  } else if (isQuantized(out)) {
    checkQuantized([left, right, out], check, ids, given);
  }
}

function checkQuantized(
  [lhs, rhs, result]: readonly [QuantizedType, QuantizedType, QuantizedType],
  check: ConstraintCheck,
  ids: ContractionElementIds,
  given: () => string,
): void {
  check.require(lhs.storage === rhs.storage, ids.sameStorage, given);
  check.require(lhs.expressed === rhs.expressed && lhs.expressed === result.expressed, ids.sameExpressed, given);
  check.require(isPerAxis(rhs) || !isPerAxis(result), ids.perTensor, given);
}
