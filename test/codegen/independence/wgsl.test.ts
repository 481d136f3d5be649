import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { legalise } from '../../../codegen/kernel/legalise.ts';
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { webgpuTarget } from '../../../codegen/kernel/target-info.ts';
import { matmul } from '../kernel/contraction/contraction-kernels.ts';
import { printWgsl } from './print-wgsl.ts';
import { softmaxRows } from './softmax.ts';
import { tintErrors } from './tint.ts';

function gpuKernel(kernel: StructuredKernel): LoopKernel {
  return legalise(lower(kernel, chooseSchedule(kernel, webgpuTarget), webgpuTarget), webgpuTarget);
}

describe('loop IR under GPU schedules, as WGSL', () => {
  it('Tint rejects what is no shader', () => {
    expect(tintErrors('fn main() { let x: f32 = true; }')).not.toEqual([]);
  });

  it('Tint accepts a matrix product with bias, residual and relu', () => {
    const code = printWgsl(gpuKernel(matmul({ m: 100, k: 70, n: 90, epilogue: true })));
    expect(code).toContain('var<workgroup>');
    expect(tintErrors(code)).toEqual([]);
  });

  it('Tint accepts a softmax', () => {
    const code = printWgsl(gpuKernel(softmaxRows(100, 300)));
    expect(code).toContain('workgroupBarrier()');
    expect(tintErrors(code)).toEqual([]);
  });
});
