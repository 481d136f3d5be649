/** Reads a file that the user named. */
import { readFileSync } from 'node:fs';
import type { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { filesError } from '../driver/function-signature.ts';
import { describeFileError } from './file-error.ts';

/** The bytes; `-` is standard input. Throws a DiagnosticError (E5013) that says why it cannot be read. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): DiagnosticError | unknown {
  const reason = describeFileError(error);
  return reason === undefined ? error : filesError('E5013', `${path === '-' ? '<stdin>' : path}: ${reason}`);
}
