import { CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-code.ts';
import { describeFileError } from './file-error.ts';
import { showDiagnostic } from './show-diagnostics.ts';
import type { Terminal } from './terminal.ts';

/** A command's own errors end here: says what happened in one line, a stack only where asked, and gives the exit code. */
export function reportError(error: unknown, terminal: Terminal, verbose: boolean): ExitCode {
  // Commander has already written its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof DiagnosticError) {
    showDiagnostic(error.diagnostic, terminal);
    return exitCodes.diagnostics;
  }
  const { red } = createColors(terminal.hasColours);
  if (error instanceof UsageError) {
    terminal.err(`${red('error:')} ${error.message}\n`);
    return exitCodes.usage;
  }
  const unreadable = describeSystemError(error);
  if (unreadable !== undefined) {
    terminal.err(`${red('error:')} ${unreadable}\n`);
    return exitCodes.diagnostics;
  }
  terminal.err(`${red('internal error:')} ${error instanceof Error ? error.message : String(error)}\n`);
  terminal.err(`This is a bug in tessera${verbose ? '.' : '; --verbose shows where.'}\n`);
  if (verbose && error instanceof Error) terminal.err(`${stackOf(error)}\n`);
  return exitCodes.internal;
}

/** The stack of the error, and of what caused it: a pass that failed is blamed by another error around it. */
function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** The system's refusal of a file that no command has put in its own words. */
function describeSystemError(error: unknown): string | undefined {
  const reason = describeFileError(error);
  if (reason === undefined || !(error instanceof Error)) return undefined;
  // A read of a folder fails without naming it.
  return `${'path' in error ? String(error.path) : 'a file cannot be read or written'}: ${reason}`;
}
