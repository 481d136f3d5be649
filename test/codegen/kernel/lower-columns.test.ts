import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { LoopSchedule, Schedule } from '../../../codegen/kernel/schedule.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import * as samples from './structured-samples.ts';
import { runLastBuffer } from './run-last-buffer.ts';

function loopsOf(schedule: Schedule): LoopSchedule {
  const [first] = schedule.stages.values();
  if (first?.kind !== 'loops') throw new Error('a loop schedule is expected');
  return first;
}

describe('reductions down columns', () => {
  it('stream by where they do not stay in the first cache', () => {
    const tall = chooseSchedule(samples.sumColumns(1024, 1024), wasmTarget);
    expect(loopsOf(tall).stream).toEqual({ rows: 16, columns: 1024 });
    expect(loopsOf(chooseSchedule(samples.sumColumns(20, 30), wasmTarget)).stream).toBeUndefined();
    expect(loopsOf(chooseSchedule(samples.sumRows(1024, 1024), wasmTarget)).stream).toBeUndefined();
  });

  it('visit an accumulator once for sixteen rows', () => {
    const kernel = samples.sumColumns(64, 256);
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget));
    expect(text).toMatch(/for i = 0 to 64 step 16/);
  });

  it.each([
    [37, 250],
    [160, 83],
    [1023, 5],
  ])('give the bits of columns one after the other, %i rows of %i', (rows, columns) => {
    const kernel = samples.sumColumns(rows, columns);
    const chosen = chooseSchedule(kernel, wasmTarget);
    const [[stage] = []] = chosen.stages;
    const { stream, ...plain } = loopsOf(chosen);
    expect(stream).toBeDefined();
    if (stage === undefined) throw new Error('no stage');
    const expected = runLastBuffer(kernel, { ...chosen, tiles: [], stages: new Map([[stage, plain]]) });
    expect(runLastBuffer(kernel, chosen)).toEqual(expected);
    const narrow = { ...plain, stream: { rows: 8, columns: 32 } };
    expect(runLastBuffer(kernel, { ...chosen, tiles: [], stages: new Map([[stage, narrow]]) })).toEqual(expected);
  });
});
