/** Runs a plan as WebAssembly in this process: what `tessera run --target wasm` does, and the tests. */
import { emitWasm, type WasmModule, type WasmOptions } from '../../codegen/wasm/emit.ts';
import { evaluateSize } from '../../codegen/kernel/size.ts';
import type { Plan } from '../../codegen/plan/plan.ts';
import { symbolValues } from '../../codegen/plan/interpret-plan.ts';
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { elementsBytes } from '../../ir/elements.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';

/** A compiled plan; one call at a time. */
export class WasmProgram {
  readonly plan: Plan;
  readonly module: WasmModule;
  readonly #memory: WebAssembly.Memory;
  readonly #run: (...symbols: number[]) => void;

  constructor(plan: Plan, options: WasmOptions = { relaxed: false }) {
    this.plan = plan;
    this.module = emitWasm(plan, options);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(this.module.bytes));
    this.#memory = exports['memory'] as WebAssembly.Memory;
    this.#run = exports['run'] as (...symbols: number[]) => void;
  }

  /** Inputs have the dtypes and shapes of the plan. */
  run(inputs: readonly Tensor[]): readonly Tensor[] {
    const { inputs: places, outputs } = this.module.signature;
    const memory = new Uint8Array(this.#memory.buffer);
    const symbols = symbolValues(this.plan, inputs);
    for (const [index, { address }] of places.entries()) {
      const input = inputs[index];
      invariant(input !== undefined, `input ${index} is missing`);
      memory.set(elementsBytes(input.values), address);
    }
    this.#run(...this.plan.symbols.map((name) => symbols.get(name) ?? 0));
    return this.plan.outputs.map(({ dtype, shape }, index) => {
      const output = Tensor.zeros(
        dtype,
        shape.map((size) => evaluateSize(size, symbols) ?? 0),
      );
      const bytes = elementsBytes(output.values);
      const address = outputs[index]?.address ?? 0;
      bytes.set(memory.subarray(address, address + bytes.length));
      return output;
    });
  }
}
