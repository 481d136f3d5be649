import { describe, expect, it } from 'vitest';
import { dimSymbol } from '../../../../ir/dimension.ts';
import { chooseContractionSchedule } from '../../../../codegen/kernel/contraction/choose-schedule.ts';
import { imageShape } from '../../../../codegen/kernel/contraction/image.ts';
import { mainLoad } from '../../../../codegen/kernel/contraction/product.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { chooseSchedule } from '../../../../codegen/kernel/heuristics.ts';
import type { AxisTile, ContractionSchedule } from '../../../../codegen/kernel/schedule.ts';
import type { IndexExpr, StructuredKernel } from '../../../../codegen/kernel/structured-kernel.ts';
import { type Size, symbolSize } from '../../../../codegen/kernel/size.ts';
import { relaxedWasmTarget, wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import {
  access, accumulator, at, axis, binaryValue, bufferId, contraction, evaluateDirectly, load, lowered, makeValues, number, plus, relu, runLowered, times,
} from './contraction-kernels.ts'; // prettier-ignore

interface ConvolutionOptions {
  readonly channelsFirst?: boolean;
  readonly size?: number;
  readonly window?: number;
  readonly stride?: number;
  readonly pad?: number;
  readonly dilation?: number;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly groups?: number;
  readonly isConstant?: boolean;
  readonly images?: number;
  /** Of the image in memory; all is computed in f32. */
  readonly stored?: 'f32' | 'f16';
}

/** Axes: 0 image, 1 y, 2 x, 3 output feature, 4 window y, 5 window x, 6 input feature, 7 group. Buffers: image, window, out, bias. */
function convolution(options: ConvolutionOptions): StructuredKernel {
  const { channelsFirst = false, size = 7, window = 3, stride = 1, pad = 1, dilation = 1 } = options;
  const { inputs = 5, outputs = 9, groups = 1, isConstant = true, images = 2, stored = 'f32' } = options;
  const extent = Math.floor((size + 2 * pad - dilation * (window - 1) - 1) / stride) + 1;
  const dims = <T>(image: T, y: T, x: T, feature: T): readonly T[] =>
    channelsFirst ? [image, feature, y, x] : [image, y, x, feature];
  const place = (out: number, offset: number): IndexExpr =>
    plus(times(at(out), stride), times(at(offset), dilation), number(-pad));
  const [y, x] = [place(1, 4), place(2, 5)];
  const guards = pad === 0 ? [] : [y, x].map((index) => ({ index, extent: size }));
  const inGroup = (feature: number, count: number): IndexExpr =>
    groups === 1 ? at(feature) : plus(times(at(7), count), at(feature));
  const isGrouped = groups > 1;
  const pixel = load(stored, 0, dims(at(0), y, x, inGroup(6, inputs)), guards);
  return contraction({
    extents: [images, extent, extent, outputs, window, window, inputs, ...(isGrouped ? [groups] : [])],
    reduction: [4, 5, 6],
    dtype: 'f32',
    buffers: [
      { name: 'image', role: 'in', dtype: stored, shape: dims(images, size, size, inputs * groups) },
      { name: 'window', role: 'in', dtype: 'f32', shape: [window, window, inputs, outputs * groups], isConstant },
      { name: 'out', role: 'out', dtype: 'f32', shape: dims(images, extent, extent, outputs * groups) },
      { name: 'bias', role: 'in', dtype: 'f32', shape: [outputs * groups] },
    ],
    lhs: stored === 'f32' ? pixel : { kind: 'convert', dtype: 'f32', operand: pixel },
    rhs: load('f32', 1, [at(4), at(5), at(6), inGroup(3, outputs)]),
    finish: relu(binaryValue('add', accumulator('f32'), load('f32', 3, [inGroup(3, outputs)]))),
    write: access(2, dims(at(0), at(1), at(2), inGroup(3, outputs))),
  });
}

const channelsLast: ContractionSchedule = {
  kind: 'contraction',
  m: [axis(0), axis(1), axis(2)],
  n: [axis(3)],
  k: [axis(4), axis(5), axis(6)],
  batch: [],
  lanes: 4,
  mr: 3,
  nr: 8,
  kc: 20,
  mc: 12,
  nc: 16,
  rhs: 'panel',
  lhs: 'panel',
};

const channelsFirst: ContractionSchedule = {
  ...channelsLast,
  m: [axis(3)],
  n: [axis(0), axis(1), axis(2)],
  mr: 4,
};

function check(options: ConvolutionOptions, schedules: readonly ContractionSchedule[]): void {
  const kernel = convolution(options);
  const values = makeValues(kernel);
  const expected = evaluateDirectly(kernel, values).get(bufferId(2));
  const [stage] = kernel.stages;
  const chosen = stage === undefined ? undefined : chooseContractionSchedule(kernel, stage, wasmTarget);
  for (const schedule of [...schedules, ...(chosen === undefined ? [] : [chosen])])
    expect(runLowered(kernel, values, { schedule })).toEqual(expected);
}

describe('a convolution is a contraction over window and input features', () => {
  const variants: readonly (readonly [string, ConvolutionOptions])[] = [
    ['3x3, same padding', {}],
    ['3x3, no padding', { pad: 0 }],
    ['1x1', { window: 1, pad: 0, inputs: 11 }],
    ['1x1 with stride', { window: 1, pad: 0, stride: 2, inputs: 4 }],
    ['5x5, stride 2', { size: 9, window: 5, stride: 2, pad: 2 }],
    ['3x3, dilated', { dilation: 2, pad: 2 }],
    ['windows that begin outside', { size: 3, window: 3, pad: 3 }],
    ['runtime weights', { isConstant: false }],
    ['one output feature', { outputs: 1, size: 4 }],
    ['16 output features', { outputs: 16, inputs: 3 }],
  ];

  it.each(variants)('channels last: %s', (_, options) => {
    check(options, [
      channelsLast,
      { ...channelsLast, kc: 1000 },
      { ...channelsLast, lhs: 'direct' },
      { ...channelsLast, kc: 7 },
      { ...channelsLast, lhs: 'image' },
      { ...channelsLast, lhs: 'image', kc: 1000, mc: 1000 },
      { ...channelsLast, lhs: 'image', rowAxes: 2, mc: 1000 },
      { ...channelsLast, lhs: 'direct', rowAxes: 2 },
    ]);
  });

  it.each(variants)('channels first: %s', (_, options) => {
    check({ ...options, channelsFirst: true }, [
      channelsFirst,
      { ...channelsFirst, kc: 1000 },
      { ...channelsFirst, rhs: 'direct' },
    ]);
  });

  it('to one feature has that as its columns, unless pixels lie side by side', () => {
    const columns = (options: ConvolutionOptions): ContractionSchedule['n'] | undefined => {
      const kernel = convolution({ outputs: 1, images: 1, inputs: 6, ...options });
      const [stage] = kernel.stages;
      return stage && chooseContractionSchedule(kernel, stage, wasmTarget)?.n;
    };
    expect(columns({})).toEqual([axis(3)]);
    expect(columns({ window: 1, pad: 0 })).toBeUndefined();
    expect(columns({ inputs: 1 })).not.toEqual([axis(3)]);
  });

  it('takes groups as a batch', () => {
    const grouped: ContractionSchedule = { ...channelsLast, batch: [axis(7)] };
    for (const isConstant of [true, false]) check({ groups: 3, isConstant }, [grouped, { ...grouped, lhs: 'image' }]);
  });
});

describe('an image', () => {
  const image: ContractionSchedule = { ...channelsLast, lhs: 'image', mc: 14, kc: 1000 };

  it('is read in one run of k for each row of the window', () => {
    const kernel = convolution({ size: 7, inputs: 5 });
    const text = loopKernelText(lowered(kernel, { schedule: image }));
    // 2 rows of 7 columns a band: 4 rows of 9 columns and 5 features.
    expect(text).toMatch(/image.*f32\[180\]|alloc .*180/);
    expect(text).not.toContain('a_panels');
    expect(text).toMatch(/for run.* = 0 to 3 carry/);
  });

  it('is copied in tiles, each with the rows around it', () => {
    const kernel = convolution({ size: 7 });
    const values = makeValues(kernel);
    const expected = evaluateDirectly(kernel, values).get(bufferId(2));
    for (const size of [1, 3, 7])
      expect(runLowered(kernel, values, { schedule: image, tiles: [{ axis: axis(1), size }] })).toEqual(expected);
  });

  it('has tiles across its rows where these are short', () => {
    const kernel = convolution({ size: 7 });
    const values = makeValues(kernel);
    const expected = evaluateDirectly(kernel, values).get(bufferId(2));
    const across: ContractionSchedule = { ...image, rowAxes: 2, mr: 6, mc: 1000 };
    const alone: ContractionSchedule = { ...across, batch: [axis(0)], m: [axis(1), axis(2)] };
    // Whatever the block of rows: an image that has nothing around it holds all of them.
    for (const schedule of [across, alone, { ...alone, mc: 6 }])
      for (const size of [1, 3, 7])
        expect(runLowered(kernel, values, { schedule, tiles: [{ axis: axis(1), size }] })).toEqual(expected);
    const acrossOf = (options: ConvolutionOptions): number | undefined => {
      const chosen = convolution({ inputs: 32, outputs: 64, ...options });
      const [stage] = chosen.stages;
      return stage && chooseContractionSchedule(chosen, stage, relaxedWasmTarget)?.rowAxes;
    };
    // 7 rows are strips of 4 and 3, and 3 take as long as 4; of 28 only one is no whole tile.
    expect([7, 13, 14, 28, 30].map((size) => acrossOf({ size }))).toEqual([2, 2, 2, undefined, undefined]);
    // Without padding rows lie at one distance of each other all the same, but with a stride not.
    expect([1, 2].map((stride) => acrossOf({ size: 13, window: 1, pad: 0, stride }))).toEqual([undefined, 2]);
  });

  it('has them where its image fits, of the numbers that are computed with', () => {
    const rowAxes = (stored: 'f32' | 'f16', l2: number): number | undefined => {
      const kernel = convolution({ size: 14, inputs: 100, outputs: 8, images: 1, stored });
      const [stage] = kernel.stages;
      const target = { ...relaxedWasmTarget, caches: { l1: 32 << 10, l2 } };
      return stage && chooseContractionSchedule(kernel, stage, target)?.rowAxes;
    };
    const bytes = 4 * 16 * 16 * 100;
    for (const stored of ['f32', 'f16'] as const) {
      expect(rowAxes(stored, 2 * bytes)).toBe(2);
      expect(rowAxes(stored, 2 * bytes - 8)).toBeUndefined();
    }
  });

  it('is divided among threads by its rows, or the columns where these weigh more', () => {
    const tilesOf = (options: ConvolutionOptions): readonly AxisTile[] =>
      chooseSchedule(convolution({ images: 1, ...options }), wasmTarget).tiles;
    expect(tilesOf({ size: 28, inputs: 64, outputs: 64 })).toEqual([{ axis: 1, size: 2 }]);
    expect(tilesOf({ size: 7, inputs: 256, outputs: 256 })).toEqual([{ axis: 3, size: 32 }]);
    expect(tilesOf({ size: 16, inputs: 16, outputs: 16 })).toEqual([]);
    expect(tilesOf({ size: 16, inputs: 16, outputs: 16, images: 64 })).toEqual([{ axis: 0, size: 4 }]);
  });

  it('of one axis of rows is a part of these', () => {
    for (const size of [1, 2, 5, 13, 29]) {
      const kernel = line(size, 3);
      const values = makeValues(kernel);
      const expected = evaluateDirectly(kernel, values).get(bufferId(2));
      for (const mc of [3, 6, 100]) {
        const schedule: ContractionSchedule = { ...image, m: [axis(0)], n: [axis(1)], k: [axis(2), axis(3)], mc };
        expect(runLowered(kernel, values, { schedule })).toEqual(expected);
      }
    }
  });

  it('is as large as late extents can be, and copied as far as they go', () => {
    const kernel = line(symbolSize(dimSymbol('n', 7)), 3);
    for (const n of [0, 1, 2, 7]) {
      const symbols = new Map([['n', n]]);
      const values = makeValues(kernel, symbols);
      const expected = evaluateDirectly(kernel, values, symbols).get(bufferId(2));
      const schedule: ContractionSchedule = { ...image, m: [axis(0)], n: [axis(1)], k: [axis(2), axis(3)], mc: 3 };
      expect(runLowered(kernel, values, { schedule, symbols })).toEqual(expected);
    }
  });

  it('needs a bound of every extent', () => {
    const kernel = line(symbolSize(dimSymbol('n')), 3);
    const [stage] = kernel.stages;
    const main = stage?.values[0]?.kind === 'binary' ? mainLoad(stage.values[0].lhs) : undefined;
    const axes = [axis(0), axis(2), axis(3)];
    expect(main && imageShape(kernel, main.access, { axes, band: axis(0), bandRows: 4 })?.elements).toBe(6 * 5);
    expect(main && imageShape(kernel, main.access, { axes, band: undefined, bandRows: 1 })).toBeUndefined();
  });
});

/** A convolution of one dimension: axes 0 place, 1 output feature, 2 window, 3 input feature. */
function line(size: Size, window: number): StructuredKernel {
  const place = plus(at(0), at(2), number(-1));
  return contraction({
    extents: [size, 9, window, 5],
    reduction: [2, 3],
    dtype: 'f32',
    buffers: [
      { name: 'line', role: 'in', dtype: 'f32', shape: [size, 5] },
      { name: 'window', role: 'in', dtype: 'f32', shape: [window, 5, 9], isConstant: true },
      { name: 'out', role: 'out', dtype: 'f32', shape: [size, 9] },
    ],
    lhs: load('f32', 0, [place, at(3)], [{ index: place, extent: size }]),
    rhs: load('f32', 1, [at(2), at(3), at(1)]),
    write: access(2, [at(0), at(1)]),
  });
}
