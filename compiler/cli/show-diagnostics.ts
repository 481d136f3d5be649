/** Diagnostics to the terminal, or as JSON where a machine reads. */
import { createColors } from 'picocolors';
import type { Diagnostic, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { diagnosticData } from '../diagnostics/diagnostic-data.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export interface ShowOptions {
  readonly json?: boolean;
  /** Remarks are left out unless asked for. */
  readonly remarks?: boolean;
}

/** Writes all of them; the exit code says whether an error was among them. */
export function showDiagnostics(sink: DiagnosticSink, terminal: Terminal, options: ShowOptions = {}): ExitCode {
  const shown = sink.all.filter(({ severity }) => severity !== 'remark' || options.remarks === true);
  if (options.json === true) {
    const report = { errors: sink.errorCount, diagnostics: shown.map(diagnosticData) };
    terminal.out(`${JSON.stringify(report, undefined, 1)}\n`);
  } else {
    terminal.err(renderDiagnostics(shown, createColors(terminal.hasColours), sink.errorCount));
    if (sink.isFull) terminal.err(`there may be more: after ${sink.limit} no more are looked for\n`);
    else if (sink.hasErrors && terminal.isInteractive) terminal.err(adviceFor(shown));
  }
  return sink.hasErrors ? exitCodes.diagnostics : exitCodes.done;
}

export function showDiagnostic(diagnostic: Diagnostic, terminal: Terminal): void {
  terminal.err(renderDiagnostics([diagnostic], createColors(terminal.hasColours)));
}

/** For a person only: it would clutter a log. */
function adviceFor(shown: readonly Diagnostic[]): string {
  const code = shown.find(({ severity }) => severity === 'error')?.code;
  return code === undefined ? '' : `\`tessera explain ${code}\` says more about ${code}\n`;
}
