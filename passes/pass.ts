/** What a pass is, and what it is given. */
import type { Diagnostic, DiagnosticSink } from '../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../ir/operation.ts';

/** A plain value an option may have; on the command line `name{key=value}`. */
export type OptionValue = number | boolean | string;
export type PassOptions = Readonly<Record<string, OptionValue>>;

export interface PassContext {
  /** Warnings, remarks, and errors of the user's (a shape that refinement finds contradictory). */
  readonly sink: DiagnosticSink;
  /** Says what was gained, or why not, at an op: a remark. */
  remark(op: Operation, message: string): void;
  /** Names the op at hand, so that a failure in the pass can. */
  at(op: Operation): void;
}

/**
 * A transform of a module into a module of the same meaning. Its name is its file's. It is idempotent: running it on its
 * own result changes nothing.
 */
export interface Pass<O extends PassOptions = PassOptions> {
  readonly name: string;
  /** One line, for `--help`. */
  readonly summary: string;
  /** Every option with its default, which also fixes its type. */
  readonly options: O;
  /** True when anything changed. */
  run(module: Operation, context: PassContext, options: O): boolean;
}

/** The way to write a pass: `run` sees the options with their types. */
export function definePass<const O extends PassOptions>(pass: {
  readonly name: string;
  readonly summary: string;
  readonly options?: O;
  run(module: Operation, context: PassContext, options: Widened<O>): boolean;
}): Pass {
  const { options, run, ...rest } = pass;
  return Object.freeze({
    ...rest,
    options: options ?? {},
    run: (module: Operation, context: PassContext, given: PassOptions) => run(module, context, given as Widened<O>),
  });
}

/** `{limit: 100}` has an option `limit: number`, not `limit: 100`. */
type Widened<O extends PassOptions> = {
  readonly [K in keyof O]: O[K] extends number ? number : O[K] extends boolean ? boolean : string;
};

/** A context that reports to a sink. */
export class SinkContext implements PassContext {
  readonly sink: DiagnosticSink;
  readonly pass: string;
  current: Operation | undefined = undefined;
  /** What was said already: a pass may run several times. */
  readonly #remarks: Set<string>;

  constructor(sink: DiagnosticSink, pass: string, remarks: Set<string> = new Set()) {
    this.sink = sink;
    this.pass = pass;
    this.#remarks = remarks;
  }

  remark(op: Operation, message: string): void {
    const key = `${op.id} ${this.pass} ${message}`;
    if (this.#remarks.has(key)) return;
    this.#remarks.add(key);
    this.sink.report({
      code: 'R3000',
      severity: 'remark',
      message: `${this.pass}: ${message}`,
      span: op.span,
      location: op.location,
    });
  }

  at(op: Operation): void {
    this.current = op;
  }
}

export type { Diagnostic };
