import { describe, expect, it } from 'vitest';
import { panelsBeside, registerTile } from '../../../../codegen/kernel/contraction/register-budget.ts';
import { relaxedWasmTarget, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { matmulSchedule } from './contraction-kernels.ts';

describe('the register tile', () => {
  it.each([
    [16, 1000, 1000, { mr: 6, vectors: 2 }],
    [32, 1000, 1000, { mr: 14, vectors: 2 }],
    [16, 1, 1000, { mr: 1, vectors: 12 }],
    [16, 2, 1000, { mr: 2, vectors: 6 }],
    [16, 1000, 1, { mr: 13, vectors: 1 }],
    [16, 7, 1000, { mr: 6, vectors: 2 }],
    [16, 64, 3, { mr: 3, vectors: 3 }],
  ])('of %i registers for %i rows and %i vectors', (registers, rows, vectors, expected) => {
    expect(registerTile({ vectorRegisters: registers, fma: 'relaxed' }, 'f32', rows, vectors)).toEqual(expected);
  });

  it.each([
    [1, 1000, { mr: 1, vectors: 5 }],
    [3, 1000, { mr: 3, vectors: 2 }],
    [1000, 1000, { mr: 4, vectors: 2 }],
    [64, 3, { mr: 4, vectors: 2 }],
  ])('leaves room for products without multiply-adds: %i rows and %i vectors', (rows, vectors, expected) => {
    expect(registerTile(wasmTarget, 'f32', rows, vectors)).toEqual(expected);
  });
});

describe('panels side by side', () => {
  const schedule = { ...matmulSchedule, nr: 8, lanes: 4 };

  it('keep enough sums for one row or two, and no more than there are registers for', () => {
    expect([1, 2, 3, 4].map((rows) => panelsBeside(rows, schedule, wasmTarget))).toEqual([3, 2, 1, 1]);
    expect([1, 2, 3, 4].map((rows) => panelsBeside(rows, schedule, relaxedWasmTarget))).toEqual([4, 2, 1, 1]);
  });
});
