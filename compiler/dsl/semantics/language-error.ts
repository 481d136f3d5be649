/** A mistake in a program, thrown where it is found and reported where evaluation can go on: at the statement, argument or member. */
import type { DiagnosticInit, Note } from '../../../ir/diagnostics/diagnostic.ts';
import type { Span } from '../../../ir/source.ts';
import type { LanguageCode } from '../diagnostics/catalog-language.ts';

export interface ErrorDetail {
  readonly notes?: readonly Note[];
  readonly hint?: string | undefined;
}

export class LanguageError extends Error {
  readonly init: DiagnosticInit;

  constructor(code: LanguageCode, span: Span, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.init = { code, span, message, notes: detail.notes ?? [], hint: detail.hint };
  }
}

/** Thrown when evaluation meets what an earlier, reported mistake left unknown: stops quietly. */
export class UnknownOperand extends Error {}
