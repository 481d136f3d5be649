import { describe, expect, it } from 'vitest';
import { chooseContractionSchedule } from '../../../../codegen/kernel/contraction/choose-schedule.ts';
import type { ContractionSchedule } from '../../../../codegen/kernel/schedule.ts';
import type { IndexExpr, StructuredKernel } from '../../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import {
  access, accumulator, at, axis, binaryValue, bufferId, contraction, evaluateDirectly, load, makeValues, number, plus, relu, runLowered, times,
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
}

/** Axes: 0 image, 1 y, 2 x, 3 output feature, 4 window y, 5 window x, 6 input feature, 7 group. Buffers: image, window, out, bias. */
function convolution(options: ConvolutionOptions): StructuredKernel {
  const { channelsFirst = false, size = 7, window = 3, stride = 1, pad = 1, dilation = 1 } = options;
  const { inputs = 5, outputs = 9, groups = 1, isConstant = true } = options;
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
  return contraction({
    extents: [2, extent, extent, outputs, window, window, inputs, ...(isGrouped ? [groups] : [])],
    reduction: [4, 5, 6],
    dtype: 'f32',
    buffers: [
      { name: 'image', role: 'in', dtype: 'f32', shape: dims(2, size, size, inputs * groups) },
      { name: 'window', role: 'in', dtype: 'f32', shape: [window, window, inputs, outputs * groups], isConstant },
      { name: 'out', role: 'out', dtype: 'f32', shape: dims(2, extent, extent, outputs * groups) },
      { name: 'bias', role: 'in', dtype: 'f32', shape: [outputs * groups] },
    ],
    lhs: load('f32', 0, dims(at(0), y, x, inGroup(6, inputs)), guards),
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
    ['16 output features', { outputs: 16, inputs: 3 }],
  ];

  it.each(variants)('channels last: %s', (_, options) => {
    check(options, [
      channelsLast,
      { ...channelsLast, kc: 1000 },
      { ...channelsLast, lhs: 'direct' },
      { ...channelsLast, kc: 7 },
    ]);
  });

  it.each(variants)('channels first: %s', (_, options) => {
    check({ ...options, channelsFirst: true }, [
      channelsFirst,
      { ...channelsFirst, kc: 1000 },
      { ...channelsFirst, rhs: 'direct' },
    ]);
  });

  it('takes groups as a batch', () => {
    for (const isConstant of [true, false]) check({ groups: 3, isConstant }, [{ ...channelsLast, batch: [axis(7)] }]);
  });
});
