import { CommanderError } from 'commander';
import { createColors } from 'picocolors';
import { type ExitCode, exitCodes, UsageError } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** A command's own errors end here: says what happened in one line, a stack only where asked, and gives the exit code. */
export function reportError(error: unknown, terminal: Terminal, verbose: boolean): ExitCode {
  // Commander has already written its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { red } = createColors(terminal.hasColours);
  if (error instanceof UsageError) {
    terminal.err(`${red('error:')} ${error.message}\n`);
    return exitCodes.usage;
  }
  const unreadable = describeFileError(error);
  if (unreadable !== undefined) {
    terminal.err(`${red('error:')} ${unreadable}\n`);
    return exitCodes.diagnostics;
  }
  terminal.err(`${red('internal error:')} ${error instanceof Error ? error.message : String(error)}\n`);
  terminal.err(`This is a bug in tessera${verbose ? '.' : '; --verbose shows where.'}\n`);
  if (verbose && error instanceof Error && error.stack !== undefined) terminal.err(`${error.stack}\n`);
  return exitCodes.internal;
}

const fileErrors: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space left on the device',
  EROFS: 'read-only file system',
};

/** The system's refusal of a file, which is the user's to solve; undefined for every other error. */
function describeFileError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const reason = fileErrors[String(error.code)];
  if (reason === undefined) return undefined;
  // A read of a folder fails without naming it.
  return 'path' in error
    ? `${String(error.path)}: ${reason}`
    : `cannot ${String(error.syscall)} the file: it ${reason}`;
}
