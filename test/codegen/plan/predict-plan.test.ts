import { describe, expect, it } from 'vitest';
import { isWorthForking, scaledRates, zen5Rates } from '../../../codegen/kernel/cost-model.ts';
import { relaxedWasmTarget } from '../../../codegen/kernel/target-info.ts';
import { predictPlan, type PlanPrediction } from '../../../codegen/plan/predict-plan.ts';
import { loadModule } from '../../../compiler/driver/load-module.ts';
import { optimise, planFunction } from '../../../compiler/driver/compile-module.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { SourceFile } from '../../../ir/source.ts';

function predict(text: string, symbols?: Readonly<Record<string, number>>): PlanPrediction {
  const sink = new DiagnosticSink();
  const module = loadModule(new SourceFile('model.mlir', text), sink);
  if (module === undefined) throw new Error(sink.all.map(({ message }) => message).join());
  optimise(module, sink);
  const plan = planFunction(module, 'main', relaxedWasmTarget);
  return predictPlan(plan, relaxedWasmTarget, { symbols: new Map(Object.entries(symbols ?? {})) });
}

function matmul(m: number, k: number, n: number): string {
  const [a, b, c] = [`tensor<${m}x${k}xf32>`, `tensor<${k}x${n}xf32>`, `tensor<${m}x${n}xf32>`];
  return `func.func @main(%x: ${a}, %w: ${b}) -> ${c} {
    %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (${a}, ${b}) -> ${c}
    return %0 : ${c}
  }`;
}

function doubled(shape: string): string {
  const type = `tensor<${shape}>`;
  return `func.func @main(%x: ${type}) -> ${type} {
    %0 = stablehlo.add %x, %x : ${type}
    return %0 : ${type}
  }`;
}

describe('the cost model', () => {
  it.each([
    [64, 64, 64],
    [128, 72, 256],
    [960, 1000, 512],
  ])('counts the multiply-adds of a matrix product of %i x %i x %i', (m, k, n) => {
    const { flops } = predict(matmul(m, k, n));
    expect(flops).toBe(2 * m * k * n);
  });

  it('counts the lanes that edges of a tile compute', () => {
    const { flops } = predict(matmul(61, 64, 67));
    expect(flops).toBeGreaterThanOrEqual(2 * 61 * 64 * 67);
    expect(flops).toBeLessThan(2 * 61 * 64 * 67 * 1.25);
  });

  it('has a large product run near the peak, and a small one far from it', () => {
    const peak = zen5Rates.cyclesPerSecond * 16;
    const large = predict(matmul(512, 512, 512));
    const small = predict(matmul(5, 5, 5));
    expect(large.flops / large.seconds / peak).toBeGreaterThan(0.6);
    expect(large.flops / large.seconds / peak).toBeLessThan(1);
    expect(small.flops / small.seconds / peak).toBeLessThan(0.1);
  });

  it('has elements come from the cache that holds them', () => {
    const seconds = [1 << 10, 1 << 16, 1 << 20, 1 << 25].map((size) => predict(doubled(`${size}xf32`)));
    const perElement = seconds.map(({ flops, steps }) => (steps[0]?.prediction.seconds ?? 0) / flops);
    expect(perElement[3]).toBeGreaterThan(2 * (perElement[0] ?? 0));
    for (const [index, each] of perElement.entries())
      if (index > 1) expect(each).toBeGreaterThanOrEqual(perElement[index - 1] ?? 0);
    expect(seconds.at(-1)?.steps[0]?.prediction.boundBy).toBe('memory');
  });

  it('follows a loop that data may end to where it ends at the latest', () => {
    const text = (n: number): string => `func.func @main(%x: tensor<${n}xf32>) -> (tensor<50xf32>, tensor<50xi32>) {
      %v, %i = chlo.top_k(%x, k = 50) : tensor<${n}xf32> -> (tensor<50xf32>, tensor<50xi32>)
      return %v, %i : tensor<50xf32>, tensor<50xi32>
    }`;
    const [long, short] = [1 << 20, 1 << 17].map((n) => predict(text(n)).seconds);
    expect(long).toBeGreaterThan(3 * (short ?? Infinity));
  });

  it('has what data choose come from the cache that holds it', () => {
    const text = (
      n: number,
    ): string => `func.func @main(%x: tensor<${n}xf32>, %i: tensor<100000x1xi32>) -> tensor<100000xf32> {
      %0 = "stablehlo.gather"(%x, %i) {dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0],
        index_vector_dim = 1>, slice_sizes = array<i64: 1>} : (tensor<${n}xf32>, tensor<100000x1xi32>) -> tensor<100000xf32>
      return %0 : tensor<100000xf32>
    }`;
    const [near, far] = [1 << 10, 1 << 21].map((n) => predict(text(n)).seconds);
    expect(far).toBeGreaterThan(2 * (near ?? Infinity));
  });

  it('has rows a power of two apart lose only a part of the first cache', () => {
    const text = (
      columns: number,
    ): string => `func.func @main(%x: tensor<1000x${columns}xf32>) -> tensor<${columns}xf32> {
      %zero = stablehlo.constant dense<0.0> : tensor<f32>
      %0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<1000x${columns}xf32>, tensor<f32>) -> tensor<${columns}xf32>
      return %0 : tensor<${columns}xf32>
    }`;
    const [apart, together] = [1000, 1024].map((columns) => predict(text(columns)).seconds);
    expect(together).toBeLessThan(1.6 * (apart ?? 0));
  });

  it('takes the values of late sizes, and their bounds where it has none', () => {
    const text = doubled('?xf32, #tessera.tensor<dims = [n <= 4096]>');
    const [few, most] = [predict(text, { n: 16 }), predict(text)];
    expect(most.flops).toBe(4096);
    expect(few.flops).toBe(16);
    expect(few.seconds).toBeLessThan(most.seconds);
  });

  it('scales with the measured peak', () => {
    const half = scaledRates(zen5Rates, { flopsPerSecond: zen5Rates.cyclesPerSecond * 8 });
    expect(half.cyclesPerSecond).toBe(zen5Rates.cyclesPerSecond / 2);
  });

  it('forks for what takes long enough, and has tiles', () => {
    expect(isWorthForking({ seconds: 1e-3, tiles: 8 }, 2)).toBe(true);
    expect(isWorthForking({ seconds: 1e-3, tiles: 1 }, 2)).toBe(false);
    expect(isWorthForking({ seconds: 1e-6, tiles: 8 }, 2)).toBe(false);
  });
});
