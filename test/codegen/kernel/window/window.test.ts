import { describe, expect, it } from 'vitest';
import { chooseSchedule } from '../../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { lower } from '../../../../codegen/kernel/lower.ts';
import { collapseAxes } from '../../../../codegen/kernel/lower-collapse.ts';
import type { Schedule, StageSchedule, WindowSchedule } from '../../../../codegen/kernel/schedule.ts';
import type { StageId, StructuredKernel } from '../../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { kernelOf } from '../../kernelize/expect-kernel.ts';
import { expectSameResults } from '../run-kernel.ts';

interface WindowOptions {
  readonly height?: number | 'h';
  readonly width?: number | 'w';
  readonly channels?: number;
  readonly window?: readonly [number, number];
  readonly stride?: number;
  readonly dilation?: number;
  /** Before and behind, of both dimensions. */
  readonly pad?: readonly [number, number];
  readonly images?: number;
  readonly channelsFirst?: boolean;
  /** Features of a channel, of depthwise convolutions. */
  readonly multiplier?: number;
}

const bound = 12;

class Shapes {
  readonly #options: Required<WindowOptions>;

  constructor(options: WindowOptions) {
    this.#options = {
      height: 5, width: 7, channels: 5, window: [3, 3], stride: 1, dilation: 1, pad: [1, 1], images: 1, channelsFirst: false, multiplier: 1, ...options,
    }; // prettier-ignore
  }

  get options(): Required<WindowOptions> {
    return this.#options;
  }

  #type(height: number | string, width: number | string, multiplier = 1): string {
    const { images, channelsFirst } = this.#options;
    const channels = this.#options.channels * multiplier;
    const shape = channelsFirst ? [images, channels, height, width] : [images, height, width, channels];
    const late = shape.map((each) => (typeof each === 'string' ? `'${each} <= ${bound}'`.replaceAll("'", '') : '_'));
    const dims = late.every((each) => each === '_') ? '' : `, #tessera.tensor<dims = [${late.join(', ')}]>`;
    return `tensor<${shape.map((each) => (typeof each === 'string' ? '?' : each)).join('x')}xf32${dims}>`;
  }

  get input(): string {
    return this.#type(this.#options.height, this.#options.width);
  }

  get output(): string {
    const { height, width, window, stride, dilation, pad, multiplier } = this.#options;
    const of = (extent: number | string, size: number): number | string =>
      typeof extent === 'string'
        ? extent
        : Math.floor((extent + pad[0] + pad[1] - (size - 1) * dilation - 1) / stride) + 1;
    return this.#type(of(height, window[0]), of(width, window[1]), multiplier);
  }

  /** One number a dimension. */
  perDimension(spatial: readonly [number | string, number | string], other: number | string): string {
    const values = this.#options.channelsFirst ? [other, other, ...spatial] : [other, ...spatial, other];
    return values.join(', ');
  }
}

function around(pad: readonly [number, number]): string {
  return `[${pad.join(', ')}]`;
}

function depthwise(options: WindowOptions): StructuredKernel {
  const shapes = new Shapes(options);
  const { window, channels, stride, dilation, pad, channelsFirst, multiplier } = shapes.options;
  const features = channels * multiplier;
  const kernel = channelsFirst
    ? `tensor<${features}x1x${window[0]}x${window[1]}xf32>`
    : `tensor<${window[0]}x${window[1]}x1x${features}xf32>`;
  const dims = channelsFirst ? '[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]' : '[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]';
  return kernelOf(`func.func @f(%x: ${shapes.input}, %w: ${kernel}) -> ${shapes.output} {
    %0 = stablehlo.convolution(%x, %w) dim_numbers = ${dims}, window = {stride = [${stride}, ${stride}], pad = [${around(pad)}, ${around(pad)}], rhs_dilate = [${dilation}, ${dilation}]} {batch_group_count = 1 : i64, feature_group_count = ${channels} : i64} : (${shapes.input}, ${kernel}) -> ${shapes.output}
    return %0 : ${shapes.output}
  }`);
}

function pooling(op: 'maximum' | 'add', options: WindowOptions): StructuredKernel {
  const shapes = new Shapes(options);
  const { window, stride, dilation, pad } = shapes.options;
  const list = (pair: readonly [number, number]): string => `array<i64: ${shapes.perDimension(pair, 1)}>`;
  return kernelOf(`func.func @f(%x: ${shapes.input}) -> ${shapes.output} {
    %p = "tessera.fusion"(%x) ({
    ^bb0(%y: ${shapes.input}):
      %i = stablehlo.constant dense<${op === 'add' ? '0.0' : '0xFF800000'}> : tensor<f32>
      %0 = "stablehlo.reduce_window"(%y, %i) ({
        ^bb0(%a: tensor<f32>, %b: tensor<f32>):
          %m = stablehlo.${op} %a, %b : tensor<f32>
          stablehlo.return %m : tensor<f32>
      }) {window_dimensions = ${list(window)}, window_strides = ${list([stride, stride])}, window_dilations = ${list([dilation, dilation])},
          padding = dense<[${shapes.perDimension([around(pad), around(pad)], '[0, 0]')}]> : tensor<4x2xi64>}
        : (${shapes.input}, tensor<f32>) -> ${shapes.output}
      stablehlo.return %0 : ${shapes.output}
    }) : (${shapes.input}) -> ${shapes.output}
    return %p : ${shapes.output}
  }`);
}

function windowOf(schedule: Schedule): WindowSchedule | undefined {
  const [stage] = schedule.stages.values();
  return stage?.kind === 'window' ? stage : undefined;
}

/** The chosen schedule, and with other tiles and bands; tiles of threads are of one point. */
function check(made: StructuredKernel, symbols: Readonly<Record<string, number>> = {}): WindowSchedule | undefined {
  const kernel = collapseAxes(made);
  const chosen = chooseSchedule(kernel, relaxedWasmTarget);
  const window = windowOf(chosen);
  const run = (schedule: Schedule): void =>
    expectSameResults(kernel, schedule, lower(kernel, schedule, relaxedWasmTarget), symbols);
  run(chosen);
  if (window === undefined) return undefined;
  const [outer] = window.outer;
  for (const [tile, bandRows] of [
    [1, 1],
    [2, 3],
    [5, 100],
  ] as const) {
    const changed: StageSchedule = { ...window, tile, bandRows };
    const tiles = outer === undefined ? [] : [{ axis: outer, size: 1 }];
    run({ ...chosen, stages: new Map([[0 as StageId, changed]]) });
    run({ ...chosen, stages: new Map([[0 as StageId, changed]]), tiles });
  }
  return window;
}

const variants: readonly (readonly [string, WindowOptions])[] = [
  ['3x3, same padding', {}],
  ['3x3, no padding', { pad: [0, 0] }],
  ['stride 2, padding behind', { stride: 2, pad: [0, 1] }],
  ['dilated', { dilation: 2, pad: [2, 2] }],
  ['5x5', { window: [5, 5], pad: [2, 2] }],
  ['7x5, rows of it in a loop', { window: [7, 5], pad: [2, 2], width: 9 }],
  ['2x2, stride 2', { window: [2, 2], stride: 2, pad: [0, 0], channels: 4 }],
  ['a window of one row', { window: [1, 3], pad: [1, 1], height: 4 }],
  ['one column', { width: 1, window: [3, 1], pad: [1, 1] }],
  ['one row of three images', { height: 1, images: 3, channels: 9 }],
  ['windows that begin outside', { height: 2, width: 3, pad: [3, 3] }],
  ['a prime of everything', { height: 11, width: 13, channels: 7 }],
  ['nothing', { height: 0, width: 5 }],
];

describe.each([false, true])('windows, channels first: %s', (channelsFirst) => {
  it.each(variants)('depthwise: %s', (_, options) => {
    check(depthwise({ ...options, channelsFirst }));
  });

  it.each(variants)('maximum: %s', (_, options) => {
    check(pooling('maximum', { ...options, channelsFirst }));
  });

  it.each(variants)('sum: %s', (_, options) => {
    check(pooling('add', { ...options, channelsFirst }));
  });

  it('of late extents', () => {
    for (const made of [
      depthwise({ height: 'h', width: 'w', channelsFirst }),
      pooling('maximum', { height: 'h', width: 'w', channelsFirst }),
    ])
      for (const [h, w] of [
        [1, 1],
        [0, 4],
        [5, 11],
        [12, 12],
      ] as const)
        expect(check(made, { h, w })?.kind).toBe('window');
  });
});

const manyOf = (value: number): readonly number[] => Array.from({ length: 40 }, () => value);

it.each([
  ['zeros of both signs', [0, -0, -0, -0, -1]],
  ['hardly a zero above', [...manyOf(-0), 0]],
  ['infinities', [Infinity, -Infinity, -Infinity, -1, 3e38, -3e38]],
  ['hardly a NaN', [...manyOf(-2), 0, 5, NaN]],
  ['much that is NaN', [NaN, -Infinity, Infinity, -0, 0, 1]],
  ['nothing above what windows begin with', [-Infinity]],
])('the maximum of %s', (_, numbers) => {
  const shape = { height: 3, width: 14, channels: 5 };
  const variants = [
    {},
    { stride: 2, pad: [0, 1] },
    { window: [2, 2], stride: 2, pad: [0, 0] },
    { channels: 3 },
  ] as const;
  for (const options of variants) {
    const kernel = collapseAxes(pooling('maximum', { ...shape, ...options }));
    const schedule = chooseSchedule(kernel, relaxedWasmTarget);
    expectSameResults(kernel, schedule, lower(kernel, schedule, relaxedWasmTarget), {}, numbers);
  }
});

describe('a window schedule', () => {
  it('takes the greatest of padding where it lies', () => {
    const kernel = collapseAxes(pooling('maximum', { width: 30, height: 8, channels: 8 }));
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, relaxedWasmTarget), relaxedWasmTarget));
    expect(text).not.toContain('alloc');
    // Of both ends of a row, and of tiles of 8 and of 4 results: exactly, should there be a NaN or a zero of either sign.
    expect(text.match(/for result/g)).toHaveLength(4);
  });

  it('has channels along lanes and slides along columns', () => {
    const window = check(depthwise({ width: 56, height: 8, channels: 8 }));
    expect(window).toMatchObject({ row: 1, tile: 8, vector: { axis: 2, lanes: 4 } });
  });

  it('loads an element that several results read once', () => {
    const kernel = collapseAxes(depthwise({ width: 4, height: 4, channels: 4, pad: [0, 0], images: 1 }));
    const text = loopKernelText(lower(kernel, chooseSchedule(kernel, relaxedWasmTarget), relaxedWasmTarget));
    // 2 results of 3x3 places: 3 rows of 4 elements and 9 weights.
    expect(text.match(/: f32x4 = in0\[/g)).toHaveLength(12);
    expect(text.match(/: f32x4 = in1\[/g)).toHaveLength(9);
  });

  it('has no lanes where channels are too few', () => {
    for (const made of [
      depthwise({ channels: 3 }),
      pooling('maximum', { channels: 3 }),
      pooling('add', { channels: 2 }),
    ])
      expect(check(made)).toMatchObject({ vector: { lanes: 1 } });
  });

  it('is not for what is no window', () => {
    expect(check(pooling('add', { channels: 4, window: [9, 9], height: 9, width: 9, pad: [0, 0] }))).toBeUndefined();
  });
});

it('a large window of products has its rows in a loop, so that a tile keeps enough sums', () => {
  const scheduleOf = (window: readonly [number, number]): WindowSchedule | undefined =>
    windowOf(
      chooseSchedule(collapseAxes(depthwise({ window, height: 16, width: 16, pad: [0, 0] })), relaxedWasmTarget),
    );
  expect(scheduleOf([7, 7])).toMatchObject({ rolled: 1, tile: 5 });
  expect(scheduleOf([3, 3])?.rolled).toBeUndefined();
});

describe('several features of a channel', () => {
  it.each([
    ['2, channels over a vector', { multiplier: 2, channels: 5 }],
    ['3', { multiplier: 3, channels: 4, stride: 2, pad: [0, 1] }],
    ['4, of two images', { multiplier: 4, channels: 4, images: 2, height: 3, width: 4 }],
    ['7, more than a tile has', { multiplier: 7, channels: 4, height: 3, width: 4 }],
    ['2, a window in a loop', { multiplier: 2, channels: 4, window: [7, 5], pad: [2, 2] }],
    ['2 of one channel', { multiplier: 2, channels: 1 }],
    ['2, channels first', { multiplier: 2, channels: 3, channelsFirst: true }],
  ] as const satisfies readonly (readonly [string, WindowOptions])[])('%s', (_, options) => {
    check(depthwise(options));
  });

  it('of late extents', () => {
    check(depthwise({ multiplier: 2, channels: 4, height: 'h', width: 'w' }), { h: 5, w: 6 });
  });

  it('share what they read: lanes along channels, weights packed, results interleaved', () => {
    const kernel = collapseAxes(depthwise({ multiplier: 2, channels: 4, pad: [0, 0] }));
    const schedule = chooseSchedule(kernel, relaxedWasmTarget);
    expect(windowOf(schedule)?.beside).toBeDefined();
    const many = collapseAxes(depthwise({ multiplier: 2, channels: 200, window: [5, 5], pad: [2, 2] }));
    expect(windowOf(chooseSchedule(many, relaxedWasmTarget))?.beside).toBeDefined();
    const text = loopKernelText(lower(kernel, schedule, relaxedWasmTarget));
    expect(text).toContain('alloc factor: f32[72]');
    expect(text).toContain('shuffle');
  });
});

it('an image of which a tile has a part, inside of a padded dimension', () => {
  const [x, w, y] = ['tensor<8x3x4xf32>', 'tensor<5x1x4xf32>', 'tensor<2x3x4xf32>'];
  const kernel = collapseAxes(
    kernelOf(`func.func @f(%x: ${x}, %w: ${w}) -> ${y} {
      %0 = stablehlo.convolution(%x, %w) dim_numbers = [0, b, f]x[0, i, o]->[0, b, f], window = {stride = [3], pad = [[1, -1]]} {batch_group_count = 1 : i64, feature_group_count = 4 : i64} : (${x}, ${w}) -> ${y}
      return %0 : ${y}
    }`),
  );
  const chosen = chooseSchedule(kernel, relaxedWasmTarget);
  const [axis] = windowOf(chosen)?.outer ?? [];
  expect(axis).toBeDefined();
  if (axis === undefined) return;
  const schedule = { ...chosen, tiles: [{ axis, size: 1 }] };
  expectSameResults(kernel, schedule, lower(kernel, schedule, relaxedWasmTarget));
});

it('rows whose windows lie inside need no image', () => {
  const textOf = (options: WindowOptions): string => {
    const kernel = collapseAxes(depthwise({ channels: 4, ...options }));
    return loopKernelText(lower(kernel, chooseSchedule(kernel, relaxedWasmTarget), relaxedWasmTarget));
  };
  const inside = (text: string): string => /if \(true & .*<= 14\)\) \{[^]*?\} else \{/.exec(text)?.[0] ?? '';
  const tall = inside(textOf({ height: 14, width: 10 }));
  expect(tall).toContain('in0');
  expect(tall).not.toContain('image');
  // Most rows of a small picture have padding: one image for all.
  expect(inside(textOf({ height: 5, width: 5 }))).toBe('');
});

it.each([
  ['infinite weights beside padding', [Infinity, 1, 2]],
  ['NaN', [NaN, 1, 2, 3]],
])('%s', (_, numbers) => {
  const kernel = collapseAxes(depthwise({ height: 9, width: 11, channels: 4 }));
  const schedule = chooseSchedule(kernel, relaxedWasmTarget);
  expect(windowOf(schedule)?.isDirect).toBe(true);
  expectSameResults(kernel, schedule, lower(kernel, schedule, relaxedWasmTarget), {}, numbers);
});
