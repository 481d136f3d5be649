/** Loop IR to loop IR that a target can print: see docs/kernel-ir.md, "Legalising". */
import { simplifyIndices } from './index-simplify.ts';
import { legaliseStorage } from './legalise-storage.ts';
import { splitVectors } from './legalise-vectors.ts';
import { expandPairs } from './legalise-pairs.ts';
import { expandMath } from './math/expand-math.ts';
import type { LoopKernel } from './loop-ir.ts';
import type { TargetInfo } from './target-info.ts';

export function legalise(kernel: LoopKernel, target: TargetInfo): LoopKernel {
  return simplifyIndices(
    splitVectors(legaliseStorage(expandPairs(expandMath(kernel, target), target), target), target),
  );
}
