/** Runs a plan as WebAssembly in this process: what `tessera run --target wasm` does, and the tests. */
import { emitWasm, type WasmModule, type WasmOptions } from '../../codegen/wasm/emit.ts';
import { evaluateSize } from '../../codegen/kernel/size.ts';
import type { Plan } from '../../codegen/plan/plan.ts';
import { sharingLimits } from '../../codegen/plan/shared-work.ts';
import { symbolValues } from '../../codegen/plan/interpret-plan.ts';
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { elementsBytes } from '../../ir/elements.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import type { SignatureThreads } from '../../codegen/wasm/signature.ts';
import { withSharedMemory } from '../../codegen/wasm/wasm-binary.ts';

/** Other threads, which run the loops of runtime/js/worker.js. */
export interface ThreadHost {
  /** Threads of a program, this one among them. */
  readonly count: number;
  /** Each of the others gets the module, its memory, and its number from 1. */
  start(module: WebAssembly.Module, memory: WebAssembly.Memory): void;
}

/** What a program is given. */
export interface ProgramHost {
  readonly imports?: Readonly<Record<string, Record<string, unknown>>>;
  /** Threads: the module is compiled for them then, and the plan should be (`withThreads`). */
  readonly host?: ThreadHost | undefined;
}

type Exports = Readonly<Record<string, (...values: number[]) => number>>;

/** A compiled plan; one call at a time. */
export class WasmProgram {
  readonly plan: Plan;
  readonly module: WasmModule;
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;

  /** With other threads, these are there when it returns; `stop` lets go of them. */
  constructor(plan: Plan, options: WasmOptions = { relaxed: false }, { host, imports = {} }: ProgramHost = {}) {
    this.plan = plan;
    this.module = emitWasm(plan, host === undefined ? options : { threads: sharingLimits, ...options });
    const { threads } = this.module.signature;
    const isShared = host !== undefined;
    const module = new WebAssembly.Module(isShared ? withSharedMemory(this.module.bytes) : this.module.bytes);
    const memory = threads && importedMemory(threads, host?.count ?? 1, isShared);
    const { exports } = new WebAssembly.Instance(module, memory ? { ...imports, tessera: { memory } } : imports);
    this.#memory = exports['memory'] as WebAssembly.Memory;
    this.#exports = exports as Exports;
    this.#exports['start']?.(host?.count ?? 1, 1);
    host?.start(module, this.#memory);
    if (host !== undefined) while ((this.#exports['joined']?.() ?? 0) < host.count - 1) pause();
  }

  /** Threads of a host are free again. */
  stop(): void {
    this.#exports['stop']?.();
  }

  /** Inputs have the dtypes and shapes of the plan. */
  run(inputs: readonly Tensor[]): readonly Tensor[] {
    const symbols = symbolValues(this.plan, inputs);
    this.write(inputs);
    this.call(symbols);
    return this.read(symbols);
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
    this.#exports['run']?.(...this.plan.symbols.map((name) => symbols.get(name) ?? 0));
  }

  /** Results of the last call. */
  read(symbols: ReadonlyMap<string, number>): readonly Tensor[] {
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

function importedMemory({ pages, stackPages }: SignatureThreads, count: number, shared: boolean): WebAssembly.Memory {
  const all = pages + (count - 1) * stackPages;
  return new WebAssembly.Memory({ initial: all, maximum: all, shared });
}

/** A moment for the other threads. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.1);
}
