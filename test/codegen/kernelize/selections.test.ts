import { describe, expect, it } from 'vitest';
import { planFunction, optimise } from '../../../compiler/driver/compile-module.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import type { Combiner } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { load, mainOf } from '../plan/run-plan.ts';
import { interpretPlan } from '../../../codegen/plan/interpret-plan.ts';
import { structured } from './expect-kernel.ts';

interface Reducer {
  readonly shape: readonly [number, number];
  readonly axis: 0 | 1;
  readonly direction?: 'GT' | 'LT';
  readonly initialIndex?: number;
  /** Of equal values the later index. */
  readonly takesLast?: boolean;
  /** As PyTorch's export writes it: what comes after a NaN replaces it. */
  readonly forgetsNan?: boolean;
}

const forgetful = (direction: 'GT' | 'LT'): string => `
        %1 = stablehlo.compare ${direction === 'GT' ? 'GE' : 'LE'}, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %8 = stablehlo.select %1, %a, %b : tensor<i1>, tensor<f32>
        %2 = stablehlo.compare EQ, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %3 = stablehlo.minimum %ai, %bi : tensor<i32>
        %4 = stablehlo.select %1, %ai, %bi : tensor<i1>, tensor<i32>
        %9 = stablehlo.select %2, %3, %4 : tensor<i1>, tensor<i32>`;

/** Argmax or argmin as JAX writes it. */
function reducer({
  shape,
  axis,
  direction = 'GT',
  initialIndex = 0,
  takesLast = false,
  forgetsNan = false,
}: Reducer): string {
  const [x, n] = [`tensor<${shape.join('x')}xf32>`, `tensor<${shape.join('x')}xi32>`];
  const [out, at] = [`tensor<${shape[1 - axis]}xf32>`, `tensor<${shape[1 - axis]}xi32>`];
  return `func.func @main(%x: ${x}) -> (${out}, ${at}) {
    %i = stablehlo.constant dense<${direction === 'GT' ? '0xFF800000' : '0x7F800000'}> : tensor<f32>
    %z = stablehlo.constant dense<${initialIndex}> : tensor<i32>
    %n = stablehlo.iota dim = ${axis} : ${n}
    %r:2 = stablehlo.reduce(%x init: %i), (%n init: %z) across dimensions = [${axis}] : (${x}, ${n}, tensor<f32>, tensor<i32>) -> (${out}, ${at})
      reducer(%a: tensor<f32>, %b: tensor<f32>) (%ai: tensor<i32>, %bi: tensor<i32>) {
${forgetsNan ? forgetful(direction) : takingNan(direction, takesLast)}
        stablehlo.return %8, %9 : tensor<f32>, tensor<i32>
      }
    return %r#0, %r#1 : ${out}, ${at}
  }`;
}

function takingNan(direction: 'GT' | 'LT', takesLast: boolean): string {
  return `
        %1 = stablehlo.compare ${direction}, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %2 = stablehlo.compare NE, %a, %a, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %3 = stablehlo.or %1, %2 : tensor<i1>
        %4 = stablehlo.compare EQ, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
        %5 = stablehlo.compare ${takesLast ? 'GT' : 'LT'}, %ai, %bi, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        %6 = stablehlo.and %4, %5 : tensor<i1>
        %7 = stablehlo.or %3, %6 : tensor<i1>
        %8 = stablehlo.select %3, %a, %b : tensor<i1>, tensor<f32>
        %9 = stablehlo.select %7, %ai, %bi : tensor<i1>, tensor<i32>`;
}

/** Few different values, so that there are many equal ones; NaN, but for seed 0, and infinities here and there. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const number = (i * 7919 + seed * 104_729) % 1009;
    if (number % 97 === 0 && (seed !== 0 || number % 3 !== 0)) return [NaN, Infinity, -Infinity][number % 3] ?? 0;
    return (number % 5) - 2.5;
  });
}

function expectRight(given: Reducer): void {
  const text = reducer(given);
  const module = load(text);
  optimise(module, new DiagnosticSink());
  const plan = planFunction(module, 'main', wasmTarget);
  const program = new WasmProgram(plan);
  for (const seed of [0, 1, 2, 3]) {
    const x = new Tensor('f32', [...given.shape], numbers(given.shape[0] * given.shape[1], seed));
    const expected = evaluateFunction(load(text), 'main', [x]).map((value) => (value as Tensor).values);
    expect(interpretPlan(plan, [x]).outputs.map(({ values }) => values)).toEqual(expected);
    expect(program.run([x]).map(({ values }) => values)).toEqual(expected);
  }
}

describe('reducers that choose a candidate', () => {
  it('may be regrouped, and join groups in the order of their indices', () => {
    const combinerOf = (given: Reducer): Combiner | undefined => {
      const module = load(reducer(given));
      optimise(module, new DiagnosticSink());
      const fusion = [...mainOf(module).region().block.operations()].find(({ name }) => name === 'tessera.fusion');
      return fusion === undefined ? undefined : structured(fusion).kernel.stages[0]?.combiner;
    };
    const found = combinerOf({ shape: [4, 70], axis: 1 });
    expect(found?.isCommutative).toBe(true);
    expect(found?.join).toHaveLength(2);
    const forgets = combinerOf({ shape: [4, 70], axis: 1, forgetsNan: true });
    expect(forgets?.isCommutative).toBe(false);
    expect(forgets?.unlessNan?.isCommutative).toBe(true);
    expect(forgets?.unlessNan?.join).toHaveLength(3);
    const last = combinerOf({ shape: [4, 70], axis: 1, initialIndex: 9 });
    expect(last?.isCommutative).toBe(false);
    expect(last?.join).toBeUndefined();
  });

  it.each([1, 31, 32, 33, 67, 130])('choose what the evaluator chooses, of %i', (n) => {
    for (const direction of ['GT', 'LT'] as const) {
      expectRight({ shape: [3, n], axis: 1, direction });
      expectRight({ shape: [n, 9], axis: 0, direction });
      expectRight({ shape: [3, n], axis: 1, direction, forgetsNan: true });
      expectRight({ shape: [n, 9], axis: 0, direction, forgetsNan: true });
    }
  });

  it('that cannot be regrouped keep their order', () => {
    expectRight({ shape: [3, 67], axis: 1, takesLast: true });
    expectRight({ shape: [3, 67], axis: 1, initialIndex: 9 });
  });
});
