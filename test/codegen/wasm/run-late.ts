/** A model for any batch beside the same model for one: compiled once, and once for each n. */
import { optimise, planFunction } from '../../../compiler/driver/compile-module.ts';
import { loadModule } from '../../../compiler/driver/load-module.ts';
import { WasmProgram } from '../../../compiler/driver/run-wasm.ts';
import { evaluateSize } from '../../../codegen/kernel/size.ts';
import type { Plan } from '../../../codegen/plan/plan.ts';
import { type TargetInfo, wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { SourceFile } from '../../../ir/source.ts';

export function compileText(text: string): WasmProgram {
  return new WasmProgram(planOf(text));
}

export function planOf(text: string, target: TargetInfo = wasmTarget): Plan {
  const sink = new DiagnosticSink();
  const module = loadModule(new SourceFile('model.mlir', text), sink);
  if (module === undefined) throw new Error(sink.all.map(({ message }) => message).join('\n'));
  optimise(module, sink);
  return planFunction(module, 'main', target);
}

/** The program's inputs for a batch of n. */
export function inputsOf({ plan }: WasmProgram, n: number): readonly Tensor[] {
  return plan.inputs.map(({ shape }, input) => {
    const sizes = shape.map((size) => evaluateSize(size, new Map([['n', n]])) ?? 0);
    const count = sizes.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, (_, at) =>
      Math.fround((((at + input) * 48_271) % 1009) / 500 - 1),
    );
    return new Tensor('f32', sizes, values);
  });
}
