import { describe, expect, it } from 'vitest';
import { kernelCompiler } from '../../../codegen/plan/compile-kernel.ts';
import { buildPlan } from '../../../codegen/plan/build-plan.ts';
import { interpretPlan } from '../../../codegen/plan/interpret-plan.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { withOrder } from '../../../ir/dimension-order.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import type { Operation, Value } from '../../../ir/operation.ts';
import { isTensor } from '../../../ir/types.ts';
import { relationsOf } from '../../../passes/layout/relations.ts';
import { runPasses } from '../../../passes/pass-manager.ts';
import { pipelinePasses } from '../../../passes/pipeline.ts';
import { load, mainOf, seededInputs } from './run-plan.ts';

const image = 'tensor<2x6x7x5xf32>';

/** Convolutions of each kind, pooling, a residual, a concatenation, data movement, a transposed result: all on 2x6x7x5 images, NCHW. */
const network = `
func.func @main(%x: ${image}, %w: tensor<6x6x3x3xf32>, %d: tensor<6x1x3x3xf32>, %b: tensor<6xf32>, %at: tensor<i32>)
    -> (${image}, tensor<2x7x5x12xf32>, tensor<2x6xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %none = stablehlo.constant dense<0> : tensor<i32>
  %c = stablehlo.constant dense<[[[[1.0, 2.0, 0.5], [0.0, -1.0, 1.0], [0.25, 1.0, 2.0]]]]> : tensor<1x1x3x3xf32>
  %cb = stablehlo.broadcast_in_dim %c, dims = [0, 1, 2, 3] : (tensor<1x1x3x3xf32>) -> tensor<6x1x3x3xf32>
  %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
    window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
    : (${image}, tensor<6x6x3x3xf32>) -> ${image}
  %1 = stablehlo.broadcast_in_dim %b, dims = [1] : (tensor<6xf32>) -> ${image}
  %2 = stablehlo.add %0, %1 : ${image}
  %3 = stablehlo.convolution(%2, %d) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
    window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 6 : i64}
    : (${image}, tensor<6x1x3x3xf32>) -> ${image}
  %4 = stablehlo.convolution(%3, %cb) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
    window = {pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 6 : i64}
    : (${image}, tensor<6x1x3x3xf32>) -> ${image}
  %5 = "stablehlo.reduce_window"(%4, %zero) <{padding = dense<[[0, 0], [0, 0], [1, 1], [1, 1]]> : tensor<4x2xi64>,
    window_dimensions = array<i64: 1, 1, 3, 3>}> ({
      ^bb0(%p: tensor<f32>, %q: tensor<f32>):
        %m = stablehlo.maximum %p, %q : tensor<f32>
        stablehlo.return %m : tensor<f32>
    }) : (${image}, tensor<f32>) -> ${image}
  %6 = stablehlo.slice %5 [0:2, 0:6, 1:7, 0:5] : (${image}) -> tensor<2x6x6x5xf32>
  %7 = stablehlo.pad %6, %zero, low = [0, 0, 1, 0], high = [0, 0, 0, 0], interior = [0, 0, 0, 0] : (tensor<2x6x6x5xf32>, tensor<f32>) -> ${image}
  %8 = stablehlo.dynamic_slice %7, %none, %none, %none, %at, sizes = [2, 6, 7, 1] : (${image}, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x6x7x1xf32>
  %9 = stablehlo.broadcast_in_dim %8, dims = [0, 1, 2, 3] : (tensor<2x6x7x1xf32>) -> ${image}
  %10 = stablehlo.subtract %7, %9 : ${image}
  %11 = stablehlo.concatenate %10, %2, dim = 1 : (${image}, ${image}) -> tensor<2x12x7x5xf32>
  %12 = stablehlo.transpose %11, dims = [0, 2, 3, 1] : (tensor<2x12x7x5xf32>) -> tensor<2x7x5x12xf32>
  %13 = stablehlo.reverse %10, dims = [3] : ${image}
  %14 = stablehlo.reduce(%13 init: %zero) applies stablehlo.maximum across dimensions = [2, 3] : (${image}, tensor<f32>) -> tensor<2x6xf32>
  return %13, %12, %14 : ${image}, tensor<2x7x5x12xf32>, tensor<2x6xf32>
}`;

/** All passes but those named. */
function optimised(text: string, ...without: readonly string[]): Operation {
  const module = load(text);
  runPasses(module, pipelinePasses('compile').filter(({ pass }) => !without.includes(pass.name)), new DiagnosticSink()); // prettier-ignore
  return module;
}

function valuesOf(results: readonly unknown[]): readonly (readonly number[])[] {
  return results.map((result) => (result instanceof Tensor ? Array.from(result.values as Float32Array) : []));
}

/** What the module gives as evaluator, kernel interpreter and WebAssembly compute it. */
function run(module: Operation) {
  const inputs = seededInputs(mainOf(module));
  const plan = buildPlan(mainOf(module), kernelCompiler(wasmTarget));
  const calls = plan.steps.filter(({ kind }) => kind === 'call').length;
  return {
    plan,
    calls,
    evaluated: valuesOf(evaluateFunction(module, 'main', inputs)),
    kernel: valuesOf(interpretPlan(plan, inputs).outputs),
    wasm: valuesOf(new WasmProgram(plan).run(inputs)),
  };
}

const expected = valuesOf(evaluateFunction(load(network), 'main', seededInputs(mainOf(load(network)))));

/** Gives inner values other orders, by a seed; those that something needs row-major keep theirs. */
function shuffle(module: Operation, seed: number): number {
  let state = seed;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const ops = [...mainOf(module).region().block.operations()];
  const fixed = new Set<Value>();
  for (const op of ops)
    if (relationsOf(op) === 'row-major') for (const value of [...op.operands, ...op.results]) fixed.add(value);
  let count = 0;
  for (const value of ops.flatMap(({ results }) => results)) {
    const { type } = value;
    if (!isTensor(type) || fixed.has(value) || random(4) === 0) continue;
    const left = type.shape.map((_, dimension) => dimension);
    const order = type.shape.flatMap(() => left.splice(random(left.length), 1));
    value.type = withOrder(type, order);
    if (value.type !== type) count += 1;
  }
  return count;
}

describe('dimension orders in kernels', () => {
  it('the layout pass changes no number of a network, in any back end', () => {
    const module = optimised(network);
    const { evaluated, kernel, wasm } = run(module);
    expect(evaluated).toEqual(expected);
    expect(kernel).toEqual(expected);
    expect(wasm).toEqual(expected);
  });

  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'any orders of inner values give the same numbers (seed %i)',
    (seed) => {
      const module = optimised(network, 'layout', 'fuse');
      expect(shuffle(module, seed)).toBeGreaterThan(3);
      if (seed % 3 > 0) runPasses(module, pipelinePasses('compile').filter(({ pass }) => pass.name === 'fuse'), new DiagnosticSink()); // prettier-ignore
      const { evaluated, kernel, wasm } = run(module);
      expect(evaluated).toEqual(expected);
      expect(kernel).toEqual(expected);
      expect(wasm).toEqual(expected);
    },
  );

  it('a transpose that only names an order anew is no step of the plan', () => {
    const last = 'tensor<1x4x5x3xf32, #tessera.tensor<order = [0, 2, 3, 1]>>';
    const { calls, kernel, evaluated } = run(
      load(`func.func @main(%x: tensor<1x4x5x3xf32>) -> tensor<1x5x3x4xf32> {
        %0 = "stablehlo.negate"(%x) : (tensor<1x4x5x3xf32>) -> ${last}
        %1 = "stablehlo.transpose"(%0) <{permutation = array<i64: 0, 2, 3, 1>}> : (${last}) -> tensor<1x5x3x4xf32>
        return %1 : tensor<1x5x3x4xf32>
      }`),
    );
    expect(calls).toBe(1);
    expect(kernel).toEqual(evaluated);
  });

  it('constants lie in memory in the order of their type', () => {
    const other = 'tensor<2x3xf32, #tessera.tensor<order = [1, 0]>>';
    const { plan, kernel, evaluated } = run(
      load(`func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
        %0 = "stablehlo.constant"() <{value = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>}> : () -> ${other}
        %1 = "stablehlo.add"(%x, %0) : (tensor<2x3xf32>, ${other}) -> tensor<2x3xf32>
        return %1 : tensor<2x3xf32>
      }`),
    );
    expect(plan.constants[0]?.layout?.parts.map(({ dimension }) => dimension)).toEqual([1, 0]);
    expect(kernel).toEqual(evaluated);
  });

  it('a result in another order than row-major is refused, with a way out', () => {
    const other = 'tensor<2x3xf32, #tessera.tensor<order = [1, 0]>>';
    const module = load(`func.func @main(%x: tensor<2x3xf32>) -> ${other} {
      %0 = "tessera.relayout"(%x) : (tensor<2x3xf32>) -> ${other}
      return %0 : ${other}
    }`);
    expect(() => buildPlan(mainOf(module), kernelCompiler(wasmTarget))).toThrow('where values are row-major');
  });
});
