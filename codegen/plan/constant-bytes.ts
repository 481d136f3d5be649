/** The block of constants (the weights) as bytes, each constant in the layout its kernel wants. */
import { DiagnosticError, invariant } from '../../ir/diagnostics/diagnostic.ts';
import { elementsBytes, viewElements } from '../../ir/elements.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { packConstantInto } from '../kernel/contraction/pack-constant.ts';
import type { Plan, PlanConstant } from './plan.ts';

/** Fills `plan.constantBytes` zero bytes. Each constant is made where it belongs: weights may take half of the memory there is. */
export function writeConstants(plan: Plan, target: Uint8Array): void {
  invariant(target.byteOffset % 8 === 0, 'constants are written to aligned memory');
  for (const constant of plan.constants) {
    writeConstant(constant, target.subarray(constant.offset, constant.offset + constant.bytes));
  }
}

function writeConstant({ attribute, layout }: PlanConstant, target: Uint8Array): void {
  const tensor = tensorOfConstant(attribute, (dtype, shape) =>
    layout === undefined ? new Tensor(dtype, shape, viewElements(target, dtype)) : Tensor.zeros(dtype, shape),
  );
  if (tensor.kind === 'problem')
    throw new DiagnosticError({ code: 'E3102', kind: 'unsupported', message: tensor.message });
  const { values, dtype, shape } = tensor;
  if (layout !== undefined) packConstantInto(viewElements(target, dtype), values, dtype, shape, layout);
  else if (values.buffer !== target.buffer) target.set(elementsBytes(values));
}
