import { describe, expect, it } from 'vitest';
import { compileKernel, simplifiedKernel } from '../../../../codegen/kernel/compile-kernel.ts';
import { chooseSchedule } from '../../../../codegen/kernel/heuristics.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import type { WindowSchedule } from '../../../../codegen/kernel/schedule.ts';
import type { StructuredKernel } from '../../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { foldLine, keptLevels, workOfLine } from '../../../../codegen/kernel/window/fold-line.ts';
import { kernelOf } from '../../kernelize/expect-kernel.ts';
import { runBoth } from '../../wasm/run-kernel.ts';
import { interpretedOutputs } from '../interpreted-outputs.ts';
import { checkApart, type Pooling, pooling, windowOf } from './pooling-kernels.ts';

describe('runs that results share', () => {
  const windows = [1, 2, 3, 7, 8, 13, 31, 32].flatMap((window) =>
    [1, 2, 3].flatMap((stride) => [1, 2].map((dilation) => ({ window, stride, dilation }))),
  );

  it.each(windows)('$window places, stride $stride, dilation $dilation', (line) => {
    for (const canRepeat of [false, true])
      for (const results of [1, 5]) {
        const seen: number[] = [];
        foldLine<readonly number[]>(line, canRepeat, results, {
          element: (at) => [at],
          join: (a, b) => [...a, ...b],
          visit: (result, places) => {
            seen.push(result);
            const wanted = Array.from({ length: line.window }, (_, i) => result * line.stride + i * line.dilation);
            const found = canRepeat ? [...new Set(places)].toSorted((a, b) => a - b) : places;
            expect(found).toEqual(wanted);
          },
        });
        expect(seen).toEqual(Array.from({ length: results }, (_, i) => i));
      }
  });

  it('are read where they are kept', () => {
    const line = { window: 109, stride: 1, dilation: 1 };
    const kept = keptLevels(line) ?? [];
    expect(kept).toEqual([0, 4, 6]);
    const levels: number[] = [];
    foldLine<readonly number[]>(
      line,
      false,
      1,
      {
        element: (at, level) => {
          levels.push(level);
          return Array.from({ length: 2 ** level }, (_, i) => at + i);
        },
        join: (a, b) => [...a, ...b],
        visit: (_, places) => expect(places).toEqual(Array.from({ length: 109 }, (__, i) => i)),
      },
      kept,
    );
    expect(levels.filter((level) => level > 0)).toEqual([6, 4, 4]);
    expect(keptLevels({ ...line, window: 32 })).toBeUndefined();
  });

  it('takes about the logarithm of the window for each of many results', () => {
    const { reads, joins } = workOfLine({ window: 32, stride: 1, dilation: 1 }, true, 256);
    expect(reads).toBe(256 + 31);
    expect(joins / 256).toBeLessThan(5.5);
  });
});

describe('windows taken apart', () => {
  it.each(['maximum', 'add'])('%s over rows and columns, padded, some columns over a vector', (op) => {
    checkApart(
      pooling({ op, shape: [1, 5, 6, 5], result: [1, 5, 6, 5], window: [1, 9, 9, 1], pads: [0, 4, 4, 0] }),
      {},
      op === 'add' ? undefined : [NaN, 0, -0, -3, 2],
    );
  });
});

it('small windows, and short sums of floats, stay whole', () => {
  const chosen = (options: Pooling): WindowSchedule | undefined => {
    const kernel = simplifiedKernel(pooling(options), relaxedWasmTarget);
    return windowOf(chooseSchedule(kernel, relaxedWasmTarget));
  };
  const small = { shape: [1, 9, 9, 4], result: [1, 7, 7, 4], window: [1, 3, 3, 1] };
  expect(chosen({ op: 'maximum', ...small })?.apart).toBeUndefined();
  const short = { shape: [1, 40, 4], result: [1, 10, 4], window: [1, 31, 1] };
  expect(chosen({ op: 'add', ...short })).toMatchObject({ kind: 'window' });
  expect(chosen({ op: 'add', ...short })?.apart).toBeUndefined();
});

it('what an operand is added to may lie where that is: lanes are written once', () => {
  const textOf = (residual: boolean): string => {
    const [x, y] = ['tensor<1x12x12x6xf32>', 'tensor<1x4x4x6xf32>'];
    const kernel = kernelOf(`func.func @f(%x: ${x}, %r: ${y}) -> ${y} {
      %p = "tessera.fusion"(%x, %r) ({
      ^bb0(%a: ${x}, %b: ${y}):
        %i = stablehlo.constant dense<0xFF800000> : tensor<f32>
        %0 = "stablehlo.reduce_window"(%a, %i) ({
          ^bb0(%c: tensor<f32>, %d: tensor<f32>):
            %m = stablehlo.maximum %c, %d : tensor<f32>
            stablehlo.return %m : tensor<f32>
        }) {window_dimensions = array<i64: 1, 9, 9, 1>} : (${x}, tensor<f32>) -> ${y}
        %1 = stablehlo.add %0, ${residual ? '%b' : '%0'} : ${y}
        stablehlo.return %1 : ${y}
      }) : (${x}, ${y}) -> ${y}
      return %p : ${y}
    }`);
    return loopKernelText(compileKernel(kernel, relaxedWasmTarget).loops);
  };
  expect(textOf(false)).toMatch(/minimum\(at(\.\d+)?, 2\)/);
  expect(textOf(true)).not.toMatch(/minimum\(at(\.\d+)?, 2\)/);
});

it.each([1, 5, 24])('a late size gives the bits of a known one: %i', (h) => {
  {
    const channels = 5;
    const sum = (height: number | string): StructuredKernel =>
      pooling({ op: 'add', shape: [1, height, 9, channels], result: [1, height, 9, channels], window: [1, 7, 7, 1], pads: [0, 3, 3, 0] }); // prettier-ignore
    expect(interpretedOutputs(sum('h'), { h })).toEqual(interpretedOutputs(sum(h)));
  }
});

it('the same in WebAssembly', () => {
  for (const options of [
    { op: 'maximum', shape: [1, 21, 20, 6], result: [1, 21, 20, 6], window: [1, 9, 9, 1], pads: [0, 4, 4, 0] },
    { op: 'add', shape: [1, 21, 22], result: [1, 13, 14], window: [1, 9, 9] },
    { op: 'maximum', shape: [1, 120, 5], result: [1, 120, 5], window: [1, 45, 1], pads: [0, 22, 0] },
  ]) {
    const { loops } = compileKernel(pooling(options), relaxedWasmTarget);
    const [input, output] = loops.buffers.map(({ size }) => new Float32Array(Number(size)));
    if (input === undefined || output === undefined) throw new Error('a kernel without buffers');
    input.forEach((_, i) => (input[i] = (i * 7919) % 23 === 0 ? NaN : ((i * 37) % 101) - 50));
    const { wasm, reference } = runBoth(loops, [input, output]);
    expect(wasm).toEqual(reference);
  }
});
