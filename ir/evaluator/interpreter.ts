/**
 * The reference evaluator: slow, simple and right. It runs a function of a verified module step by step; each op's meaning is
 * `evaluate` of its definition. Regions are compiled once an evaluation to slots and steps (region-program.ts), and a frame
 * keeps the frames of its regions, so that applying a reducer to each element costs no lookups and no allocation of its own.
 */
import { DiagnosticError, InvariantError, invariant } from '../diagnostics/diagnostic.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { type DType, dtypeInfo } from '../dtype.ts';
import type { Evaluation } from '../op-definition.ts';
import type { Operation, Region } from '../operation.ts';
import { enclosingSymbolTable, SymbolTable } from '../symbol-table.ts';
import { ProcessGrid, runProcesses } from './process-grid.ts';
import { compileOperation, compileRegion, type RegionProgram, type Step } from './region-program.ts';
import type {
  EvaluationContext,
  EvaluationHost,
  GridProgram,
  ProcessHandle,
  RuntimeValue,
  Waiting,
} from './runtime-value.ts';
import { shapeSize, Tensor } from './tensor.ts';
import { describeValue, fitsType } from './value-types.ts';

export interface EvaluationOptions {
  /** Operations that may be executed, those in regions counted each time. 10^9 by default. */
  readonly maxSteps?: number;
  /** Bytes of tensors that may be alive at one time. 4 GiB by default. */
  readonly maxBytes?: number;
  /** Functions that successive infeeds call. */
  readonly infeed?: readonly string[];
  /** Nowhere by default. */
  readonly host?: Partial<EvaluationHost>;
}

/** Deeper, the engine's own stack would end. */
const maxFrameDepth = 400;

/**
 * Runs the function `@name` of a verified module as the only process of a 1 x 1 grid. Throws a DiagnosticError that names
 * the op when the program cannot go on.
 */
export function evaluateFunction(
  module: Operation,
  name: string,
  inputs: readonly RuntimeValue[],
  options: EvaluationOptions = {},
): readonly RuntimeValue[] {
  const interpreter = new Interpreter(module, options);
  const grid = new ProcessGrid(1, 1, options.infeed);
  const [results] = runProcesses([interpreter.start(name, inputs, grid.process(0, 0))]);
  return results ?? [];
}

/**
 * Runs one op, as constant folding does: without a process grid, and with nothing but its operands, one input an operand.
 * Functions it calls are looked up in `module`.
 */
export function evaluateOperation(
  op: Operation,
  inputs: readonly RuntimeValue[],
  options: EvaluationOptions & { readonly module?: Operation } = {},
): readonly RuntimeValue[] {
  const interpreter = new Interpreter(options.module, options);
  const program = compileOperation(op);
  const frame = new Frame(interpreter, interpreter.thread(undefined), program, undefined);
  const distinct: RuntimeValue[] = [];
  for (const [index, slot] of (program.steps[0]?.operandSlots ?? []).entries()) {
    const input = inputs[index];
    invariant(input !== undefined, `${op.name} is evaluated without operand ${index}`);
    distinct[slot] = input;
  }
  return frame.applyTo(distinct);
}

/** What all frames of one process share. */
interface Thread {
  readonly process: ProcessHandle | undefined;
  /** Bytes of the tensors in the slots of all frames, those of other processes included. */
  readonly memory: { live: number };
  /** Bytes allocated by ops that have not finished yet. */
  scratch: number;
}

class Interpreter {
  readonly host: EvaluationHost;
  readonly maxBytes: number;
  readonly #root: Operation | undefined;
  readonly #symbols = new Map<Operation, SymbolTable>();
  readonly #programs = new Map<Operation, RegionProgram>();
  readonly #probes = new Map<string, Tensor[]>();
  readonly #memory = { live: 0 };
  stepsLeft: number;

  constructor(root: Operation | undefined, options: EvaluationOptions) {
    this.#root = root;
    this.stepsLeft = options.maxSteps ?? 1e9;
    this.maxBytes = options.maxBytes ?? 4 * 1024 * 1024 * 1024;
    this.host = { print: () => undefined, probe: () => undefined, ...options.host };
  }

  thread(process: ProcessHandle | undefined): Thread {
    return { process, memory: this.#memory, scratch: 0 };
  }

  probe(id: string, value: Tensor): void {
    const kept = this.#probes.get(id);
    if (kept === undefined) this.#probes.set(id, [value]);
    else kept.push(value);
    this.host.probe(id, value);
  }

  probed(id: string): readonly Tensor[] {
    return this.#probes.get(id) ?? [];
  }

  *start(name: string, inputs: readonly RuntimeValue[], process: ProcessHandle): Waiting<readonly RuntimeValue[]> {
    return yield* this.call(name, inputs, this.thread(process), undefined);
  }

  *call(
    name: string,
    inputs: readonly RuntimeValue[],
    thread: Thread,
    caller: Frame | undefined,
  ): Waiting<readonly RuntimeValue[]> {
    const callee = this.#lookup(name, caller);
    const region = callee?.regions[0];
    if (callee === undefined || region === undefined) {
      const message = callee === undefined ? `there is no function @${name}` : `the function @${name} has no body`;
      throw caller === undefined ? new DiagnosticError({ code: 'E4001', message }) : caller.failure('E4001', message);
    }
    const problem = inputProblem(region, inputs);
    if (problem !== undefined) {
      throw new DiagnosticError({
        code: 'E4002',
        message: `@${name}: ${problem}`,
        span: callee.span,
        location: callee.location,
      });
    }
    const depth = caller === undefined ? 0 : caller.depth + 1;
    return yield* new Frame(this, thread, this.#program(callee, region), undefined, depth).runWith(inputs);
  }

  /** The symbol in the nearest table around the op that names it. */
  #lookup(name: string, caller: Frame | undefined): Operation | undefined {
    const op = caller?.currentOp;
    const root = (op === undefined ? undefined : enclosingSymbolTable(op)) ?? this.#root;
    if (root === undefined) return undefined;
    const known = this.#symbols.get(root);
    if (known !== undefined) return known.lookup(name);
    const table = new SymbolTable(root);
    this.#symbols.set(root, table);
    return table.lookup(name);
  }

  #program(callee: Operation, region: Region): RegionProgram {
    const known = this.#programs.get(callee);
    if (known !== undefined) return known;
    const program = compileRegion(region);
    this.#programs.set(callee, program);
    return program;
  }

  runGrid(grid: GridProgram, inputs: readonly RuntimeValue[], caller: Frame): readonly RuntimeValue[] {
    const machine = new ProcessGrid(grid.programs.length, grid.programs[0]?.length ?? 0, grid.infeed);
    let position = 0;
    const programs = grid.programs.flatMap((row, replica) =>
      row.map((name, partition) => {
        const count = this.#lookup(name, caller)?.regions[0]?.block.arguments.length ?? 0;
        const own = inputs.slice(position, position + count);
        position += count;
        return this.call(name, own, this.thread(machine.process(replica, partition)), caller);
      }),
    );
    return runProcesses(programs).flat();
  }
}

function inputProblem(region: Region, inputs: readonly RuntimeValue[]): string | undefined {
  const parameters = region.block.arguments;
  if (parameters.length !== inputs.length) return `expected ${parameters.length} inputs, got ${inputs.length}`;
  for (const [index, input] of inputs.entries()) {
    const type = parameters[index]?.type;
    if (type !== undefined && !fitsType(input, type))
      return `input ${index} must be ${type.text}, got ${describeValue(input)}`;
  }
  return undefined;
}

/** One activation of a region or function: the values in its slots, and what an op may ask of the evaluator. */
class Frame implements EvaluationContext {
  readonly depth: number;
  readonly #interpreter: Interpreter;
  readonly #thread: Thread;
  readonly #program: RegionProgram;
  readonly #outer: Frame | undefined;
  readonly #slots: (RuntimeValue | undefined)[];
  readonly #children = new Map<Region, Frame>();
  #isActive = false;
  #step: Step | undefined = undefined;

  constructor(
    interpreter: Interpreter,
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
    return this.#child(region).applyTo(inputs);
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
  applyTo(inputs: readonly RuntimeValue[]): readonly RuntimeValue[] {
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
    if (step.obstacle !== undefined) throw this.unsupported(step.obstacle);
    const slots = this.#slots;
    const inputs = step.operandSlots.map((slot) => slots[slot]);
    try {
      return step.site.definition.evaluate(step.site, inputs as readonly RuntimeValue[], this);
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
