import { describe, it } from 'vitest';
import { checkApart, type Pooling, pooling } from './pooling-kernels.ts';

const cases: readonly (readonly [string, Omit<Pooling, 'op'>])[] = [
  ['9x9', { shape: [1, 12, 13, 5], result: [1, 4, 5, 5], window: [1, 9, 9, 1] }],
  ['9x9 with padding', { shape: [1, 7, 6, 6], result: [1, 7, 6, 6], window: [1, 9, 9, 1], pads: [0, 4, 4, 0] }],
  ['a window larger than the picture', { shape: [1, 3, 2, 4], result: [1, 3, 2, 4], window: [1, 9, 9, 1], pads: [0, 4, 4, 0] }],
  ['stride 2', { shape: [1, 17, 15, 9], result: [1, 5, 4, 9], window: [1, 9, 9, 1], strides: [1, 2, 2, 1] }],
  ['stride 3, dilated', { shape: [1, 25, 24, 4], result: [1, 3, 4, 4], window: [1, 9, 9, 1], strides: [1, 3, 3, 1], dilations: [1, 2, 2, 1], pads: [0, 0, 2, 0] }],
  ['dilated, with padding', { shape: [1, 11, 9, 4], result: [1, 5, 3, 4], window: [1, 9, 9, 1], dilations: [1, 2, 2, 1], pads: [0, 5, 5, 0] }],
  ['channels first', { shape: [2, 3, 13, 14], result: [2, 3, 5, 6], window: [1, 1, 9, 9] }],
  ['channels first, with padding', { shape: [1, 2, 7, 7], result: [1, 2, 7, 7], window: [1, 1, 9, 9], pads: [0, 0, 4, 4] }],
  ['channels first, stride 2', { shape: [1, 2, 13, 15], result: [1, 2, 3, 4], window: [1, 1, 9, 9], strides: [1, 1, 2, 2] }],
  ['three dimensions', { shape: [1, 7, 8, 6, 5], result: [1, 3, 4, 2, 5], window: [1, 5, 5, 5, 1] }],
  ['three dimensions with padding', { shape: [1, 4, 3, 5, 4], result: [1, 4, 3, 5, 4], window: [1, 5, 5, 5, 1], pads: [0, 2, 2, 2, 0] }],
  ['one channel', { shape: [1, 12, 11, 1], result: [1, 4, 3, 1], window: [1, 9, 9, 1] }],
  ['one row of many places', { shape: [2, 60, 5], result: [2, 23, 5], window: [1, 38, 1] }],
  ['one row with padding', { shape: [1, 30, 4], result: [1, 30, 4], window: [1, 33, 1], pads: [0, 16, 0] }],
  ['a series, lanes along it', { shape: [110], result: [40], window: [71] }],
  ['a series with padding', { shape: [80], result: [80], window: [71], pads: [35] }],
  ['a series, stride 2, dilated', { shape: [1, 230, 5], result: [1, 47, 5], window: [1, 69, 1], strides: [1, 2, 1], dilations: [1, 2, 1] }],
  ['a long window with padding', { shape: [2, 90, 6], result: [2, 90, 6], window: [1, 101, 1], pads: [0, 50, 0] }],
  ['a long window of one line of two', { shape: [1, 3, 90, 4], result: [1, 2, 13, 4], window: [1, 2, 78, 1] }],
  ['runs of runs', { shape: [1, 460, 2], result: [1, 37, 2], window: [1, 424, 1] }],
  ['nothing', { shape: [1, 0, 12, 4], result: [1, 0, 4, 4], window: [1, 9, 9, 1], pads: [0, 4, 0, 0] }],
]; // prettier-ignore

describe.each(['maximum', 'minimum', 'add'])('windows taken apart: %s', (op) => {
  it.each(cases)('%s', (_, options) => {
    checkApart(pooling({ ...options, op }));
  });
});

it.each([
  ['maximum', 'i32', '-2147483648'],
  ['add', 'i32', '0'],
  ['and', 'i32', '-1'],
  ['or', 'i32', '0'],
  ['multiply', 'i32', '1'],
  ['maximum', 'f64', '0xFFF0000000000000'],
] as const)('%s of %s', (op, type, initial) => {
  checkApart(pooling({ op, type, initial, shape: [1, 12, 11, 5], result: [1, 4, 3, 5], window: [1, 9, 9, 1] }));
});

it('of late extents', () => {
  for (const op of ['maximum', 'add'])
    for (const [h, w] of [
      [1, 1],
      [0, 3],
      [5, 12],
      [24, 10],
    ] as const)
      // prettier-ignore
      for (const shape of [[1, 'h', 'w', 4], [1, 'h', 'w', 6]]) // prettier-ignore
        checkApart(pooling({ op, shape, result: shape, window: [1, 9, 9, 1], pads: [0, 4, 4, 0] }), { h, w });
});

const many = (value: number): readonly number[] => Array.from({ length: 300 }, () => value);

it.each([
  ['zeros of both signs', [0, -0, -0, -0, -1]],
  ['hardly a zero above', [...many(-0), 0]],
  ['hardly a NaN', [...many(-2), 0, 5, NaN]],
  ['infinities of both signs', [Infinity, -Infinity, -1, 3e38]],
  ['nothing above what windows begin with', [-Infinity]],
])('the maximum of %s', (_, numbers) => {
  for (const pad of [0, 4])
    for (const channels of [5, 3]) {
      const result = pad === 0 ? [1, 2, 4, channels] : [1, 10, 12, channels];
      const options = { op: 'maximum', shape: [1, 10, 12, channels], result, window: [1, 9, 9, 1] };
      checkApart(pooling({ ...options, pads: [0, pad, pad, 0] }), {}, numbers);
    }
});
