/** Pieces of models after all passes: kernels that are called, and the bytes they move beside what the function cannot do without. */
import { describe, expect, it } from 'vitest';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import type { Plan, PlanValue } from '../../../codegen/plan/plan.ts';
import { planText } from '../../../codegen/plan/plan-text.ts';
import { optimise, planFunction } from '../../../compiler/driver/compile-module.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../../ir/dtype.ts';
import * as models from '../../passes/fuse/models.ts';
import { load } from './run-plan.ts';

function planOf(text: string): Plan {
  const module = load(text);
  optimise(module, new DiagnosticSink());
  return planFunction(module, 'f', wasmTarget);
}

/** Each input read once, each output written once. */
function leastBytes({ inputs, outputs }: Plan): number {
  const bytes = ({ shape, dtype }: PlanValue): number =>
    shape.reduce<number>((product, size) => product * Number(size), storageBytes(dtype));
  return [...inputs, ...outputs].reduce((sum, value) => sum + bytes(value), 0);
}

function movedBytes({ steps }: Plan): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'call' ? (step.traffic?.movedBytes ?? NaN) : NaN), 0);
}

/** Kernels at most; bytes moved at most, over the least of the whole function: what lies between kernels is moved twice. */
const pieces: readonly (readonly [name: string, text: string, kernels: number, ratio: number])[] = [
  ['softmax', models.softmax([512, 1024]), 1, 1],
  ['layer norm', models.layerNorm([8, 128, 768]), 1, 1],
  ['GELU', models.gelu([1024, 3072]), 1, 1],
  ['batch norm at inference with relu', models.batchNormRelu([8, 56, 56, 64]), 1, 1],
  ['log-softmax cross entropy', models.crossEntropy([256, 1000]), 1, 1.01],
  // The scores, 128x128 a head, are as large as two of the operands: written twice, read twice.
  ['attention', models.attention(2, 12, 128, 64), 4, 3],
  ['an LSTM step', models.lstmStep(32, 256, 512), 3, 1.2],
  // One activation between two convolutions, and the input once more.
  ['a residual block, as the sums it says', models.residualBlock([8, 56, 56, 64], 'HIGHEST'), 2, 2.5],
  // Tiles and products are four times the activations each: blocks of them, and with the second convolution all of them.
  ['a residual block by fewer multiplications', models.residualBlock([8, 56, 56, 64]), 6, 28],
];

describe('a piece of a model', () => {
  it.each(pieces)('%s', (_, text, kernels, ratio) => {
    const plan = planOf(text);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(plan.steps.map(() => 'call'));
    expect(plan.steps.length, planText(plan)).toBeLessThanOrEqual(kernels);
    expect(movedBytes(plan) / leastBytes(plan), planText(plan)).toBeLessThanOrEqual(ratio);
    expect(planText(plan).match(/; moves \d+ bytes, \d\.\d\d of the least\n/g)).toHaveLength(plan.steps.length);
  });
});
