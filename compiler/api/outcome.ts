/** What every function of this interface gives back: diagnostics as data, never as exceptions. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { type DiagnosticData, diagnosticData } from '../diagnostics/diagnostic-data.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';

export interface Report {
  /** Errors, warnings and remarks, in the order in which they were found. */
  readonly diagnostics: readonly DiagnosticData[];
  /** The errors and warnings as the command line prints them, with source lines and carets; empty when all is well. */
  readonly text: string;
}

/** Something was wrong: at least one of the diagnostics is an error. */
export interface Failure extends Report {
  readonly ok: false;
}

export function reportOf(sink: DiagnosticSink): Report {
  const shown = sink.all.filter(({ severity }) => severity !== 'remark');
  return { diagnostics: sink.all.map(diagnosticData), text: renderDiagnostics(shown, undefined, sink.errorCount) };
}

export function failureOf(sink: DiagnosticSink): Failure {
  return { ok: false, ...reportOf(sink) };
}
