import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { runEverywhere } from '../plan/run-plan.ts';
import { normaliseRows } from './structured-samples.ts';

/** Of each stage: whether its lanes run over the first axis, the rows. */
function lanesAcrossRows(kernel: StructuredKernel): readonly boolean[] {
  const { stages } = chooseSchedule(kernel, wasmTarget);
  return [...stages.values()].map((stage) => stage.kind === 'loops' && stage.vector?.axis === kernel.axes[0]?.id);
}

function softmax(rows: number, columns: number): string {
  const [x, r] = [`tensor<${rows}x${columns}xf32>`, `tensor<${rows}xf32>`];
  return `func.func @main(%x: ${x}) -> ${x} {
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
    %max = stablehlo.reduce(%x init: %low) applies stablehlo.maximum across dimensions = [1] : (${x}, tensor<f32>) -> ${r}
    %maxes = stablehlo.broadcast_in_dim %max, dims = [0] : (${r}) -> ${x}
    %centred = stablehlo.subtract %x, %maxes : ${x}
    %exp = stablehlo.exponential %centred : ${x}
    %sum = stablehlo.reduce(%exp init: %zero) applies stablehlo.add across dimensions = [1] : (${x}, tensor<f32>) -> ${r}
    %sums = stablehlo.broadcast_in_dim %sum, dims = [0] : (${r}) -> ${x}
    %y = stablehlo.divide %exp, %sums : ${x}
    return %y : ${x}
  }`;
}

describe('rows of few elements', () => {
  it.each([3, 10, 31])('have lanes across %i-element rows', (columns) => {
    expect(new Set(lanesAcrossRows(normaliseRows(100, columns)))).toEqual(new Set([true]));
  });

  it('have lanes along them where they are longer, or fewer than lanes', () => {
    expect(lanesAcrossRows(normaliseRows(100, 32))).not.toContain(true);
    expect(lanesAcrossRows(normaliseRows(3, 10))).not.toContain(true);
  });

  it('have lanes of several registers, as many as there are rows for', () => {
    const lanes = (rows: number): unknown => {
      const [first] = chooseSchedule(normaliseRows(rows, 10), wasmTarget).stages.values();
      return first?.kind === 'loops' ? [first.vector?.lanes, first.vector?.endLanes] : undefined;
    };
    expect([7, 8, 15, 16, 100].map(lanes)).toEqual([
      [4, undefined],
      [8, 4],
      [8, 4],
      [16, 4],
      [16, 4],
    ]);
  });

  it.each([
    [1, 10],
    [5, 10],
    [13, 3],
    [9, 31],
    [0, 7],
    [1, 700],
    [6, 1],
    [16, 10],
    [35, 31],
    [23, 3],
  ])('softmax of [%i, %i]', (rows, columns) => {
    const { kernel, wasm, expected } = runEverywhere(softmax(rows, columns));
    expect(wasm).toEqual(kernel);
    const [actual = [], numbers = []] = [wasm[0], expected[0]];
    actual.forEach((number, at) => expect(Number(number)).toBeCloseTo(Number(numbers[at]), 6));
    expect(actual).toHaveLength(numbers.length);
  });
});
