/** What einsum and unary_einsum have in common. */
import { invariant } from '../../diagnostics/diagnostic.ts';
import type { EvaluationContext, RuntimeValue } from '../../evaluator/runtime-value.ts';
import { Tensor } from '../../evaluator/tensor.ts';
import { allocateElements } from '../../elements.ts';
import { dtypeInfo, type DType } from '../../dtype.ts';
import { encodeFloat, floatFormats, isFloatFormatName } from '../../numerics/index.ts';
import type { ConstraintCheck } from '../../op-definition.ts';
import { type OpSite, resultTensor } from '../../op-site.ts';
import { tensorType, type TensorType, type Type } from '../../types.ts';
import { einsumLoops, einsumSizes, parseEinsum } from './einsum-config.ts';
import { requireResult } from './results.ts';
import { resultDType, tensorInputs } from './runtime-tensors.ts';
import { contractTensors } from './tensor-contraction.ts';

export function inferEinsum(
  site: OpSite,
  config: string,
  operands: readonly TensorType[],
  check: ConstraintCheck,
): readonly Type[] | undefined {
  const parsed = parseEinsum(config, operands, check);
  const sizes = parsed === undefined ? undefined : einsumSizes(parsed, operands, check);
  if (parsed === undefined || sizes === undefined) return undefined;
  const shape = parsed.result.flatMap((label) => sizes.get(label) ?? []);
  const element = resultTensor(site)?.element ?? operands[0]?.element;
  return element === undefined ? undefined : [tensorType(shape, element)];
}

export function evaluateEinsum(
  site: OpSite,
  config: string,
  inputs: readonly RuntimeValue[],
  context: EvaluationContext,
): readonly RuntimeValue[] {
  const tensors = tensorInputs(inputs);
  const types = tensors.map((tensor) => tensor.type);
  const parsed = parseEinsum(config, types, passed);
  const sizes = parsed === undefined ? undefined : einsumSizes(parsed, types, passed);
  const [lhs, rhs] = tensors;
  invariant(parsed !== undefined && sizes !== undefined && lhs !== undefined, 'the einsum was verified');
  const shape = parsed.result.map((label) => Number(sizes.get(label)));
  const result = context.allocate(resultDType(requireResult(site), context), shape);
  const shapes = tensors.map((tensor) => tensor.shape);
  contractTensors(lhs, rhs ?? one(lhs.dtype), einsumLoops(parsed, shapes, sizes), result);
  return [result];
}

/** The verifier has already reported what is wrong. */
const passed: ConstraintCheck = { require: (condition) => condition };

/** A scalar 1: the other factor of an einsum of one operand. */
function one(dtype: DType): Tensor {
  const values = allocateElements(dtype, 1);
  const { bits, storage } = dtypeInfo(dtype);
  if (isFloatFormatName(dtype) && bits < 32) values[0] = encodeFloat(1, floatFormats[dtype]);
  else values[0] = storage === 'i64' || storage === 'u64' ? 1n : 1;
  return new Tensor(dtype, [], values);
}
