/** Structured kernel -> loop IR for a target, all steps: what the plan calls. */
import { chooseSchedule } from './heuristics.ts';
import { legalise } from './legalise.ts';
import type { LoopKernel } from './loop-ir.ts';
import { lower } from './lower.ts';
import { parameterBuffers } from './lower-context.ts';
import type { Schedule } from './schedule.ts';
import type { KernelBuffer, StructuredKernel } from './structured-kernel.ts';
import type { TargetInfo } from './target-info.ts';

export interface CompiledKernel {
  readonly schedule: Schedule;
  readonly loops: LoopKernel;
  /** The structured buffer of each parameter of `loops`, in order: inputs, outputs, and scratch that must be given. */
  readonly parameters: readonly KernelBuffer[];
}

export function compileKernel(kernel: StructuredKernel, target: TargetInfo): CompiledKernel {
  const schedule = chooseSchedule(kernel, target);
  const loops = legalise(lower(kernel, schedule, target), target);
  return { schedule, loops, parameters: parameterBuffers(kernel, schedule) };
}
