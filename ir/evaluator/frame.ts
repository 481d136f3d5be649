/** Frames: what a region or function under evaluation has computed, and what its ops may ask of the evaluator. */
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { DiagnosticError, invariant, InvariantError } from '../diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../dtype.ts';
import type { Evaluation } from '../op-definition.ts';
import type { Operation, Region } from '../operation.ts';
import type { RegionProgram, Step } from './region-program.ts';
import type {
  EvaluationContext,
  EvaluationHost,
  GridProgram,
  ProcessHandle,
  RuntimeValue,
  Waiting,
} from './runtime-value.ts';
import { shapeSize, Tensor } from './tensor.ts';

/** Deeper, the engine's own stack would end. */
const maxFrameDepth = 400;

/** What all frames of one process share. */
export interface Thread {
  readonly process: ProcessHandle | undefined;
  /** Bytes of the tensors in the slots of all frames, those of other processes included. */
  readonly memory: { live: number };
  /** Bytes allocated by ops that have not finished yet. */
  scratch: number;
}

/** What frames ask of the interpreter they run in. */
export interface FrameOwner {
  readonly host: EvaluationHost;
  readonly maxBytes: number;
  stepsLeft: number;
  probe(id: string, value: Tensor): void;
  probed(id: string): readonly Tensor[];
  call(name: string, inputs: readonly RuntimeValue[], thread: Thread, caller: Frame): Waiting<readonly RuntimeValue[]>;
  runGrid(grid: GridProgram, inputs: readonly RuntimeValue[], caller: Frame): readonly RuntimeValue[];
}

/** One activation of a region or function: the values in its slots, and what an op may ask of the evaluator. */
export class Frame implements EvaluationContext {
  readonly depth: number;
  readonly #interpreter: FrameOwner;
  readonly #thread: Thread;
  readonly #program: RegionProgram;
  readonly #outer: Frame | undefined;
  readonly #slots: (RuntimeValue | undefined)[];
  readonly #children = new Map<Region, Frame>();
  #isActive = false;
  #step: Step | undefined = undefined;

  constructor(
    interpreter: FrameOwner,
    thread: Thread,
    program: RegionProgram,
    outer: Frame | undefined,
    depth = outer === undefined ? 0 : outer.depth + 1,
  ) {
    this.#interpreter = interpreter;
    this.#thread = thread;
    this.#program = program;
    this.#outer = outer;
    this.#slots = new Array<RuntimeValue | undefined>(program.slotCount).fill(undefined);
    this.depth = depth;
  }

  get currentOp(): Operation | undefined {
    return this.#step?.site.op;
  }

  get process(): ProcessHandle | undefined {
    return this.#thread.process;
  }

  get host(): EvaluationHost {
    return this.#interpreter.host;
  }

  apply(region: Region, inputs: readonly RuntimeValue[]): readonly RuntimeValue[] {
    return this.#child(region).applyNow(inputs);
  }

  run(region: Region, inputs: readonly RuntimeValue[]): Waiting<readonly RuntimeValue[]> {
    return this.#child(region).runWith(inputs);
  }

  call(name: string, inputs: readonly RuntimeValue[]): Waiting<readonly RuntimeValue[]> {
    return this.#interpreter.call(name, inputs, this.#thread, this);
  }

  runGrid(grid: GridProgram, inputs: readonly RuntimeValue[]): readonly RuntimeValue[] {
    return this.#interpreter.runGrid(grid, inputs, this);
  }

  probe(id: string, value: Tensor): void {
    this.#interpreter.probe(id, value);
  }

  probed(id: string): readonly Tensor[] {
    return this.#interpreter.probed(id);
  }

  allocate(dtype: DType, shape: readonly number[]): Tensor {
    const { bits, slots } = dtypeInfo(dtype);
    const size = shapeSize(shape);
    const bytes = size * slots * Math.max(1, bits / slots / 8);
    const { scratch } = this.#thread;
    const { live } = this.#thread.memory;
    if (!(live + scratch + bytes <= this.#interpreter.maxBytes)) {
      throw this.failure(
        'E4004',
        `a tensor of ${bytes} bytes does not fit: ${live + scratch} of ${this.#interpreter.maxBytes} are in use`,
      );
    }
    this.#thread.scratch += bytes;
    return Tensor.zeros(dtype, shape);
  }

  unsupported(what: string): DiagnosticError {
    return this.#error('E4006', `cannot evaluate ${what} yet`, 'unsupported');
  }

  failure(code: DiagnosticCode, message: string): DiagnosticError {
    return this.#error(code, message, 'user');
  }

  #error(code: DiagnosticCode, message: string, kind: 'user' | 'unsupported'): DiagnosticError {
    const op = this.#step?.site.op;
    const name = op === undefined ? '' : `${op.name}: `;
    return new DiagnosticError({ code, kind, message: name + message, span: op?.span, location: op?.location });
  }

  /** Runs the region at once: nothing in it may wait for another process. */
  applyNow(inputs: readonly RuntimeValue[]): readonly RuntimeValue[] {
    this.#enter(inputs);
    for (const step of this.#program.steps) {
      const { scratch } = this.#thread;
      const outcome = this.#evaluate(step);
      this.#finish(step, isWaiting(outcome) ? this.#drain(outcome) : outcome, scratch);
    }
    return this.#leave();
  }

  /** Runs the region; yields where an op waits for another process. */
  *runWith(inputs: readonly RuntimeValue[]): Waiting<readonly RuntimeValue[]> {
    this.#enter(inputs);
    for (const step of this.#program.steps) {
      const { scratch } = this.#thread;
      const outcome = this.#evaluate(step);
      this.#finish(step, isWaiting(outcome) ? yield* this.#await(outcome) : outcome, scratch);
    }
    return this.#leave();
  }

  #child(region: Region): Frame {
    const known = this.#children.get(region);
    if (known !== undefined && !known.#isActive) return known;
    const program = this.#program.children.get(region);
    invariant(program !== undefined, 'an op may only run its own regions');
    const frame = new Frame(this.#interpreter, this.#thread, program, this);
    this.#children.set(region, frame);
    return frame;
  }

  #enter(inputs: readonly RuntimeValue[]): void {
    if (this.depth > maxFrameDepth)
      throw this.failure('E4005', `more than ${maxFrameDepth} calls and regions are open`);
    const { argumentCount, captures } = this.#program;
    invariant(inputs.length === argumentCount, `a region of ${argumentCount} arguments is given ${inputs.length}`);
    this.#isActive = true;
    this.#countStep();
    const slots = this.#slots;
    for (let index = 0; index < argumentCount; index++) slots[index] = inputs[index];
    for (const [own, outer] of captures) slots[own] = this.#captured(outer);
  }

  #captured(slot: number): RuntimeValue {
    const outer = this.#outer;
    const value = outer === undefined ? undefined : outer.#slots[slot];
    if (value !== undefined) return value;
    if (outer === undefined) throw this.unsupported('a region that uses values from outside, on its own');
    throw new InvariantError('a region is entered before the values it uses are computed');
  }

  #countStep(): void {
    if (--this.#interpreter.stepsLeft < 0)
      throw this.failure('E4003', 'the evaluation exceeds its limit of steps; it may never end');
  }

  #evaluate(step: Step): Evaluation {
    this.#step = step;
    this.#countStep();
    if (step.constant !== undefined) return step.constant;
    const slots = this.#slots;
    const inputs = step.operandSlots.map((slot) => slots[slot]);
    try {
      return step.evaluate(inputs as readonly RuntimeValue[], this);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  *#await(outcome: Waiting<readonly RuntimeValue[]>): Waiting<readonly RuntimeValue[]> {
    try {
      return yield* outcome;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #drain(outcome: Waiting<readonly RuntimeValue[]>): readonly RuntimeValue[] {
    try {
      const state = outcome.next();
      if (state.done === true) return state.value;
    } catch (error) {
      throw this.#explain(error);
    }
    throw this.failure('E4008', 'it would wait for another process inside a region that is applied at once');
  }

  /** The engine's own limits, told as diagnostics. */
  #explain(error: unknown): unknown {
    if (!(error instanceof RangeError)) return error;
    if (error.message.includes('call stack')) return this.failure('E4005', 'the calls are nested too deeply');
    return this.failure('E4004', `a tensor is too large for the engine (${error.message})`);
  }

  #finish(step: Step, results: readonly RuntimeValue[], scratch: number): void {
    const slots = this.#slots;
    const { resultSlots, released } = step;
    if (step.isConstant) step.constant = results;
    let { live } = this.#thread.memory;
    for (let index = 0; index < resultSlots.length; index++) {
      const slot = resultSlots[index] ?? -1;
      const value = results[index];
      if (value === undefined) throw new InvariantError(`${step.site.definition.name} gave no result ${index}`);
      if (slot < 0) continue;
      slots[slot] = value;
      if (value.kind === 'tensor') live += value.values.byteLength;
    }
    for (const slot of released) live -= this.#release(slot);
    this.#thread.memory.live = live;
    this.#thread.scratch = scratch;
  }

  /** Clears a slot; gives the bytes that were counted for it. */
  #release(slot: number): number {
    const value = this.#slots[slot];
    this.#slots[slot] = undefined;
    if (value === undefined || value.kind !== 'tensor' || this.#program.isBorrowed[slot] === true) return 0;
    return value.values.byteLength;
  }

  #leave(): readonly RuntimeValue[] {
    const { returned, argumentCount } = this.#program;
    const results: RuntimeValue[] = [];
    for (const slot of returned) {
      const value = this.#slots[slot];
      invariant(value !== undefined, 'a region returns a value it has not computed');
      results.push(value);
    }
    for (const slot of returned) this.#thread.memory.live -= this.#release(slot);
    for (let slot = 0; slot < argumentCount; slot++) this.#slots[slot] = undefined;
    this.#isActive = false;
    return results;
  }
}

function isWaiting(outcome: Evaluation): outcome is Waiting<readonly RuntimeValue[]> {
  return !Array.isArray(outcome);
}
