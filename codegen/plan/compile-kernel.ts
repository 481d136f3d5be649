/** From an op to loop IR for a target, with its parameters bound to operands and results. Equal kernels are one. */
import { DiagnosticError, invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { type Kernelized, kernelize } from '../kernelize/kernelize.ts';
import { kernelTraffic } from '../kernelize/traffic.ts';
import { compileKernels, legaliseVerified, type ScheduleSource } from '../kernel/compile-kernel.ts';
import { opaqueGenerator } from '../kernel/opaque/generators.ts';
import type { OpaqueParameter } from '../kernel/opaque/opaque-loops.ts';
import type { LoopKernel } from '../kernel/loop-ir.ts';
import { loopKernelText } from '../kernel/loop-text.ts';
import { layoutSize, rowMajorLayout } from '../kernel/physical-layout.ts';
import type { Schedule } from '../kernel/schedule.ts';
import { maxSize } from '../kernel/size.ts';
import type { BufferId, KernelBuffer, StructuredKernel } from '../kernel/structured-kernel.ts';
import type { TargetInfo } from '../kernel/target-info.ts';
import { elementBytes } from '../kernel/value-type.ts';
import type { CompiledCall, CompiledKernel, KernelParameter, KernelSource } from './kernel-source.ts';
import { mayShareMemory } from '../kernel/sharing.ts';

type Structured = Extract<Kernelized, { readonly kind: 'structured' }>;
type Opaque = Extract<Kernelized, { readonly kind: 'opaque' }>;

/** `tuned` says which kernels have another schedule than the heuristic's. */
export function kernelCompiler(target: TargetInfo, tuned?: ScheduleSource): KernelSource {
  const known = new Map<string, LoopKernel>();
  const share = (kernel: LoopKernel): LoopKernel => {
    const text = loopKernelText({ ...kernel, name: '' });
    const first = known.get(text);
    if (first === undefined) known.set(text, kernel);
    return first ?? kernel;
  };
  return (op, constants) => {
    const kernelized = kernelize(op);
    const compiled =
      kernelized.kind === 'opaque'
        ? compileOpaque(op, kernelized, target)
        : compileStructured(markConstants(kernelized, constants), target, tuned);
    return { ...compiled, calls: compiled.calls.map((call) => ({ ...call, kernel: share(call.kernel) })) };
  };
}

function unsupportedKernel(op: Operation, name: string, target: TargetInfo): DiagnosticError {
  return new DiagnosticError({
    code: 'E3103',
    kind: 'unsupported',
    message: `${op.name}: there is no kernel for ${name} on ${target.name} yet`,
    span: op.span,
    location: op.location,
  });
}

/** Ops that write their loops themselves. */
function compileOpaque(op: Operation, bound: Opaque, target: TargetInfo): CompiledKernel {
  const { kernel, parameters } = opaqueGenerator(bound.kernel.op)(bound.kernel, target);
  // A fusion that leaves out a result has no memory to update.
  const wanted = new Set(bound.results);
  const isLost = bound.kernel.writes.some((id) => !wanted.has(id));
  if (isLost && parameters.some(({ kind }) => kind === 'update'))
    throw unsupportedKernel(op, bound.kernel.name, target);
  const places = parameters.map((_, index) => index);
  return {
    calls: [{ kernel: legaliseVerified(kernel, target), arguments: places, traffic: undefined }],
    parameters: parameters.map((each) => outerParameter(each, bound)),
    mayShare: [],
  };
}

/** Operands and results of the op inside a fusion by what stands for them outside; a result that nobody wants is scratch. */
function outerParameter(parameter: OpaqueParameter, { kernel, operands, results }: Opaque): KernelParameter {
  const operandAt = (index: number): number => {
    const first = kernel.op.operands.indexOf(kernel.op.operand(index));
    return operands.findIndex((id) => id === kernel.reads[first]);
  };
  const resultAt = (index: number): number => results.findIndex((id) => id === kernel.writes[index]);
  switch (parameter.kind) {
    case 'operand':
      return { kind: 'operand', index: operandAt(parameter.operand), layout: undefined };
    case 'result': {
      const index = resultAt(parameter.result);
      return index < 0 ? { kind: 'scratch', maxBytes: parameter.maxBytes } : { kind: 'result', index };
    }
    case 'update':
      return { kind: 'update', operand: operandAt(parameter.operand), result: resultAt(parameter.result) };
    case 'scratch':
      return parameter;
    default:
      return parameter satisfies never;
  }
}

/** Operands known at compile time may be packed beforehand. */
function markConstants(kernelized: Structured, constants: ReadonlySet<number>): Structured {
  const ids = new Set(kernelized.operands.filter((_, index) => constants.has(index)));
  const buffers = kernelized.kernel.buffers.map((buffer) =>
    ids.has(buffer.id) && buffer.role === 'in' ? { ...buffer, isConstant: true } : buffer,
  );
  return { ...kernelized, kernel: { ...kernelized.kernel, buffers } };
}

function compileStructured(bound: Structured, target: TargetInfo, tuned?: ScheduleSource): CompiledKernel {
  const { whole, calls } = compileKernels(bound.kernel, target, tuned);
  const places = new Map<BufferId, number>();
  const parameters: KernelParameter[] = [];
  const placeOf = (buffer: KernelBuffer, schedule: Schedule): number => {
    const place = places.get(buffer.id) ?? parameters.push(parameterOf(buffer, bound, schedule)) - 1;
    places.set(buffer.id, place);
    return place;
  };
  const compiled = calls.map(({ kernel, schedule, loops, parameters: buffers }): CompiledCall => {
    invariant(
      loops.buffers.length === buffers.length,
      `${kernel.name}: ${loops.buffers.length} parameters, ${buffers.length} known`,
    );
    const traffic = kernelTraffic(calls.length === 1 ? bound.kernel : kernel);
    return { kernel: loops, arguments: buffers.map((buffer) => placeOf(buffer, schedule)), traffic };
  });
  return { calls: compiled, parameters, mayShare: sharedPairs(whole.kernel, whole.schedule, bound) };
}

function parameterOf(
  buffer: KernelBuffer,
  { operands, results, kernel }: Structured,
  schedule: Schedule,
): KernelParameter {
  const operand = operands.indexOf(buffer.id);
  const result = results.indexOf(buffer.id);
  const layout = schedule.layouts.get(buffer.id);
  if (operand >= 0 && result >= 0) return { kind: 'update', operand, result };
  if (result >= 0) return { kind: 'result', index: result };
  if (operand >= 0) return { kind: 'operand', index: operand, layout: buffer.isConstant ? layout : undefined };
  invariant(
    kernel.buffers.every(({ id, role }) => id !== buffer.id || role === 'scratch'),
    `${kernel.name}: the buffer ${buffer.name} is neither operand, result nor scratch`,
  );
  const elements = maxSize(layoutSize(layout ?? rowMajorLayout(buffer.shape.length), buffer.shape));
  invariant(elements !== undefined, `${kernel.name}: the scratch ${buffer.name} has no bound`);
  return { kind: 'scratch', maxBytes: elements * elementBytes(buffer.dtype) };
}

function sharedPairs(
  kernel: StructuredKernel,
  schedule: Schedule,
  { operands, results }: Structured,
): CompiledKernel['mayShare'] {
  const width = (id: BufferId): number => {
    const buffer = kernel.buffers.find((each) => each.id === id);
    return buffer === undefined ? 0 : elementBytes(buffer.dtype);
  };
  return results.flatMap((out, result) =>
    operands.flatMap((input, operand) =>
      input !== out && width(input) === width(out) && mayShareMemory(kernel, schedule, input, out)
        ? [{ operand, result }]
        : [],
    ),
  );
}
