/**
 * The reference evaluator: slow, simple and right. It runs a function of a verified module step by step; each op's meaning is
 * `evaluate` of its definition. Regions are compiled once an evaluation to slots and steps (region-program.ts), and a frame
 * keeps the frames of its regions, so that applying a reducer to each element costs no lookups and no allocation of its own.
 */
import { DiagnosticError, invariant } from '../diagnostics/diagnostic.ts';
import type { DimSymbol } from '../dimension.ts';
import type { Operation, Region } from '../operation.ts';
import { enclosingSymbolTable, SymbolTable } from '../symbol-table.ts';
import type { Type } from '../types.ts';
import { Frame, type FrameOwner, type Thread } from './frame.ts';
import { ProcessGrid, runProcesses } from './process-grid.ts';
import { compileOperation, compileRegion, type RegionProgram } from './region-program.ts';
import type { EvaluationHost, GridProgram, ProcessHandle, RuntimeValue, Waiting } from './runtime-value.ts';
import type { Tensor } from './tensor.ts';
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
  return frame.applyNow(distinct);
}

class Interpreter implements FrameOwner {
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
  const sizes = new Map<DimSymbol, number>();
  for (const [index, input] of inputs.entries()) {
    const type = parameters[index]?.type;
    if (type === undefined) continue;
    if (!fitsType(input, type)) return `input ${index} must be ${type.text}, got ${describeValue(input)}`;
    const clash = bindSizes(type, input, sizes);
    if (clash !== undefined) return `input ${index} is ${describeValue(input)}, but ${clash}`;
  }
  return undefined;
}

/** Named sizes must be the same wherever they occur: notes those of one input, and tells the first that is not. */
function bindSizes(type: Type, value: RuntimeValue, sizes: Map<DimSymbol, number>): string | undefined {
  if (type.kind !== 'tensor' || value.kind !== 'tensor') return undefined;
  for (const [axis, dim] of type.shape.entries()) {
    if (typeof dim === 'number' || dim.name === '') continue;
    const known = sizes.get(dim);
    if (known !== undefined && known !== value.shape[axis]) return `${dim.name} is ${known} already`;
    sizes.set(dim, value.shape[axis] ?? 0);
  }
  return undefined;
}
