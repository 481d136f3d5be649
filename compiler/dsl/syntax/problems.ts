/** What is wrong with one text: collected by all passes over it, freed of consequences of one another, reported in order of place. */
import type { DiagnosticSink, Note } from '../../../ir/diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../../../ir/source.ts';
import type { SyntaxCode } from '../diagnostics/catalog-syntax.ts';

interface Problem {
  readonly code: SyntaxCode;
  readonly span: Span;
  readonly message: string;
  readonly hint: string | undefined;
  readonly notes: readonly Note[];
  readonly severity: 'error' | 'warning';
}

export interface ProblemDetails {
  readonly hint?: string;
  readonly notes?: readonly Note[];
  readonly severity?: 'error' | 'warning';
}

export class Problems {
  readonly source: SourceFile;
  readonly #limit: number;
  readonly #found: Problem[] = [];
  readonly #starts = new Set<number>();
  /** Byte ranges where everything that is still found would follow from something reported already. */
  readonly #settled: { readonly start: number; readonly end: number }[] = [];

  constructor(source: SourceFile, limit: number) {
    this.source = source;
    this.#limit = limit;
  }

  /** One at a place: what is found there later follows from the first. */
  report(code: SyntaxCode, start: number, end: number, message: string, details: ProblemDetails = {}): void {
    if (this.#starts.has(start) || this.#settled.some((range) => range.start <= start && start < range.end)) return;
    if (this.isFull) return;
    this.#starts.add(start);
    const span = this.span(start, Math.max(end, start + 1));
    const { hint, notes = [], severity = 'error' } = details;
    this.#found.push({ code, span, message, hint, notes, severity });
  }

  /** From now on nothing is reported in this range: the reader has been told. */
  settle(start: number, end: number): void {
    this.#settled.push({ start, end });
  }

  span(start: number, end: number): Span {
    return { source: this.source, start, end };
  }

  /** More would not be shown. */
  get isFull(): boolean {
    return this.#found.length >= this.#limit;
  }

  get hasErrors(): boolean {
    return this.#found.some(({ severity }) => severity === 'error');
  }

  flush(sink: DiagnosticSink): void {
    for (const problem of this.#found.toSorted((a, b) => a.span.start - b.span.start)) sink.report(problem);
  }
}
