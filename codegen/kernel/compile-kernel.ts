/** Structured kernel -> loop IR for a target, all steps: what the plan calls. */
import { chooseSchedule } from './heuristics.ts';
import { legalise } from './legalise.ts';
import type { LoopKernel } from './loop-ir.ts';
import { lower } from './lower.ts';
import { collapseAxes } from './lower-collapse.ts';
import { parameterBuffers } from './lower-context.ts';
import type { Schedule } from './schedule.ts';
import type { KernelBuffer, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';

export interface CompiledKernel {
  /** With its axes collapsed: the one that the schedule is for. */
  readonly kernel: StructuredKernel;
  readonly schedule: Schedule;
  readonly loops: LoopKernel;
  /** The structured buffer of each parameter of `loops`, in order: inputs, outputs, and scratch that must be given. */
  readonly parameters: readonly KernelBuffer[];
}

export function compileKernel(kernel: StructuredKernel, target: TargetInfo): CompiledKernel {
  const collapsed = collapseAxes(kernel);
  const schedule = chooseSchedule(collapsed, target);
  const loops = legalise(lower(collapsed, schedule, target), target);
  return { kernel: collapsed, schedule, loops, parameters: parameterBuffers(collapsed, schedule) };
}
