/** The arena of whole networks: its size beside the largest live set, and beside the arena of program order. */
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../codegen/plan/plan.ts';
import { resnet50, transformer } from './model-builder.ts';
import { compiledPlan } from './run-plan.ts';

/** Compiling 50 kernels takes seconds on a busy machine. */
const timeout = 60_000;

function expectTightArena(plan: Plan): void {
  expect(plan.peakBytes).toBeLessThanOrEqual(plan.lowerBoundBytes * 1.05);
  expect(plan.peakBytes).toBeGreaterThanOrEqual(plan.lowerBoundBytes);
  expect(plan.peakBytes).toBeLessThanOrEqual(plan.programOrderBytes);
}

describe('the arena of a network', () => {
  it('of ResNet-50, on an image of 224x224', { timeout }, () => {
    const plan = compiledPlan(resnet50());
    expect(plan.steps.filter(({ kind }) => kind === 'call').length).toBeGreaterThan(53);
    expectTightArena(plan);
    // Weights of 64x64 features transformed, two activations of 56x56x256 and one of 56x56x64: what a bottleneck block of the first stage needs.
    expect(plan.peakBytes).toBeLessThanOrEqual(4 * (16 * 64 * 64 + (2 * 256 + 64) * 56 * 56) + 64);
  });

  it('of a transformer of 12 layers, 12 heads, width 768, 128 tokens', { timeout }, () => {
    const plan = compiledPlan(transformer({ layers: 12, heads: 12, width: 768, sequence: 128, hidden: 3072 }));
    expect(plan.steps.filter(({ kind }) => kind === 'call').length).toBeGreaterThan(12 * 8);
    expectTightArena(plan);
    // The residual stream, its normalised form, and the hidden layer of the MLP.
    expect(plan.peakBytes).toBeLessThanOrEqual((2 * 768 + 3072) * 128 * 4 + 64);
  });
});
