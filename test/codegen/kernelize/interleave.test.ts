/** Tensors put together element by element: residues apart, loops shared, what they have in common computed once. */
import { describe, expect, it } from 'vitest';
import { fuse } from '../../../passes/fuse.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { leafSteps } from '../../../codegen/plan/plan.ts';
import { compiledPlan, runEverywhere } from '../plan/run-plan.ts';
import { kernelDifference } from './expect-kernel.ts';

/** Rows of sums and of differences in turns, then a relu: `[rows, columns]` twice to `[2 rows, columns]`, `kept` rows of it. */
function inTurns(rows: number, columns: number, kept = 2 * rows): string {
  const half = `tensor<${rows}x${columns}xf32>`;
  const apart = `tensor<${rows}x1x${columns}xf32>`;
  const pairs = `tensor<${rows}x2x${columns}xf32>`;
  const whole = `tensor<${2 * rows}x${columns}xf32>`;
  const result = `tensor<${kept}x${columns}xf32>`;
  return `func.func @main(%x: ${half}, %y: ${half}) -> ${result} {
%s = stablehlo.add %x, %y : ${half}
%d = stablehlo.subtract %x, %y : ${half}
%s1 = stablehlo.reshape %s : (${half}) -> ${apart}
%d1 = stablehlo.reshape %d : (${half}) -> ${apart}
%p = stablehlo.concatenate %s1, %d1, dim = 1 : (${apart}, ${apart}) -> ${pairs}
%w = stablehlo.reshape %p : (${pairs}) -> ${whole}
%k = stablehlo.slice %w [0:${kept}, 0:${columns}] : (${whole}) -> ${result}
%z = stablehlo.constant dense<0.0> : ${result}
%r = stablehlo.maximum %k, %z : ${result}
return %r : ${result}
}`;
}

function loopsOf(text: string): string {
  return leafSteps(compiledPlan(text).steps)
    .map((step) => (step.kind === 'call' ? loopKernelText(step.kernel) : ''))
    .join('\n');
}

describe('rows in turns', () => {
  it('ask nothing of their index, and read each element once', () => {
    const text = loopsOf(inTurns(40, 64));
    expect(text).not.toMatch(/%|\?|if/);
    expect(text.match(/in0\[/g)).toHaveLength(1);
    expect(text.match(/in1\[/g)).toHaveLength(1);
    expect(text.match(/out0\[/g)).toHaveLength(2);
  });

  it('are loops apart where one of them has a row more', () => {
    const text = loopsOf(inTurns(20, 64, 39));
    expect(text).not.toMatch(/%|\?/);
    expect(text).toMatch(/ 0 to 20\b/);
    expect(text).toMatch(/ to 19\b/);
  });

  it.each([
    [1, 1],
    [1, 8],
    [2, 5],
    [7, 16],
    [40, 64],
  ])('give the same numbers for %i rows of %i', (rows, columns) => {
    for (const kept of [2 * rows, 2 * rows - 1]) {
      const text = inTurns(rows, columns, kept);
      const { expected, kernel, wasm } = runEverywhere(text);
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
      expect(kernelDifference(text.replace('@main', '@f'), { passes: [fuse] })).toBeUndefined();
    }
  });
});
