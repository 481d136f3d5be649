/** What values are at run time, and what an op's evaluation may ask of the evaluator. */
import type { DiagnosticError } from '../diagnostics/diagnostic.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { DType } from '../dtype.ts';
import type { Region } from '../operation.ts';
import type { Tensor } from './tensor.ts';

export interface TokenValue {
  readonly kind: 'token';
}

export interface TupleValue {
  readonly kind: 'tuple';
  readonly elements: readonly RuntimeValue[];
}

/** What async_start gives. */
export interface FutureValue {
  readonly kind: 'future';
  readonly elements: readonly RuntimeValue[];
}

export type RuntimeValue = Tensor | TokenValue | TupleValue | FutureValue;

export const tokenValue: TokenValue = Object.freeze({ kind: 'token' });

/**
 * What an op yields, up through every `yield*`, to the scheduler of the process grid when it cannot go on before another process has
 * done something. The scheduler resumes it once `isReady`.
 */
export interface Wait {
  /** For the deadlock message: `all_reduce waits for (1, 0)`. */
  readonly reason: string;
  isReady(): boolean;
  /** The error when no process can go on, with the reasons of all; names the op that waits. */
  deadlock(reasons: string): DiagnosticError;
}

/** An evaluation that may wait for other processes: `const results = yield* ...`. */
export type Waiting<T> = Generator<Wait, T, unknown>;

export interface EvaluationContext {
  /** Applies a region that talks to no other process (a reducer, a comparator) to scalars or tensors. */
  apply(region: Region, inputs: readonly RuntimeValue[]): readonly RuntimeValue[];
  /** Runs a region that may contain collectives: `const results = yield* context.run(...)`. */
  run(region: Region, inputs: readonly RuntimeValue[]): Waiting<readonly RuntimeValue[]>;
  /** Calls a function of the module by name. */
  call(name: string, inputs: readonly RuntimeValue[]): Waiting<readonly RuntimeValue[]>;
  /** A zeroed tensor, charged to the memory budget; a DiagnosticError when that is exceeded. */
  allocate(dtype: DType, shape: readonly number[]): Tensor;
  /** The error to throw when the input is right but cannot be computed; names the op. */
  unsupported(what: string): DiagnosticError;
  /** The error to throw when the program does something undefined at run time. */
  failure(code: DiagnosticCode, message: string): DiagnosticError;
  /** The simulated machine; see process-grid.ts. Undefined where a constant is folded. */
  readonly process: ProcessHandle | undefined;
  /** Where prints go. */
  readonly host: EvaluationHost;
  /** Keeps a value under an id. */
  probe(id: string, value: Tensor): void;
  /** What was kept under an id, oldest first. */
  probed(id: string): readonly Tensor[];
  /** Runs functions as a grid of processes, one row a replica, one column a partition; results in that order, flattened. */
  runGrid(grid: GridProgram, inputs: readonly RuntimeValue[]): readonly RuntimeValue[];
}

/** What the surroundings offer to a program: none of it changes its results. */
export interface EvaluationHost {
  print(line: string): void;
  /** Told of every evaluation of an `interpreter.probe`. */
  probe(id: string, value: Tensor): void;
}

export interface GridProgram {
  /** `[replica][partition]`: function names. */
  readonly programs: readonly (readonly string[])[];
  /** Functions whose results successive infeeds give. */
  readonly infeed: readonly string[];
}

/** One process of the grid, by its coordinates. */
export interface ProcessId {
  readonly replica: number;
  readonly partition: number;
}

/** One simulated process: its place in the replica x partition grid, and its line to the others. */
export interface ProcessHandle {
  readonly replicaId: number;
  readonly partitionId: number;
  readonly replicaCount: number;
  readonly partitionCount: number;
  /** Meets the others of `group` (which has this process in it); gives what each brought, in group order. */
  rendezvous(
    context: EvaluationContext,
    group: readonly ProcessId[],
    channel: number,
    values: readonly RuntimeValue[],
  ): Waiting<readonly (readonly RuntimeValue[])[]>;
  /** Waits until another process receives on the channel. */
  send(context: EvaluationContext, channel: number, values: readonly RuntimeValue[]): Waiting<void>;
  receive(context: EvaluationContext, channel: number): Waiting<readonly RuntimeValue[]>;
  /** The name of the function that gives the next infeed; undefined when the queue is empty. */
  nextInfeed(): string | undefined;
  outfeed(values: readonly RuntimeValue[]): void;
}
