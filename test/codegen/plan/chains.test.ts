import { describe, expect, it } from 'vitest';
import { interpretPlan } from '../../../codegen/plan/interpret-plan.ts';
import { planKernels } from '../../../codegen/plan/plan.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { stackBytesOf } from '../../../codegen/wasm/print-kernel.ts';
import { attentionText } from './attention-text.ts';
import { inputsOf, plansOf, target, valuesOf } from './run-chains.ts';

describe('a chain of scores, softmax and product', () => {
  it('gives the bits of three kernels, in both ways to run it', () => {
    const { apart, chained, remarks } = plansOf(attentionText({ queries: 13, keys: 40, depth: 5 }, { mask: 'bias' }));
    expect([apart, chained].map((plan) => planKernels(plan).length)).toEqual([3, 1]);
    expect(remarks).toEqual([
      expect.stringMatching(/^3 kernels in one, block by block: 24960 bytes are not kept .* instead of/),
    ]);
    const inputs = inputsOf(apart);
    const expected = valuesOf(new WasmProgram(apart).run(inputs));
    expect(valuesOf(new WasmProgram(chained).run(inputs))).toEqual(expected);
    expect(valuesOf(interpretPlan(chained, inputs).outputs)).toEqual(expected);
  });
});

describe('a chain of convolutions', () => {
  it('row by row, whose window is copied with its padding, gives the bits of each alone', () => {
    const shapes = ['1x2x9x5x3', '1x2x5x3x5', '1x2x9x5x5', '1x2x9x5x10'];
    const [image, filter, result, both] = shapes.map((dims) => `tensor<${dims}xf32>`);
    const text = `func.func @main(%x: ${image}, %w: ${filter}, %y: ${result}) -> ${both} {
      %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, 2, f]x[0, 1, 2, i, o]->[b, 0, 1, 2, f], window = {pad = [[0, 0], [0, 1], [2, 2]]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (${image}, ${filter}) -> ${result}
      %1 = stablehlo.concatenate %0, %y, dim = 4 : (${result}, ${result}) -> ${both}
      return %1 : ${both}
    }`;
    const { apart, chained } = plansOf(text, { ...wasmTarget, caches: { l1: 256, l2: 512 } });
    expect(chained.steps).toHaveLength(1);
    const inputs = inputsOf(apart);
    const expected = valuesOf(interpretPlan(apart, inputs).outputs);
    expect(valuesOf(interpretPlan(chained, inputs).outputs)).toEqual(expected);
  });

  it('of some images at a time, whose padding is copied, gives the bits of each alone', () => {
    const [images, filter] = ['tensor<5x6x6x8xf32>', 'tensor<3x3x8x8xf32>'];
    const convolve = (lhs: string): string =>
      `stablehlo.convolution(${lhs}, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}
        {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (${images}, ${filter}) -> ${images}`;
    const text = `func.func @main(%x: ${images}, %w: ${filter}) -> ${images} {
      %0 = ${convolve('%x')}
      %1 = ${convolve('%0')}
      return %1 : ${images}
    }`;
    // Room for three images in half of it.
    const { apart, chained } = plansOf(text, { ...target, caches: { l1: 1 << 10, l2: 8 << 10 } });
    expect([apart, chained].map(({ steps }) => steps.length)).toEqual([2, 1]);
    const inputs = inputsOf(apart);
    const expected = valuesOf(interpretPlan(apart, inputs).outputs);
    expect(valuesOf(interpretPlan(chained, inputs).outputs)).toEqual(expected);
    expect(valuesOf(new WasmProgram(chained).run(inputs))).toEqual(expected);
  });
});

/** Two dense layers, constant weights. */
function denseLayersText(rows: number, width: number, hidden: number): string {
  const matrix = (m: number, n: number): string => `tensor<${m}x${n}xf32>`;
  const weights = (m: number, n: number): string => {
    const { buffer } = Float32Array.from({ length: m * n }, (_, at) => (at % 7) - 3);
    return `stablehlo.constant dense<"0x${Buffer.from(buffer).toString('hex').toUpperCase()}"> : ${matrix(m, n)}`;
  };
  const product = (lhs: string, rhs: string, k: number, n: number): string =>
    `stablehlo.dot_general ${lhs}, ${rhs}, contracting_dims = [1] x [0] : (${matrix(rows, k)}, ${matrix(k, n)}) -> ${matrix(rows, n)}`;
  return `func.func @main(%x: ${matrix(rows, width)}) -> ${matrix(rows, width)} {
    %w1 = ${weights(width, hidden)}
    %w2 = ${weights(hidden, width)}
    %0 = ${product('%x', '%w1', width, hidden)}
    %1 = stablehlo.tanh %0 : ${matrix(rows, hidden)}
    %2 = ${product('%1', '%w2', hidden, width)}
    return %2 : ${matrix(rows, width)}
  }`;
}

describe('what is chained', () => {
  it('needs a few megabytes for 12 heads of 2048, not two hundred', () => {
    const { apart, chained } = plansOf(
      attentionText({ batch: 1, heads: 12, queries: 2048, keys: 2048, depth: 64 }),
      wasmTarget,
    );
    expect(apart.peakBytes).toBe(12 * 2048 * 2048 * 4);
    expect(chained.peakBytes).toBe(0);
    expect(planKernels(chained).map(({ body }) => stackBytesOf(body))).toEqual([expect.closeTo(1.5 * 2 ** 20, -5)]);
  });

  it('is not what somebody else reads', () => {
    const { chained, remarks } = plansOf(attentionText({}, { givesScores: true }));
    expect(planKernels(chained)).toHaveLength(2);
    expect(remarks).toEqual([expect.stringMatching(/^2 kernels in one, block by block: 9384 bytes/)]);
  });

  it('is not what reads matrices again for each block, larger than the cache, unless that holds them', () => {
    const text = denseLayersText(1536, 96, 192);
    const small = plansOf(text, { ...wasmTarget, caches: { l1: 8 << 10, l2: 96 << 10 } }, {});
    expect(small.remarks).toEqual([expect.stringMatching(/^2 kernels stay apart: .* less for each alone/)]);
    const large = plansOf(text, { ...wasmTarget, caches: { l1: 8 << 10, l2: 160 << 10 } }, {});
    expect(large.remarks).toEqual([expect.stringMatching(/^2 kernels in one, block by block: 1179648 bytes/)]);
    expect([small, large].map(({ chained }) => planKernels(chained).length)).toEqual([2, 1]);
  });

  it('is nothing that fits the cache', () => {
    const { apart, chained } = plansOf(attentionText(), wasmTarget, {});
    expect(planKernels(chained)).toHaveLength(planKernels(apart).length);
  });
});
