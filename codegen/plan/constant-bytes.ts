/** The block of constants (the weights) as bytes, each constant in the layout its kernel wants. */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { elementsBytes } from '../../ir/elements.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import { packConstant } from '../kernel/contraction/pack-constant.ts';
import type { Plan, PlanConstant } from './plan.ts';

/** `constantBytes` bytes; each piece is made and dropped in turn. */
export function writeConstants(plan: Plan, write: (offset: number, bytes: Uint8Array) => void): void {
  for (const constant of plan.constants) write(constant.offset, constantBytes(constant));
}

export function constantBytes({ attribute, layout }: PlanConstant): Uint8Array {
  const tensor = tensorOfConstant(attribute);
  if (tensor.kind === 'problem')
    throw new DiagnosticError({ code: 'E3102', kind: 'unsupported', message: tensor.message });
  const values = layout === undefined ? tensor.values : packConstant(tensor.values, tensor.dtype, tensor.shape, layout);
  return elementsBytes(values);
}
