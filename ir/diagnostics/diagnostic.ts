/**
 * The three kinds of error. A *diagnostic* is the user's: collected, not thrown. An *unsupported* one says what cannot be
 * done yet, where and on which target. An *invariant* is our own bug and throws.
 */
import type { Location } from '../location.ts';
import type { Span } from '../source.ts';
import type { DiagnosticCode } from './codes.ts';

export type Severity = 'error' | 'warning' | 'remark';

export interface Note {
  readonly message: string;
  readonly span?: Span | undefined;
  readonly location?: Location | undefined;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** `unsupported`: the input is right, Tessera cannot do it yet. */
  readonly kind: 'user' | 'unsupported';
  readonly message: string;
  /** Place in the text we read. */
  readonly span?: Span | undefined;
  /** Place the op came from, when there is no text (or besides it). */
  readonly location?: Location | undefined;
  readonly notes: readonly Note[];
  readonly hint?: string | undefined;
}

/** What a reporter gives; the rest is filled in. */
export type DiagnosticInit = Pick<Diagnostic, 'code' | 'message'> & Partial<Omit<Diagnostic, 'code' | 'message'>>;

/** A whole diagnostic stays the object it is, so that one that was reported and then thrown is known to be the same. */
export function makeDiagnostic(init: DiagnosticInit): Diagnostic {
  return isWhole(init) ? init : { severity: 'error', kind: 'user', notes: [], ...init };
}

function isWhole(init: DiagnosticInit): init is Diagnostic {
  return init.severity !== undefined && init.kind !== undefined && init.notes !== undefined;
}

/** Collects diagnostics. After `limit` errors the rest is counted, not kept. */
export class DiagnosticSink {
  readonly limit: number;
  readonly all: Diagnostic[] = [];
  errorCount = 0;

  constructor(limit = 100) {
    this.limit = limit;
  }

  report(init: DiagnosticInit): void {
    const diagnostic = makeDiagnostic(init);
    if (diagnostic.severity === 'error') {
      this.errorCount++;
      if (this.errorCount > this.limit) return;
    }
    this.all.push(diagnostic);
  }

  /** Reports what stopped a computation, unless it has been reported before. Every other error is thrown on. */
  catch(error: unknown): void {
    if (!(error instanceof DiagnosticError)) throw error;
    if (!this.all.includes(error.diagnostic)) this.report(error.diagnostic);
  }

  get hasErrors(): boolean {
    return this.errorCount > 0;
  }

  /** True once further errors would not be shown: a reader may stop. */
  get isFull(): boolean {
    return this.errorCount >= this.limit;
  }
}

/** Stops a computation with one diagnostic; caught at the border (driver, command, conformance harness). */
export class DiagnosticError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(init: DiagnosticInit) {
    super(init.message);
    this.name = 'DiagnosticError';
    this.diagnostic = makeDiagnostic(init);
  }
}

/** Our own bug: names the pass and op where known. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvariantError';
  }
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
