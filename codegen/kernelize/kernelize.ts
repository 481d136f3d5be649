/**
 * From a `tessera.fusion`, or one op outside a fusion, to the kernel that computes it: what is computed, not how
 * (docs/kernel-ir.md, "Structured kernels").
 */
import type { BufferId, StructuredKernel } from '../kernel/structured-kernel.ts';
import { isOpaque, opaqueKernel, type OpaqueKernel } from './opaque-kernel.ts';
import { chainKernel } from './chain-kernel.ts';
import { fusionBody } from './fusion-body.ts';
import { type BoundKernel, planStages } from './stage-plan.ts';
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { fusion } from '../../ir/ops/tessera/fusion.ts';

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
  const links = linksOfChain(op);
  if (links.length > 0) return { kind: 'structured', ...kernelizeChain(op, links) };
  return isOpaque(op) ? { kind: 'opaque', ...opaqueKernel(op) } : { kind: 'structured', ...planStages(op) };
}

/** A fusion of fusions is a chain: each is a link. */
function linksOfChain(op: Operation): readonly Operation[] {
  if (op.name !== fusion.name) return [];
  const { ops } = fusionBody(op);
  return ops.every(({ name }) => name === fusion.name) ? ops : [];
}

function kernelizeChain(op: Operation, links: readonly Operation[]): BoundKernel {
  const body = fusionBody(op);
  const { kernel, buffers } = chainKernel(
    links.map((link) => ({ op: link, bound: requireStructured(link) })),
    body.results,
  );
  const bufferOf = (value: Value): BufferId => {
    const id = buffers.get(value);
    invariant(id !== undefined, `${kernel.name}: a value that no link has`);
    return id;
  };
  return { kernel, operands: body.inputs.map(bufferOf), results: body.results.map(bufferOf) };
}

function requireStructured(op: Operation): BoundKernel {
  const kernelized = kernelize(op);
  invariant(kernelized.kind === 'structured', `${op.name} of an op that writes its loops itself is no link of a chain`);
  return kernelized;
}
