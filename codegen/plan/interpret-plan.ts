/** Runs a plan with its kernels in the interpreter of loop IR: the target `kernel`. What is wrong in a plan or a schedule shows here first. */
import { InvariantError, invariant } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import { allocateElements, elementsBytes, type ElementsArray } from '../../ir/elements.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import type { FlatBufferId } from '../kernel/loop-ir.ts';
import { interpretKernel } from '../kernel/loop-interpreter.ts';
import { evaluateSize, type Size, symbolsOfSize } from '../kernel/size.ts';
import { writeConstants } from './constant-bytes.ts';
import type { Plan, PlanBuffer, PlanPlace, PlanStep } from './plan.ts';

export interface PlanRun {
  readonly outputs: readonly Tensor[];
  /** Kernel calls made, loop iterations counted each time. */
  readonly kernelsRun: number;
}

/** Runs the plan once. Inputs have the dtypes and shapes of the plan; symbols take their values from them. */
export function interpretPlan(plan: Plan, inputs: readonly Tensor[]): PlanRun {
  return new PlanInterpreter(plan, inputs).run();
}

/** The values of the symbols that input shapes fix: by themselves, or as the only unknown of a size such as `2*n`. */
export function symbolValues(plan: Plan, inputs: readonly Tensor[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const sizes = plan.inputs.flatMap(({ shape }, index) =>
    shape.map((size, axis) => ({ size, symbols: symbolsOfSize(size), actual: inputs[index]?.shape[axis] ?? 0 })),
  );
  for (const { size, symbols, actual } of sizes.toSorted((a, b) => a.symbols.length - b.symbols.length)) {
    const [unknown, ...others] = new Set(symbols.map(({ name }) => name).filter((name) => !values.has(name)));
    if (unknown === undefined || others.length > 0) continue;
    const at = (value: number): number => evaluateSize(size, new Map([...values, [unknown, value]])) ?? 0;
    const value = (actual - at(0)) / (at(1) - at(0));
    if (Number.isInteger(value) && at(value) === actual) values.set(unknown, value);
  }
  return values;
}

class PlanInterpreter {
  readonly #plan: Plan;
  readonly #inputs: readonly Tensor[];
  readonly #outputs: readonly Tensor[];
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #arena: Uint8Array;
  readonly #constants: Uint8Array;
  #kernelsRun = 0;

  constructor(plan: Plan, inputs: readonly Tensor[]) {
    this.#plan = plan;
    this.#symbols = symbolValues(plan, inputs);
    this.#outputs = plan.outputs.map(({ dtype, shape }) =>
      Tensor.zeros(
        dtype,
        shape.map((size) => this.#size(size)),
      ),
    );
    this.#inputs = inputs.map((tensor, index) => this.#donated(tensor, index) ?? tensor);
    this.#arena = new Uint8Array(plan.arenaBytes);
    this.#constants = new Uint8Array(plan.constantBytes);
    writeConstants(plan, this.#constants);
  }

  /** A donated input lies where its output is; the caller's own tensor stays as it is. */
  #donated(tensor: Tensor, index: number): Tensor | undefined {
    const donation = this.#plan.donations.find(({ input }) => input === index);
    const output = donation && this.#outputs[donation.output];
    if (output !== undefined) elementsBytes(output.values).set(elementsBytes(tensor.values));
    return output;
  }

  run(): PlanRun {
    this.#steps(this.#plan.steps);
    return { outputs: this.#outputs, kernelsRun: this.#kernelsRun };
  }

  #size(size: Size): number {
    const value = evaluateSize(size, this.#symbols);
    if (value === undefined) throw new InvariantError('a size depends on a symbol that no input fixes');
    return value;
  }

  #steps(steps: readonly PlanStep[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: PlanStep): void {
    switch (step.kind) {
      case 'call':
        return this.#call(step);
      case 'copy':
        return elementsBytes(this.#elements(step.to)).set(elementsBytes(this.#elements(step.from)));
      case 'while':
        for (this.#steps(step.before); this.#integer(step.condition) !== 0; this.#steps(step.before))
          this.#steps(step.body);
        return;
      case 'case': {
        const index = this.#integer(step.index);
        const branch = step.branches[index] ?? step.branches.at(-1);
        if (branch !== undefined) this.#steps(branch);
        return;
      }
      default:
        step satisfies never;
    }
  }

  #call({ kernel, buffers }: Extract<PlanStep, { kind: 'call' }>): void {
    invariant(
      kernel.buffers.length === buffers.length,
      `${kernel.name} takes ${kernel.buffers.length} buffers, got ${buffers.length}`,
    );
    const arrays = new Map<FlatBufferId, ElementsArray>();
    for (const [index, parameter] of kernel.buffers.entries()) {
      const buffer = buffers[index];
      if (buffer !== undefined)
        arrays.set(parameter.id, this.#view(buffer, parameter.dtype, this.#size(parameter.size)));
    }
    this.#kernelsRun++;
    interpretKernel(kernel, arrays, this.#symbols, 0, this.#size(kernel.tiles));
  }

  #integer(buffer: PlanBuffer): number {
    return Number(this.#elements(buffer)[0] ?? 0);
  }

  #elements(buffer: PlanBuffer): ElementsArray {
    return this.#view(buffer, buffer.dtype, this.#size(buffer.size));
  }

  #view(buffer: PlanBuffer, dtype: DType, count: number): ElementsArray {
    const bytes = this.#bytes(buffer.place);
    const start = bytes.byteOffset + this.#size(buffer.byteOffset) + placeOffset(buffer.place);
    const empty = allocateElements(dtype, 0);
    const view = empty.constructor as new (memory: ArrayBufferLike, offset: number, length: number) => ElementsArray;
    return new view(bytes.buffer, start, count * dtypeInfo(dtype).slots);
  }

  #bytes(place: PlanPlace): Uint8Array {
    switch (place.kind) {
      case 'arena':
        return this.#arena;
      case 'constant':
        return this.#constants;
      case 'input':
      case 'output': {
        const tensor = (place.kind === 'input' ? this.#inputs : this.#outputs)[place.index];
        invariant(tensor !== undefined, `there is no ${place.kind} ${place.index}`);
        return elementsBytes(tensor.values);
      }
      default:
        return place satisfies never;
    }
  }
}

function placeOffset(place: PlanPlace): number {
  return place.kind === 'arena' || place.kind === 'constant' ? place.offset : 0;
}
