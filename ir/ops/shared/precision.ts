/** `precision_config` and `algorithm`: hints to fast hardware. The evaluator computes as exactly as it can whatever they say. */
import { arrayOf, bool, enumeration, i64, optional, struct, type } from '../../attribute-schema.ts';
import type { ConstraintCheck } from '../../op-definition.ts';

export type Precision = 'DEFAULT' | 'HIGH' | 'HIGHEST';

/** One entry an operand. */
export const precisionConfig = optional(arrayOf(enumeration('stablehlo', 'precision', ['DEFAULT', 'HIGH', 'HIGHEST'])));

export const dotAlgorithm = struct('stablehlo', 'dot_algorithm', {
  lhs_precision_type: type(),
  rhs_precision_type: type(),
  accumulation_type: type(),
  lhs_component_count: i64(),
  rhs_component_count: i64(),
  num_primitive_operations: i64(),
  allow_imprecise_accumulation: bool(),
});

/** `size(precision_config) = 2`. Left out, or an empty list, it means the default for both. */
export function checkPrecisionConfig(
  precisions: readonly Precision[] | undefined,
  check: ConstraintCheck,
  id: string,
): boolean {
  const count = precisions?.length ?? 0;
  return check.require(count === 0 || count === 2, id, () => `there are ${count}`);
}
