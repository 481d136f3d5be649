/** Structured kernel -> loop IR for a target, all steps, verified between: what the plan calls. */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { chunkReductions } from './chunk-reductions.ts';
import { divideStages, type ScheduledKernel } from './divide-stages.ts';
import { chooseSchedule } from './heuristics.ts';
import { indexWidth, type IndexWidth } from './index-range.ts';
import { legalise } from './legalise.ts';
import type { LoopKernel } from './loop-ir.ts';
import { verifyLoopKernel } from './loop-verifier.ts';
import { lower } from './lower.ts';
import { collapseAxes } from './lower-collapse.ts';
import { parameterBuffers } from './lower-context.ts';
import { negateMaxima } from './negate-maxima.ts';
import { recogniseScans } from './recognise-scans.ts';
import type { Schedule } from './schedule.ts';
import type { KernelBuffer, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';

export interface LoweredKernel {
  /** With its axes collapsed, and scans as such: the one that the schedule is for. */
  readonly kernel: StructuredKernel;
  readonly schedule: Schedule;
  readonly loops: LoopKernel;
  /** The structured buffer of each parameter of `loops`, in order: inputs, outputs, and scratch that must be given. */
  readonly parameters: readonly KernelBuffer[];
  /** Of the type `index` in it: what a back end with both takes. */
  readonly indexWidth: IndexWidth;
}

/** Another schedule than the heuristic's, for a kernel with its axes collapsed; undefined where it has none. */
export type ScheduleSource = (kernel: StructuredKernel, target: TargetInfo) => Schedule | undefined;

/** As one kernel, whatever threads might find to divide in several. */
export function compileKernel(kernel: StructuredKernel, target: TargetInfo, tuned?: ScheduleSource): LoweredKernel {
  const whole = scheduled(kernel, target, tuned);
  return compileScheduled(whole.kernel, whole.schedule, target);
}

export interface LoweredKernels {
  /** What they do together, and its schedule as one kernel. */
  readonly whole: ScheduledKernel;
  /** To be run one after the other: one, unless threads share a reduction (divide-stages.ts). */
  readonly calls: readonly LoweredKernel[];
}

export function compileKernels(kernel: StructuredKernel, target: TargetInfo, tuned?: ScheduleSource): LoweredKernels {
  const whole = scheduled(kernel, target, tuned);
  const calls = divideStages(whole, target).map((each) => compileScheduled(each.kernel, each.schedule, target));
  return { whole, calls };
}

function scheduled(kernel: StructuredKernel, target: TargetInfo, tuned?: ScheduleSource): ScheduledKernel {
  const simple = simplifiedKernel(kernel, target);
  return { kernel: simple, schedule: tuned?.(simple, target) ?? chooseSchedule(simple, target) };
}

/** The kernel that schedules are for. */
export function simplifiedKernel(kernel: StructuredKernel, target: TargetInfo): StructuredKernel {
  return chunkReductions(negateMaxima(recogniseScans(collapseAxes(kernel)), target), target);
}

/** `collapsed` is a kernel with its axes collapsed, and reductions in parts. */
export function compileScheduled(collapsed: StructuredKernel, schedule: Schedule, target: TargetInfo): LoweredKernel {
  const loops = legaliseVerified(lower(collapsed, schedule, target), target);
  const width = indexWidth(loops);
  refuseWideIndices(loops, width, target);
  return { kernel: collapsed, schedule, loops, parameters: parameterBuffers(collapsed, schedule), indexWidth: width };
}

function refuseWideIndices({ name, location }: LoopKernel, { bits, most }: IndexWidth, target: TargetInfo): void {
  if (bits <= target.indexBits) return;
  throw new DiagnosticError({
    code: 'E3106',
    kind: 'unsupported',
    message: `the kernel ${name} counts to ${most}, past the ${target.indexBits}-bit indices of ${target.name}`,
    location,
    hint: 'use smaller tensors, or divide this one',
  });
}

/** Loops as a target can print them. */
export function legaliseVerified(loops: LoopKernel, target: TargetInfo): LoopKernel {
  verifyLoopKernel(loops);
  const legal = legalise(loops, target);
  verifyLoopKernel(legal, { isLegalised: true });
  return legal;
}
