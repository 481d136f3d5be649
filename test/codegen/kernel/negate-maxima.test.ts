import { describe, expect, it } from 'vitest';
import { negateMaxima } from '../../../codegen/kernel/negate-maxima.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { wasmTarget, webgpuTarget } from '../../../codegen/kernel/target-info.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { compiledPlan } from '../plan/run-plan.ts';
import { access, KernelMaker, read, reduceBy } from './structured-samples.ts';

function maxima(rows: number, columns: number): StructuredKernel {
  const k = new KernelMaker();
  const [i, j] = [k.axis('i', rows), k.axis('j', columns, 'reduction')];
  const [x, out] = [k.buffer('x', 'in', 'f32', rows, columns), k.buffer('out', 'out', 'f32', rows)];
  k.stage([i, j], [read(x, i, j)], [access(out, [i])], { combiner: reduceBy('maximum', 'f32', -Infinity) });
  return k.kernel('maxima');
}

/** The maximum of a line, with those numbers in front of many others. */
function maximumOf(...first: readonly number[]): number {
  const program = new WasmProgram(
    compiledPlan(`func.func @main(%x: tensor<70xf32>) -> tensor<f32> {
      %i = stablehlo.constant dense<0xFF800000> : tensor<f32>
      %0 = stablehlo.reduce(%x init: %i) applies stablehlo.maximum across dimensions = [0] : (tensor<70xf32>, tensor<f32>) -> tensor<f32>
      return %0 : tensor<f32>
    }`),
  );
  const values = new Float32Array(70)
    .fill(-1)
    .with(1, first[0] ?? 0)
    .with(66, first[1] ?? -1);
  const [result] = program.run([new Tensor('f32', [70], values)]);
  return Number(result?.values[0]);
}

describe('maxima of reductions', () => {
  it('are minima of negated numbers where a target has no cheap maximum', () => {
    const [stage] = negateMaxima(maxima(3, 40), wasmTarget).stages;
    expect(stage?.values[0]).toMatchObject({ kind: 'unary', op: 'negate' });
    expect(stage?.combiner).toMatchObject({ identity: [Infinity], results: [{ op: 'minimum' }] });
    expect(stage?.finish?.[0]).toMatchObject({ kind: 'unary', op: 'negate', operand: { kind: 'accumulator' } });
  });

  it('stay where they are short, or the target has one', () => {
    const short = maxima(3, 31);
    expect(negateMaxima(short, wasmTarget)).toBe(short);
    const long = maxima(3, 40);
    expect(negateMaxima(long, webgpuTarget)).toBe(long);
  });

  it('let NaN through and tell zeros apart', () => {
    expect(maximumOf(5, 7)).toBe(7);
    expect(maximumOf(NaN, 7)).toBeNaN();
    expect(maximumOf(7, NaN)).toBeNaN();
    expect(maximumOf(-0, 0)).toBe(0);
    expect(maximumOf(0, -0)).toBe(0);
    expect(maximumOf(-0, -0)).toBe(-0);
    expect(maximumOf(-Infinity, Infinity)).toBe(Infinity);
  });
});
