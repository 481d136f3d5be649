/**
 * From a `tessera.fusion`, or one op outside a fusion, to the kernel that computes it: what is computed, not how
 * (docs/kernel-ir.md, "Structured kernels").
 */
import type { Operation } from '../../ir/operation.ts';
import type { BufferId, StructuredKernel } from '../kernel/structured-kernel.ts';
import { isOpaque, opaqueKernel, type OpaqueKernel } from './opaque-kernel.ts';
import { planStages } from './stage-plan.ts';

/**
 * `operands[i]` and `results[i]` are the buffers of operand and result i of the op. A buffer that is both is updated in place (its role
 * is `inout`): the plan copies the operand there first, unless nobody needs it afterwards.
 */
export type Kernelized =
  | {
      readonly kind: 'structured';
      readonly kernel: StructuredKernel;
      readonly operands: readonly BufferId[];
      readonly results: readonly BufferId[];
    }
  | {
      readonly kind: 'opaque';
      readonly kernel: OpaqueKernel;
      readonly operands: readonly BufferId[];
      readonly results: readonly BufferId[];
    };

/** Throws a DiagnosticError of kind `unsupported`, which names op and place, for what no kernel computes yet. */
export function kernelize(op: Operation): Kernelized {
  return isOpaque(op) ? { kind: 'opaque', ...opaqueKernel(op) } : { kind: 'structured', ...planStages(op) };
}
