import { describe, expect, it } from 'vitest';
import { compileScheduled } from '../../../../codegen/kernel/compile-kernel.ts';
import { chooseSchedule } from '../../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import type { Schedule } from '../../../../codegen/kernel/schedule.ts';
import type { StructuredKernel } from '../../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { alternatives } from '../../../../codegen/kernel/tuning/alternatives.ts';
import { parseTable } from '../../../../codegen/kernel/tuning/parse-table.ts';
import { scheduleData, type ScheduleData, scheduleOfData } from '../../../../codegen/kernel/tuning/schedule-data.ts';
import { scheduleKey, tableSource, tableText } from '../../../../codegen/kernel/tuning/schedule-table.ts';
import { optimise, planFunction } from '../../../../compiler/driver/compile-module.ts';
import { DiagnosticError, DiagnosticSink } from '../../../../ir/diagnostics/diagnostic.ts';
import { expectSameResults } from '../run-kernel.ts';
import { load } from '../../plan/run-plan.ts';

/** The kernels of @main, their axes collapsed. */
function kernelsOf(text: string): readonly StructuredKernel[] {
  const module = load(text);
  optimise(module, new DiagnosticSink());
  const kernels: StructuredKernel[] = [];
  const tuned = (kernel: StructuredKernel): undefined => void kernels.push(kernel);
  planFunction(module, 'main', wasmTarget, { tuned });
  return kernels;
}

function kernelOf(text: string): StructuredKernel {
  const [kernel] = kernelsOf(text);
  if (kernel === undefined) throw new Error('no kernel');
  return kernel;
}

function product(m: number, k: number, n: number): string {
  const [a, b, c] = [`tensor<${m}x${k}xf32>`, `tensor<${k}x${n}xf32>`, `tensor<${m}x${n}xf32>`];
  return `func.func @main(%x: ${a}, %w: ${b}) -> ${c} {
    %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${a}, ${b}) -> ${c}
    return %0 : ${c}
  }`;
}

const softmax = `func.func @main(%x: tensor<5x37xf32>) -> tensor<5x37xf32> {
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %0 = stablehlo.reduce(%x init: %low) applies stablehlo.maximum across dimensions = [1] : (tensor<5x37xf32>, tensor<f32>) -> tensor<5xf32>
  %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<5xf32>) -> tensor<5x37xf32>
  %2 = stablehlo.subtract %x, %1 : tensor<5x37xf32>
  return %2 : tensor<5x37xf32>
}`;

const transposed = `func.func @main(%x: tensor<7x11xf32>, %y: tensor<11x7xf32>) -> tensor<11x7xf32> {
  %0 = stablehlo.transpose %x, dims = [1, 0] : (tensor<7x11xf32>) -> tensor<11x7xf32>
  %1 = stablehlo.add %0, %y : tensor<11x7xf32>
  return %1 : tensor<11x7xf32>
}`;

const depthwise = `func.func @main(%x: tensor<1x9x9x8xf32>, %w: tensor<3x3x1x8xf32>) -> tensor<1x9x9x8xf32> {
  %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
    window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 8 : i64} :
    (tensor<1x9x9x8xf32>, tensor<3x3x1x8xf32>) -> tensor<1x9x9x8xf32>
  return %0 : tensor<1x9x9x8xf32>
}`;

const ordered = `func.func @main(%x: tensor<3x40xf32>) -> tensor<3xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.reduce(%x init: %zero) across dimensions = [1] : (tensor<3x40xf32>, tensor<f32>) -> tensor<3xf32>
    reducer(%a: tensor<f32>, %b: tensor<f32>) {
      %1 = stablehlo.subtract %a, %b : tensor<f32>
      stablehlo.return %1 : tensor<f32>
    }
  return %0 : tensor<3xf32>
}`;

describe('alternatives', () => {
  it.each([
    ['a product', product(13, 9, 21)],
    ['one of few rows', product(2, 50, 17)],
    ['one of few columns', product(30, 40, 3)],
    ['stages with common rows', softmax],
    ['a transpose', transposed],
    ['a window that slides', depthwise],
  ])(
    'of %s compute the same',
    (_, text) => {
      for (const kernel of kernelsOf(text)) {
        const others = alternatives(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget);
        expect(others.length).toBeGreaterThan(2);
        for (const { schedule } of others)
          expectSameResults(kernel, schedule, compileScheduled(kernel, schedule, wasmTarget).loops);
      }
    },
    30_000,
  );

  it('do not sum in another order where that is another sum', () => {
    const kernel = kernelOf(ordered);
    for (const { data } of alternatives(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget))
      for (const stage of data) expect(stage).toMatchObject({ kind: 'loops', unroll: 1 });
  });
});

/** The problem that data have with the kernel. */
function problemOf(kernel: StructuredKernel, change: (data: ScheduleData) => ScheduleData): string {
  const data = scheduleData(kernel, chooseSchedule(kernel, wasmTarget)) ?? [];
  const outcome = scheduleOfData(kernel, change(data), wasmTarget);
  return outcome.kind === 'problem' ? outcome.problem : '';
}

function withStage(change: object): (data: ScheduleData) => ScheduleData {
  return ([first, ...rest]) => (first === undefined ? [] : [{ ...first, ...change }, ...rest]);
}

describe('a schedule as data', () => {
  it.each([product(13, 9, 21), softmax, transposed, depthwise])('is the schedule again', (text) => {
    for (const kernel of kernelsOf(text)) {
      const schedule = chooseSchedule(kernel, wasmTarget);
      const data = JSON.parse(JSON.stringify(scheduleData(kernel, schedule))) as ScheduleData;
      expect(scheduleOfData(kernel, data, wasmTarget)).toEqual({ kind: 'schedule', schedule });
    }
  });

  it('that does not fit is refused', () => {
    const large = kernelOf(product(30, 400, 300));
    expect(problemOf(large, () => [])).toContain('it has 0 stages, the kernel 1');
    expect(problemOf(large, withStage({ mr: 99 }))).toContain('is no register tile');
    expect(problemOf(large, withStage({ nr: 7 }))).toContain('is no register tile');
    expect(problemOf(large, withStage({ mr: 4, mc: 6 }))).toContain('are not made of tiles');
    expect(problemOf(large, withStage({ kc: 2 ** 30 }))).toContain('larger than any cache');
    expect(problemOf(large, withStage({ kc: 400, mr: 4, mc: 1 << 16, lhs: 'panel' }))).toContain(
      'its panels take more',
    );
    const sums = kernelOf(ordered);
    expect(problemOf(sums, withStage({ kind: 'contraction' }))).toContain('it is no contraction');
    expect(problemOf(sums, withStage({ unroll: 4 }))).toContain('in another order');
    expect(problemOf(sums, withStage({ unroll: 99 }))).toContain('16 are the most');
    expect(problemOf(sums, withStage({ order: [0, 0] }))).toContain('none of its axes');
    expect(problemOf(sums, withStage({ order: [1, 0] }))).toContain('outside of another axis');
    expect(problemOf(sums, withStage({ vector: { axis: 1, lanes: 4 } }))).toContain('may not run along lanes');
    expect(problemOf(sums, withStage({ vector: { axis: 9, lanes: 4 } }))).toContain('no axis 9');
    expect(problemOf(sums, withStage({ vector: { axis: 0, lanes: 3 } }))).toContain('no vectors of 3 lanes');
  });
});

describe('a table', () => {
  const kernel = kernelOf(product(13, 9, 21));
  const [other] = alternatives(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget);
  const entry = { kernel: 'dot_general', gain: 1.25, stages: other?.data ?? [] };
  const key = scheduleKey(kernel, wasmTarget);

  it('has keys of what a kernel does, on which target, not of its name', () => {
    expect(scheduleKey({ ...kernel, name: 'another' }, wasmTarget)).toBe(key);
    expect(scheduleKey(kernel, relaxedWasmTarget)).not.toBe(key);
    expect(scheduleKey(kernelOf(product(13, 9, 22)), wasmTarget)).not.toBe(key);
  });

  it('is the same text for the same entries, and the same table again', () => {
    const entries = [['f'.repeat(16), { ...entry, kernel: 'late "n"' }] as const, [key, entry] as const];
    const text = tableText({ machine: 'here', entries: new Map(entries) });
    expect(tableText({ machine: 'here', entries: new Map(entries.toReversed()) })).toBe(text);
    const table = parseTable(text, 'table.json');
    expect(table).toEqual({ machine: 'here', entries: new Map(entries) });
    expect(tableText(table)).toBe(text);
    expect(tableText(parseTable(tableText({ machine: '', entries: new Map() }), ''))).toContain('"schedules": {}');
  });

  it('gives the schedule of a kernel that it has', () => {
    const { source, used } = tableSource({ machine: '', entries: new Map([[key, entry]]) }, 'table.json');
    const schedule: Schedule | undefined = source(kernel, wasmTarget);
    expect(schedule).toEqual(other?.schedule);
    expect([...used]).toEqual([key]);
    expect(source(kernel, relaxedWasmTarget)).toBeUndefined();
    const { loops } = compileScheduled(kernel, schedule ?? chooseSchedule(kernel, wasmTarget), wasmTarget);
    const own = compileScheduled(kernel, chooseSchedule(kernel, wasmTarget), wasmTarget);
    expect(loopKernelText(loops)).not.toBe(loopKernelText(own.loops));
  });

  it('is refused where its schedule does not fit', () => {
    const stages: ScheduleData = [{ kind: 'loops', order: [0], unroll: 1 }];
    const { source } = tableSource({ machine: '', entries: new Map([[key, { ...entry, stages }]]) }, 'table.json');
    expect(() => source(kernel, wasmTarget)).toThrow(DiagnosticError);
    expect(() => source(kernel, wasmTarget)).toThrow(
      /table\.json: the schedule .* does not fit the kernel dot_general/,
    );
  });
});
