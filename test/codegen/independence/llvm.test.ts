import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { legalise } from '../../../codegen/kernel/legalise.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { type TargetInfo, wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { matmul } from '../kernel/contraction/contraction-kernels.ts';
import { printLlvm } from './print-llvm.ts';
import { findComponent } from '../../set-up/components.ts';
import { softmaxRows } from './softmax.ts';

/** x86-64 with AVX2. */
const avx2: TargetInfo = { ...wasmTarget, name: 'avx2', vectorBits: 256, fma: 'exact', indexBits: 64 };

const opt = findComponent('llvm');

/** What LLVM has against the module; and the module after its pipeline. */
function optimise(text: string): { readonly errors: string; readonly text: string } {
  const { stderr, stdout } = spawnSync(opt ?? 'opt', ['-passes=verify,default<O2>', '-S', '-'], {
    input: text,
    encoding: 'utf8',
  });
  return { errors: stderr, text: stdout };
}

function print(kernel: StructuredKernel): string {
  return printLlvm(legalise(lower(kernel, chooseSchedule(kernel, avx2), avx2), avx2));
}

describe.skipIf(opt === undefined)('loop IR under CPU schedules, as LLVM IR (skipped without LLVM >= 15)', () => {
  it('LLVM rejects what is no module', () => {
    expect(optimise('define void @f() { ret i32 0 }').errors).toContain('error');
  });

  it.each([true, false])(
    'LLVM accepts a matrix product with bias, residual and relu (constant weights: %s)',
    (isConstant) => {
      const { errors, text } = optimise(print(matmul({ m: 100, k: 300, n: 90, isConstant, epilogue: true })));
      expect(errors).toBe('');
      // 6 rows of 2 vectors stay in registers: sums are carried as values, not through memory.
      expect(text.match(/phi <8 x float>/g)?.length).toBeGreaterThanOrEqual(12);
    },
  );

  it('LLVM accepts a softmax', () => {
    const { errors, text } = optimise(print(softmaxRows(100, 300)));
    expect(errors).toBe('');
    expect(text).toContain('<8 x float>');
  });
});
