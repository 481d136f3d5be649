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

/** A rendezvous that a collective waits at: every process of the grid (or group) yields one, the scheduler answers when all have. */
export interface EvaluationContext {
  /** Applies a region that talks to no other process (a reducer, a comparator) to scalars or tensors. */
  apply(region: Region, inputs: readonly RuntimeValue[]): readonly RuntimeValue[];
  /** Runs a region that may contain collectives: `const results = yield* context.run(...)`. */
  run(region: Region, inputs: readonly RuntimeValue[]): Generator<unknown, readonly RuntimeValue[], unknown>;
  /** Calls a function of the module by name. */
  call(name: string, inputs: readonly RuntimeValue[]): Generator<unknown, readonly RuntimeValue[], unknown>;
  /** A zeroed tensor, charged to the memory budget; a DiagnosticError when that is exceeded. */
  allocate(dtype: DType, shape: readonly number[]): Tensor;
  /** The error to throw when the input is right but cannot be computed; names the op. */
  unsupported(what: string): DiagnosticError;
  /** The error to throw when the program does something undefined at run time. */
  failure(code: DiagnosticCode, message: string): DiagnosticError;
  /** The simulated machine; see process-grid.ts. */
  readonly process: ProcessHandle | undefined;
}

/** One simulated process: its place in the replica x partition grid, and its line to the others. Filled in by process-grid.ts. */
export interface ProcessHandle {
  readonly replicaId: number;
  readonly partitionId: number;
}
