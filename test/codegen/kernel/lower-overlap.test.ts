import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { lower } from '../../../codegen/kernel/lower.ts';
import type { Schedule } from '../../../codegen/kernel/schedule.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget, withThreads } from '../../../codegen/kernel/target-info.ts';
import { runEverywhere } from '../plan/run-plan.ts';
import { runLastBuffer } from './run-last-buffer.ts';
import { argmaxRows, normaliseColumns, normaliseRows, sumRows } from './structured-samples.ts';

const overlaps = (kernel: StructuredKernel): boolean | undefined => chooseSchedule(kernel, wasmTarget).overlapsRows;

function apart(schedule: Schedule): Schedule {
  return { ...schedule, overlapsRows: false };
}

const rowType = (columns: string): string => `tensor<${columns}xf32>`;

/** Mean and variance are the first stages' variables, which the last reads: of its own row, not of the next. */
function layerNorm(rows: string, columns: string): string {
  const [x, r] = [`tensor<${rows}x${columns}xf32>`, `tensor<${rows}xf32>`];
  const reduced = (value: string): string =>
    `stablehlo.reduce(${value} init: %zero) applies stablehlo.add across dimensions = [1] : (${x}, tensor<f32>) -> ${r}`;
  const spread = (value: string): string => `stablehlo.broadcast_in_dim ${value}, dims = [0] : (${r}) -> ${x}`;
  return `func.func @main(%x: ${x}, %scale: ${rowType(columns)}) -> ${x} {
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %count = stablehlo.constant dense<${columns}.0> : ${r}
    %sum = ${reduced('%x')}
    %mean = stablehlo.divide %sum, %count : ${r}
    %means = ${spread('%mean')}
    %centred = stablehlo.subtract %x, %means : ${x}
    %square = stablehlo.multiply %centred, %centred : ${x}
    %squares = ${reduced('%square')}
    %padded = stablehlo.add %squares, %count : ${r}
    %variance = stablehlo.sqrt %padded : ${r}
    %variances = ${spread('%variance')}
    %normal = stablehlo.divide %centred, %variances : ${x}
    %scales = stablehlo.broadcast_in_dim %scale, dims = [1] : (${rowType(columns)}) -> ${x}
    %y = stablehlo.multiply %normal, %scales : ${x}
    return %y : ${x}
  }`;
}

describe('the last stage of a row', () => {
  it('runs in the loop of the next row\u2019s first, and alone at the end of a tile', () => {
    const kernel = normaliseRows(100, 64);
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget));
    const loops = text.split(/for [\w.]+ = /).slice(1);
    const has = (operation: string): readonly boolean[] =>
      loops.map((loop) => loop.split('}')[0]?.includes(operation) === true);
    // The first row's first stage, the rows, differences, sums, both together, the last row's last.
    expect(has('/ splat')).toEqual([false, false, false, false, true, true]);
    expect(has('maximum(c')).toEqual([true, false, false, false, true, false]);
    expect(text.split('/ splat').length - 1).toBe(2 * 4);
  });

  it('does so where both run along rows of as many elements', () => {
    expect(overlaps(normaliseRows(100, 64))).toBe(true);
    // Lanes across rows; along columns; nothing to come after.
    expect(overlaps(normaliseRows(100, 8))).toBeUndefined();
    expect(overlaps(normaliseColumns(100, 64))).toBeUndefined();
    expect(overlaps(sumRows(100, 64))).toBeUndefined();
    expect(overlaps(argmaxRows(100, 64))).toBeUndefined();
  });

  it('keeps rows of up to a megabyte in one place on the stack', () => {
    const spaceOf = (columns: number): unknown => {
      const kernel = normaliseRows(3, columns);
      const kept = kernel.buffers.find(({ name }) => name === 'shifted');
      return kept && chooseSchedule(kernel, wasmTarget).spaces.get(kept.id);
    };
    expect([250_000, 300_000].map(spaceOf)).toEqual(['stack', 'arena']);
  });

  it('finds more rows in a tile than a thread needs, as long as there are tiles for threads', () => {
    const tileOf = (rows: number, target = wasmTarget): number | undefined =>
      chooseSchedule(normaliseRows(rows, 20_000), target).tiles[0]?.size;
    expect(tileOf(1000)).toBe(32);
    expect(tileOf(1000, withThreads(wasmTarget))).toBe(32);
    expect(tileOf(48, withThreads(wasmTarget))).toBe(3);
    expect(tileOf(20)).toBeUndefined();
  });

  it.each([
    [1, 64],
    [2, 32],
    [3, 33],
    [7, 67],
    [33, 131],
    [65, 40],
  ])('gives the bits it gives alone: %i x %i', (rows, columns) => {
    const kernel = normaliseRows(rows, columns);
    const schedule = chooseSchedule(kernel, wasmTarget);
    expect(schedule.overlapsRows).toBe(true);
    expect(runLastBuffer(kernel, schedule)).toEqual(runLastBuffer(kernel, apart(schedule)));
  });

  it.each([
    [0, 40],
    [1, 40],
    [2, 1],
    [5, 33],
    [37, 61],
  ])('of rows with a mean and a deviation: %i x %i', (rows, columns) => {
    const { kernel, wasm, expected } = runEverywhere(layerNorm(`${rows}`, `${columns}`));
    expect(wasm).toEqual(kernel);
    const [actual = [], numbers = []] = [wasm[0], expected[0]];
    expect(actual).toHaveLength(numbers.length);
    actual.forEach((number, at) => expect(Number(number)).toBeCloseTo(Number(numbers[at]), 5));
  });
});
