/** Loop IR to loop IR that a target can print: see docs/kernel-ir.md, "Legalising". */
import type { LoopKernel } from './loop-ir.ts';
import type { TargetInfo } from './target-info.ts';

export function legalise(kernel: LoopKernel, _target: TargetInfo): LoopKernel {
  return kernel;
}
