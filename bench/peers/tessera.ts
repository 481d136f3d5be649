/** Ourselves: StableHLO compiled to WebAssembly, with relaxed SIMD where the engine has it; inputs are copied in and a fresh result out at every call, as the peers do. */
import { planFunction, optimise } from '../../dist/compiler/driver/compile-module.js';
import { loadModule } from '../../dist/compiler/driver/load-module.js';
import { WasmProgram } from '../../dist/compiler/driver/run-wasm.js';
import { relaxedWasmTarget, wasmTarget } from '../../dist/codegen/kernel/target-info.js';
import { DiagnosticSink } from '../../dist/ir/diagnostics/diagnostic.js';
import { Tensor } from '../../dist/ir/evaluator/tensor.js';
import { SourceFile } from '../../dist/ir/source.js';
import { hasRelaxedSimd } from '../probes.ts';
import type { Contestant } from '../rounds.ts';

/** `text` is a module with a function @main; `inputs` are its arguments, in order. */
export function tesseraContestant(text: string, inputs: readonly Float32Array[]): Contestant {
  const sink = new DiagnosticSink();
  const module = loadModule(new SourceFile('bench.mlir', text), sink);
  if (module === undefined) throw new Error(sink.all.map(({ message }) => message).join('\n'));
  optimise(module, sink);
  const plan = planFunction(module, 'main', hasRelaxedSimd ? relaxedWasmTarget : wasmTarget);
  const program = new WasmProgram(plan, { relaxed: hasRelaxedSimd });
  const tensors = inputs.map((values, index) => {
    const shape = plan.inputs[index]?.shape.map(Number) ?? [];
    return new Tensor('f32', shape, values);
  });
  return {
    name: 'tessera',
    run: () => {
      const [output] = program.run(tensors);
      if (!(output?.values instanceof Float32Array)) throw new Error('the result is not f32');
      return output.values;
    },
  };
}
