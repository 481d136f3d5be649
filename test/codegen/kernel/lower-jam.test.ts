import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { LoopSchedule, Schedule, StageSchedule } from '../../../codegen/kernel/schedule.ts';
import type { StageId, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget, wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { runEverywhere } from '../plan/run-plan.ts';
import { matmul } from './contraction/contraction-kernels.ts';
import { runLastBuffer } from './run-last-buffer.ts';

const timesTransposed = (m: number, n: number, k: number): StructuredKernel => matmul({ m, n, k, transposeRhs: true });

function jamOf(kernel: StructuredKernel, target = wasmTarget): LoopSchedule['jam'] {
  const [stage] = chooseSchedule(kernel, target).stages.values();
  return stage?.kind === 'loops' ? stage.jam : undefined;
}

function withoutJam(schedule: Schedule): Schedule {
  const stages = [...schedule.stages].map(([id, stage]): readonly [StageId, StageSchedule] => {
    if (stage.kind !== 'loops') return [id, stage];
    const { jam: _, ...rest } = stage;
    return [id, rest];
  });
  return { ...schedule, stages: new Map(stages) };
}

describe('products of few rows with a transposed matrix', () => {
  it('take rows together along the axis with which the larger side does not move', () => {
    const [m, n] = timesTransposed(3, 50, 64).axes.map(({ id }) => id);
    expect(jamOf(timesTransposed(3, 50, 64))).toEqual({ axis: m, count: 2 });
    expect(jamOf(timesTransposed(1, 50, 64))).toEqual({ axis: n, count: 2 });
  });

  it('take three with multiply-adds, however long', () => {
    const [m, n] = timesTransposed(3, 50, 4000).axes.map(({ id }) => id);
    expect(jamOf(timesTransposed(3, 50, 4000), relaxedWasmTarget)).toEqual({ axis: m, count: 3 });
    expect(jamOf(timesTransposed(2, 50, 4000), relaxedWasmTarget)).toEqual({ axis: m, count: 2 });
    expect(jamOf(timesTransposed(1, 50, 64), relaxedWasmTarget)).toEqual({ axis: n, count: 3 });
  });

  it('take one row after the other where two do not stay in the first cache, or are summed in order', () => {
    expect(jamOf(timesTransposed(2, 50, 4000))).toBeUndefined();
    expect(jamOf(timesTransposed(2, 50, 20))).toBeUndefined();
  });

  it('load what the rows share once', () => {
    const kernel = timesTransposed(1, 8, 64);
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget));
    const loads = (name: string): number => text.split(`= ${name}[`).length - 1;
    const [x] = kernel.buffers.map(({ name }) => name);
    expect(loads(x ?? '')).toBe(4);
  });

  it.each([
    [1, 7, 32],
    [2, 5, 33],
    [3, 1, 67],
    [3, 11, 131],
    [1, 2, 40],
  ])('sum each row as alone: %i x %i of %i', (m, n, k) => {
    const kernel = timesTransposed(m, n, k);
    for (const target of [wasmTarget, relaxedWasmTarget]) {
      const schedule = chooseSchedule(kernel, target);
      expect(runLastBuffer(kernel, schedule)).toEqual(runLastBuffer(kernel, withoutJam(schedule)));
    }
  });

  it.each([
    ['3x37', '11x37', '3x11', '[1] x [1]'],
    ['67', '5x67', '5', '[0] x [1]'],
    ['7x40', '40', '7', '[1] x [0]'],
    ['0x40', '3x40', '0x3', '[1] x [1]'],
  ])('%s times %s, bias and all', (left, right, result, dims) => {
    const [x, w, y] = [left, right, result].map((shape) => `tensor<${shape}xf32>`);
    const { kernel, wasm, expected } = runEverywhere(`func.func @main(%x: ${x}, %w: ${w}, %b: ${y}) -> ${y} {
      %z = stablehlo.constant dense<0.0> : ${y}
      %p = stablehlo.dot_general %x, %w, contracting_dims = ${dims} : (${x}, ${w}) -> ${y}
      %s = stablehlo.add %p, %b : ${y}
      %r = stablehlo.maximum %s, %z : ${y}
      return %r : ${y}
    }`);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });
});
