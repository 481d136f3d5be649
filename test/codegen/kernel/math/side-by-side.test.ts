/** exp, logistic and log of several registers at once take a shorter way where all lanes are far from the ends of their range. */
import { describe, expect, it } from 'vitest';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { interpretPlan } from '../../../../codegen/plan/interpret-plan.ts';
import { planKernels } from '../../../../codegen/plan/plan.ts';
import { WasmProgram } from '../../../../compiler/driver/run-wasm.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { compiledPlan } from '../../plan/run-plan.ts';

type Float = 'f32' | 'f64';

function program(op: string, dtype: Float, count: number): WasmProgram {
  const type = `tensor<${count}x${dtype}>`;
  return new WasmProgram(
    compiledPlan(`func.func @main(%x: ${type}) -> ${type} {
      %0 = stablehlo.${op} %x : ${type}
      return %0 : ${type}
    }`),
  );
}

function arrayOf(dtype: Float, values: readonly number[]): Float32Array | Float64Array {
  return dtype === 'f32' ? Float32Array.from(values) : Float64Array.from(values);
}

function resultOf(from: WasmProgram, dtype: Float, values: readonly number[]): readonly number[] {
  const [result] = from.run([new Tensor(dtype, [values.length], arrayOf(dtype, values))]);
  return Array.from(result?.values ?? [], Number);
}

const ends: Readonly<Record<Float, readonly number[]>> = {
  f32: [
    1.1754943e-38, 1.1754942e-38, 16, 16.000002, 16.7, 17.4, 86.9, 87, 87.1, 87.33654, 87.4, 88.7, 88.73, 89, 103.9,
    104, 110, 3e38,
  ],
  f64: [
    2.2250738585072014e-308, 2e-308, 36, 36.00000000000001, 37, 707.9, 708, 708.1, 708.39, 709.7, 709.8, 710, 745.1,
    746, 800, 1e308,
  ],
};

describe.each(['exponential', 'logistic', 'log', 'tanh'])('%s, several vectors side by side', (op) => {
  it.each(['f32', 'f64'] as const)('gives the bits of one vector, %s', (dtype) => {
    const [wide, narrow] = [program(op, dtype, 64), program(op, dtype, 3)];
    const special = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e-40, ...ends[dtype].flatMap((end) => [end, -end])];
    const alone = (value: number): number | undefined => resultOf(narrow, dtype, [value, value, value])[0];
    // Plain, so that one lane alone asks for the other way.
    const others = Array.from({ length: 64 }, (_, lane) => (op === 'log' ? 1 : -15) + ((lane * 37) % 64) / 2.5);
    const results = others.map(alone);
    for (const [position, value] of special.entries())
      expect(resultOf(wide, dtype, others.with(position % 64, value))).toEqual(
        results.with(position % 64, alone(value)),
      );
  });
});

describe.each([32, 33, 47, 48, 63, 131])('the sum of %i exponentials', (count) => {
  const x = `tensor<${count}xf32>`;
  const model = `func.func @main(%x: ${x}) -> tensor<f32> {
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %e = stablehlo.exponential %x : ${x}
    %s = stablehlo.reduce(%e init: %zero) applies stablehlo.add across dimensions = [0] : (${x}, tensor<f32>) -> tensor<f32>
    return %s : tensor<f32>
  }`;
  const plan = compiledPlan(model);
  const wasm = new WasmProgram(plan);

  it('tests the range of several registers together', () => {
    expect(planKernels(plan).map(loopKernelText).join('')).toMatch(/if \(reduce_maximum/);
  });

  it.each([0, -200, -Infinity, 88, NaN])('has all of them, one of %d in any place among them', (special) => {
    for (const place of [0, 15, 31, count - 1]) {
      const values = Array.from({ length: count }, (_, at) => (at === place ? special : ((at * 37) % 101) / 50 - 1));
      const input = new Tensor('f32', [count], Float32Array.from(values));
      const expected = values.reduce((sum, value) => sum + Math.exp(value), 0);
      const sum = Number(wasm.run([input])[0]?.values[0]);
      if (Number.isNaN(expected)) expect(sum).toBeNaN();
      else expect(Math.abs(sum / expected - 1)).toBeLessThan(count * 2 ** -24);
      const [interpreted] = interpretPlan(plan, [input]).outputs;
      expect(Array.from(interpreted?.values ?? [], Number)).toEqual([sum]);
    }
  });
});

describe('the schedule of exp', () => {
  const textOf = (op: string): string =>
    planKernels(program(op, 'f32', 64).plan)
      .map(loopKernelText)
      .join('');

  it('tests several registers together', () => {
    expect(textOf('exponential')).toMatch(/reduce_maximum/);
    expect(textOf('log')).toMatch(/reduce_maximum/);
  });

  it('has no test for tanh, whose one formula is right for all numbers', () => {
    expect(textOf('tanh')).not.toMatch(/reduce_|if/);
  });
});
