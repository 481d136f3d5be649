import { describe, expect, it } from 'vitest';
import { kernelCompiler } from '../../../../codegen/plan/compile-kernel.ts';
import { buildPlan } from '../../../../codegen/plan/build-plan.ts';
import { interpretPlan } from '../../../../codegen/plan/interpret-plan.ts';
import { loopKernelText } from '../../../../codegen/kernel/loop-text.ts';
import { wasmTarget } from '../../../../codegen/kernel/target-info.ts';
import { WasmProgram } from '../../../../compiler/driver/run-wasm.ts';
import { dtypeInfo, integerRange } from '../../../../ir/dtype.ts';
import { evaluateFunction } from '../../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../../ir/evaluator/tensor.ts';
import { load, mainOf } from '../../plan/run-plan.ts';

const dtypes = ['i8', 'ui8', 'i16', 'ui16', 'i32', 'ui32', 'i64', 'ui64'] as const;

/** All pairs of bases and exponents about the ends of the range and about 0. */
function pairs(dtype: (typeof dtypes)[number]): readonly [Tensor, Tensor] {
  const [min, max] = integerRange(dtype);
  const near = [0n, 1n, 2n, 3n, 5n, 7n, 10n, 31n, 63n, max - 1n, max];
  const values = min < 0n ? [...near, -1n, -2n, -3n, -6n, min, min + 1n] : near;
  const [x, y] = [Tensor.zeros(dtype, [values.length ** 2]), Tensor.zeros(dtype, [values.length ** 2])];
  const isBig = dtypeInfo(dtype).bits === 64;
  for (const [row, base] of values.entries()) {
    for (const [column, exponent] of values.entries()) {
      const at = row * values.length + column;
      x.values[at] = isBig ? base : Number(base);
      y.values[at] = isBig ? exponent : Number(exponent);
    }
  }
  return [x, y];
}

describe('powers of integers', () => {
  it.each(dtypes)('wrap in %s as the evaluator says', (dtype) => {
    const inputs = pairs(dtype);
    const type = `tensor<${inputs[0].size}x${dtype}>`;
    const module = load(`func.func @main(%x: ${type}, %y: ${type}) -> ${type} {
  %0 = stablehlo.power %x, %y : ${type}
  return %0 : ${type}
}`);
    const [expected] = evaluateFunction(module, 'main', inputs);
    const plan = buildPlan(mainOf(module), kernelCompiler(wasmTarget));
    expect(interpretPlan(plan, inputs).outputs[0]?.values).toEqual((expected as Tensor).values);
    expect(new WasmProgram(plan).run(inputs)[0]?.values).toEqual((expected as Tensor).values);
  });

  it.each([-3, -2, -1, 0, 1, 2, 7, 10])('of a constant exponent, %i, need no loop', (exponent) => {
    const type = 'tensor<7xi32>';
    const module = load(`func.func @main(%x: ${type}) -> ${type} {
  %0 = "tessera.fusion"(%x) ({
  ^bb0(%a: ${type}):
    %y = stablehlo.constant dense<${exponent}> : ${type}
    %p = stablehlo.power %a, %y : ${type}
    stablehlo.return %p : ${type}
  }) : (${type}) -> ${type}
  return %0 : ${type}
}`);
    const input = Tensor.zeros('i32', [7]);
    input.values.set([-4, -2, -1, 0, 1, 3, 9] as never);
    const [expected] = evaluateFunction(module, 'main', [input]);
    const plan = buildPlan(mainOf(module), kernelCompiler(wasmTarget));
    expect(new WasmProgram(plan).run([input])[0]?.values).toEqual((expected as Tensor).values);
    const kernels = plan.steps.flatMap((step) => (step.kind === 'call' ? [loopKernelText(step.kernel)] : []));
    expect(kernels.join('\n')).not.toContain('while');
  });
});
