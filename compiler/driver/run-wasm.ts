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

  constructor(
    plan: Plan,
    options: WasmOptions = { relaxed: false },
    imports: Record<string, Record<string, unknown>> = {},
  ) {
    this.plan = plan;
    this.module = emitWasm(plan, options);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(this.module.bytes), imports);
    this.#memory = exports['memory'] as WebAssembly.Memory;
    this.#run = exports['run'] as (...symbols: number[]) => void;
  }

  /** Inputs have the dtypes and shapes of the plan. */
  run(inputs: readonly Tensor[]): readonly Tensor[] {
    const symbols = symbolValues(this.plan, inputs);
    this.write(inputs);
    this.call(symbols);
    return this.#read(symbols);
  }

  /** Arguments to their places. */
  write(inputs: readonly Tensor[]): void {
    const { inputs: places } = this.module.signature;
    const memory = new Uint8Array(this.#memory.buffer);
    for (const [index, { address }] of places.entries()) {
      const input = inputs[index];
      invariant(input !== undefined, `input ${index} is missing`);
      memory.set(elementsBytes(input.values), address);
    }
  }

  /** On the arguments that are there. */
  call(symbols: ReadonlyMap<string, number>): void {
    this.#run(...this.plan.symbols.map((name) => symbols.get(name) ?? 0));
  }

  #read(symbols: ReadonlyMap<string, number>): readonly Tensor[] {
    const { outputs } = this.module.signature;
    const memory = new Uint8Array(this.#memory.buffer);
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
