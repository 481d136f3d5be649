/** Convolutions by fewer multiplications, compiled: on numbers of few bits every order of sums gives the same. */
import { describe, expect, it } from 'vitest';
import { planText } from '../../../codegen/plan/plan-text.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { compiledPlan, load, mainOf, runEverywhere, seededInputs } from './run-plan.ts';

interface Size {
  readonly batch: number | 'n';
  readonly height: number;
  readonly width: number;
  readonly features: number;
}

/** A block: convolution, bias, relu, convolution, and the input added. */
function block({ batch, height, width, features }: Size, isChannelsFirst = false): string {
  const count = batch === 'n' ? '?' : String(batch);
  const dims = isChannelsFirst ? [features, height, width] : [height, width, features];
  const names = batch === 'n' ? ', #tessera.tensor<dims = [n <= 4, _, _, _]>' : '';
  const type = `tensor<${count}x${dims.join('x')}xf32${names}>`;
  const weights = isChannelsFirst
    ? `tensor<${features}x${features}x3x3xf32>`
    : `tensor<3x3x${features}x${features}xf32>`;
  const order = isChannelsFirst ? '[b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1]' : '[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]';
  const conv = (result: string, input: string, w: string): string =>
    `%${result} = stablehlo.convolution(%${input}, %${w}) dim_numbers = ${order}, window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (${type}, ${weights}) -> ${type}`;
  return `func.func @main(%x: ${type}, %v: ${weights}, %w: ${weights}, %bias: tensor<${features}xf32>) -> ${type} {
${conv('a', 'x', 'v')}
%b = stablehlo.broadcast_in_dim %bias, dims = [${isChannelsFirst ? 1 : 3}] : (tensor<${features}xf32>) -> ${type}
%c = stablehlo.add %a, %b : ${type}
%r = stablehlo.maximum %c, %a : ${type}
${conv('d', 'r', 'w')}
%y = stablehlo.add %d, %x : ${type}
return %y : ${type}
}`;
}

describe('a block of two convolutions by fewer multiplications', () => {
  it.each<readonly [string, Size]>([
    ['whole tiles', { batch: 1, height: 12, width: 16, features: 16 }],
    ['tiles past both ends', { batch: 1, height: 13, width: 15, features: 24 }],
    ['odd features', { batch: 1, height: 14, width: 14, features: 19 }],
    ['three images', { batch: 3, height: 11, width: 12, features: 20 }],
  ])('%s', (_, size) => {
    for (const isChannelsFirst of [false, true]) {
      const { plan, expected, kernel, wasm } = runEverywhere(block(size, isChannelsFirst));
      expect(planText(plan)).not.toContain('convolution');
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
    }
  });

  it('takes a batch bound late, of the same numbers', () => {
    const size: Size = { batch: 'n', height: 13, width: 12, features: 20 };
    const late = compiledPlan(block(size));
    expect(planText(late)).not.toContain('convolution');
    for (const n of [1, 3]) {
      const known = block({ ...size, batch: n });
      const inputs = seededInputs(mainOf(load(known)));
      const [result] = new WasmProgram(late).run(inputs);
      const [expected] = new WasmProgram(compiledPlan(known)).run(inputs);
      expect(result?.values).toEqual(expected?.values);
    }
  });

  it('keeps the transforms to themselves: no image is padded in memory, none is transposed', () => {
    const plan = compiledPlan(block({ batch: 1, height: 28, width: 28, features: 64 }));
    expect(plan.steps.map(({ kind }) => kind)).toEqual(plan.steps.map(() => 'call'));
    expect(planText(plan)).not.toMatch(/call (pad|transpose|relayout)\(/);
    expect(plan.steps.length, planText(plan)).toBeLessThanOrEqual(8);
  });
});
