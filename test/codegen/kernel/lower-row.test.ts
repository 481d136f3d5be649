import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../../ir/dimension.ts';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import { symbolSize } from '../../../codegen/kernel/size.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { webgpuTarget } from '../../../codegen/kernel/target-info.ts';
import { expectSameResults } from './run-kernel.ts';
import * as samples from './structured-samples.ts';

function expectRows(kernel: StructuredKernel, symbols: Readonly<Record<string, number>> = {}): void {
  const schedule = chooseSchedule(kernel, webgpuTarget);
  expect([...schedule.stages.values()].map(({ kind }) => kind)).toContain('workgroup-row');
  expectSameResults(kernel, schedule, lower(kernel, schedule, webgpuTarget), symbols);
}

describe('a row a workgroup', () => {
  it.each([1, 2, 3, 17, 64, 300])('rows of %i, normalised', (n) => expectRows(samples.normaliseRows(3, n)));
  it.each([1, 5, 32, 257])('rows of %i, summed', (n) => expectRows(samples.sumRows(4, n)));
  it.each([1, 5, 32, 257])('rows of %i, argmax', (n) => expectRows(samples.argmaxRows(2, n)));
  it('rows bound late', () => {
    const rows = symbolSize(dimSymbol('rows'));
    for (const value of [1, 7]) expectRows(samples.normaliseRows(rows, 20), { rows: value });
  });
  it('reductions meet at barriers, in halves', () => {
    const kernel = samples.sumRows(4, 5);
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, webgpuTarget), webgpuTarget));
    expect(text).toMatchInlineSnapshot(`
      "kernel sum_rows(x: read f32[20] arena, b: read f32[4] arena, out: write f32[4] arena) tiles 4 workgroup 8x1x1 {
        for workgroup row = tile_begin to tile_end {
          alloc part: f32[8] workgroup {
            for invocation t = 0 to 8 {
              for j = t to 5 step 8 carry c0 = 0f32 {
                e: f32 = x[row * 5 + j]
                next c0 = c0 + e
              }
              part[t] = c0
              barrier
              if (t < 4) {
                part.2: f32 = part[t]
                part.3: f32 = part[t + 4]
                part.4: f32 = part.2 + part.3
                part[t] = part.4
              }
              barrier
              if (t < 2) {
                part.5: f32 = part[t]
                part.6: f32 = part[t + 2]
                part.7: f32 = part.5 + part.6
                part[t] = part.7
              }
              barrier
              if (t < 1) {
                part.8: f32 = part[t]
                part.9: f32 = part[t + 1]
                part.10: f32 = part.8 + part.9
                part[t] = part.10
              }
              barrier
              total: f32 = part[0]
              total.2: f32 = total + b[row]
              if (t == 0) {
                out[row] = total.2
              }
            }
          }
        }
      }
      "
    `);
  });
});
