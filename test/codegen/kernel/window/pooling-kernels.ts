/** Poolings as kernels, and their schedules line by line checked against nested loops. */
import { expect } from 'vitest';
import { simplifiedKernel } from '../../../../codegen/kernel/compile-kernel.ts';
import { chooseSchedule } from '../../../../codegen/kernel/heuristics.ts';
import { lower } from '../../../../codegen/kernel/lower.ts';
import type { Schedule, StageSchedule, WindowSchedule } from '../../../../codegen/kernel/schedule.ts';
import type { StageId, StructuredKernel } from '../../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { kernelOf } from '../../kernelize/expect-kernel.ts';
import { expectSameResults } from '../run-kernel.ts';

export interface Pooling {
  readonly op: string;
  /** As `1x12x?x5` of f32, or `i32`; late sizes are bound by 24. */
  readonly shape: readonly (number | string)[];
  readonly result: readonly (number | string)[];
  readonly window: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
  readonly type?: string;
  readonly initial?: string;
}

function typeOf(shape: Pooling['shape'], type: string): string {
  const dims = shape.map((each) => (typeof each === 'string' ? `${each} <= 24` : '_'));
  const attribute = dims.every((each) => each === '_') ? '' : `, #tessera.tensor<dims = [${dims.join(', ')}]>`;
  return `tensor<${shape.map((each) => (typeof each === 'string' ? '?' : each)).join('x')}x${type}${attribute}>`;
}

const beginnings: Readonly<Record<string, string>> = { maximum: '0xFF800000', minimum: '0x7F800000', add: '0.0' };

export function pooling(options: Pooling): StructuredKernel {
  const { op, shape, result, window, type = 'f32' } = options;
  const ones = window.map(() => 1);
  const { strides = ones, dilations = ones, pads = window.map(() => 0) } = options;
  const [from, to] = [typeOf(shape, type), typeOf(result, type)];
  const padding = pads.map((pad) => `[${pad}, ${pad}]`).join(', ');
  return kernelOf(`func.func @f(%x: ${from}) -> ${to} {
    %p = "tessera.fusion"(%x) ({
    ^bb0(%y: ${from}):
      %i = stablehlo.constant dense<${options.initial ?? beginnings[op] ?? '0'}> : tensor<${type}>
      %0 = "stablehlo.reduce_window"(%y, %i) ({
        ^bb0(%a: tensor<${type}>, %b: tensor<${type}>):
          %m = stablehlo.${op} %a, %b : tensor<${type}>
          stablehlo.return %m : tensor<${type}>
      }) {window_dimensions = array<i64: ${window.join(', ')}>, window_strides = array<i64: ${strides.join(', ')}>,
          window_dilations = array<i64: ${dilations.join(', ')}>, padding = dense<[${padding}]> : tensor<${window.length}x2xi64>}
        : (${from}, tensor<${type}>) -> ${to}
      stablehlo.return %0 : ${to}
    }) : (${from}) -> ${to}
    return %p : ${to}
  }`);
}

export function windowOf({ stages }: Schedule): WindowSchedule | undefined {
  const [stage] = stages.values();
  return stage?.kind === 'window' ? stage : undefined;
}

type Numbers = readonly number[] | undefined;

/** As chosen, and with other tiles, bands and blocks; tiles of threads are of one point. */
export function checkApart(
  made: StructuredKernel,
  symbols: Readonly<Record<string, number>> = {},
  numbers?: Numbers,
): void {
  const kernel = simplifiedKernel(made, relaxedWasmTarget);
  const chosen = chooseSchedule(kernel, relaxedWasmTarget);
  const window = windowOf(chosen);
  expect(window?.apart).toBeDefined();
  if (window?.apart === undefined) return;
  const run = (schedule: Schedule): void =>
    expectSameResults(kernel, schedule, lower(kernel, schedule, relaxedWasmTarget), symbols, numbers);
  run(chosen);
  const outer = window.outer.at(-1);
  for (const [tile, bandRows, columns] of [
    [1, 1, 1],
    [3, 2, 4],
    [5, 3, 6],
  ] as const) {
    const changed: StageSchedule = { ...window, tile, bandRows, apart: { tile, columns } };
    const stages = new Map([[0 as StageId, changed]]);
    run({ ...chosen, stages, tiles: outer === undefined ? [] : [{ axis: outer, size: bandRows }] });
  }
}
