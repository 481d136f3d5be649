/** One kernel under one schedule as a program of its own, to be timed and compared beside others. */
import { compileScheduled } from '../../../codegen/kernel/compile-kernel.ts';
import { sizeGuess } from '../../../codegen/kernel/cost/execution-counts.ts';
import type { Schedule } from '../../../codegen/kernel/schedule.ts';
import { layoutSize, rowMajorLayout } from '../../../codegen/kernel/physical-layout.ts';
import { maxSize, symbolSize, symbolsOfSize } from '../../../codegen/kernel/size.ts';
import type { KernelBuffer, StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import type { TargetInfo } from '../../../codegen/kernel/target-info.ts';
import type { Plan, PlanBuffer, PlanConstant, PlanPlace, PlanValue } from '../../../codegen/plan/plan.ts';
import { denseAttr } from '../../../ir/attributes.ts';
import { type DType, storageBytes } from '../../../ir/dtype.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { tensorType } from '../../../ir/types.ts';
import { invariant } from '../../../ir/diagnostics/diagnostic.ts';
import { seededTensor } from '../profile/seeded-tensor.ts';
import { WasmProgram } from '../run-wasm.ts';

/** Symbols are at their bounds. */
const symbols: ReadonlyMap<string, number> = new Map();

export class KernelProgram {
  readonly #program: WasmProgram;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #inputs: readonly Tensor[];

  /** `kernel` has its axes collapsed. Arrays are the same for every schedule. */
  constructor(kernel: StructuredKernel, schedule: Schedule, target: TargetInfo) {
    const { plan, inputs } = kernelPlan(kernel, schedule, target);
    this.#program = new WasmProgram(plan, { relaxed: target.fma === 'relaxed' });
    this.#inputs = inputs;
    this.#symbols = new Map(plan.symbols.map((name) => [name, boundOf(kernel, name)] as const));
    this.reset();
  }

  /** Arguments as they were: kernels update some in place. */
  reset(): void {
    this.#program.write(this.#inputs);
  }

  call(): void {
    this.#program.call(this.#symbols);
  }

  results(): readonly Tensor[] {
    return this.#program.read(this.#symbols);
  }
}

function boundOf({ axes, buffers }: StructuredKernel, name: string): number {
  const sizes = [...axes.map(({ extent }) => extent), ...buffers.flatMap(({ shape }) => shape)];
  const symbol = sizes.flatMap(symbolsOfSize).find((each) => each.name === name);
  return symbol === undefined ? 1 : sizeGuess(symbolSize(symbol), symbols);
}

function kernelPlan(
  kernel: StructuredKernel,
  schedule: Schedule,
  target: TargetInfo,
): { readonly plan: Plan; readonly inputs: readonly Tensor[] } {
  const { loops, parameters } = compileScheduled(kernel, schedule, target);
  const layout = new PlanLayout(schedule);
  const buffers = parameters.map((buffer, index) => layout.place(buffer, index));
  const { location } = kernel;
  const plan: Plan = {
    name: 'kernel',
    inputs: layout.inputs,
    outputs: layout.outputs,
    donations: layout.donations,
    constants: layout.constants,
    constantBytes: layout.constantBytes,
    arenaBytes: layout.arenaBytes + 64,
    peakBytes: 0,
    lowerBoundBytes: 0,
    programOrderBytes: 0,
    symbols: loops.symbols,
    steps: [{ kind: 'call', kernel: loops, buffers, traffic: undefined, location }],
  };
  return { plan, inputs: layout.tensors };
}

class PlanLayout {
  readonly #schedule: Schedule;
  readonly inputs: PlanValue[] = [];
  readonly tensors: Tensor[] = [];
  readonly outputs: PlanValue[] = [];
  readonly donations: { input: number; output: number }[] = [];
  readonly constants: PlanConstant[] = [];
  constantBytes = 0;
  arenaBytes = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  place(buffer: KernelBuffer, index: number): PlanBuffer {
    const { name, dtype: kernelDType, role } = buffer;
    invariant(kernelDType !== 'index', `${name} holds indices`);
    const dtype: DType = kernelDType;
    const shape = buffer.shape.map((size) => sizeGuess(size, symbols));
    const layout = this.#schedule.layouts.get(buffer.id);
    const elements = maxSize(layoutSize(layout ?? rowMajorLayout(shape.length), shape)) ?? 0;
    const at = (place: PlanPlace): PlanBuffer => ({ place, byteOffset: 0, dtype, size: elements });
    const value = { name, dtype, shape };
    if (role === 'scratch') {
      const offset = this.arenaBytes;
      this.arenaBytes = align(offset + elements * storageBytes(dtype));
      return at({ kind: 'arena', offset });
    }
    if (role === 'out') {
      this.outputs.push(value);
      return at({ kind: 'output', index: this.outputs.length - 1 });
    }
    const tensor = seededTensor(dtype, shape, index + 1);
    if (role === 'in' && layout !== undefined) return at(this.#constant(tensor, layout, elements));
    this.inputs.push(value);
    this.tensors.push(tensor);
    const input = this.inputs.length - 1;
    if (role === 'inout') {
      this.outputs.push(value);
      this.donations.push({ input, output: this.outputs.length - 1 });
    }
    return at({ kind: 'input', index: input });
  }

  /** Packed as the schedule wants it. */
  #constant(tensor: Tensor, layout: PlanConstant['layout'], elements: number): PlanPlace {
    const { dtype, shape, values } = tensor;
    const offset = this.constantBytes;
    const bytes = elements * storageBytes(dtype);
    const attribute = denseAttr(tensorType(shape, dtype), { splat: false, values });
    this.constants.push({ attribute, layout, offset, bytes });
    this.constantBytes = align(offset + bytes);
    return { kind: 'constant', offset };
  }
}

function align(bytes: number): number {
  return Math.ceil((bytes + 64) / 64) * 64;
}
