/**
 * Kernels that are not made of stages: sort, scatter and the like generate loop IR themselves. This step knows what they read and
 * write, which is all that fusion and the plan need.
 */
import type { Location } from '../../ir/location.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { BufferId, KernelBuffer } from '../kernel/structured-kernel.ts';
import { memoryOrderOf, requireKernelDType, shapeOf, unsupportedKernel } from './expressions.ts';
import { fusionBody } from './fusion-body.ts';
import { kernelRule, requireKernelRule } from './kernel-rules.ts';

export interface OpaqueKernel {
  readonly name: string;
  /** The op it computes: its attributes and regions say how. */
  readonly op: Operation;
  readonly buffers: readonly KernelBuffer[];
  readonly reads: readonly BufferId[];
  readonly writes: readonly BufferId[];
  readonly location: Location;
}

/** True for such an op, and for a fusion of nothing else. */
export function isOpaque(op: Operation): boolean {
  const [only, second] = fusionBody(op).ops;
  return only !== undefined && second === undefined && kernelRule(only).kind === 'opaque';
}

export interface BoundOpaqueKernel {
  readonly kernel: OpaqueKernel;
  readonly operands: readonly BufferId[];
  readonly results: readonly BufferId[];
}

export function opaqueKernel(op: Operation): BoundOpaqueKernel {
  const body = fusionBody(op);
  const inner = body.ops[0] ?? op;
  requireKernelRule(inner);
  const values = [...inner.operands, ...inner.results];
  const buffers = values.map((value, index) => makeBuffer(value, inner, index));
  const ids = buffers.map(({ id }) => id);
  const idOf = (value: Value): BufferId => ids[values.indexOf(value)] ?? (ids.length as BufferId);
  return {
    kernel: {
      name: inner.name.slice(inner.name.indexOf('.') + 1),
      op: inner,
      buffers,
      reads: ids.slice(0, inner.operandCount),
      writes: ids.slice(inner.operandCount),
      location: op.location,
    },
    operands: body.inputs.map(idOf),
    results: body.results.map(idOf),
  };
}

function makeBuffer(value: Value, op: Operation, index: number): KernelBuffer {
  if (memoryOrderOf(value) !== undefined)
    throw unsupportedKernel(op, `its loops are over row-major memory, not over ${value.type.text}`);
  const isInput = index < op.operandCount;
  return {
    id: index as BufferId,
    name: isInput ? `in${index}` : `out${index - op.operandCount}`,
    role: isInput ? 'in' : 'out',
    dtype: requireKernelDType(value, op),
    shape: shapeOf(value, op),
    aliasClass: index,
    isConstant: value.definingOp?.definition.traits.has('constant-like') === true,
  };
}
