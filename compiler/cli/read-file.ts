/** Reads files that the user named. */
import { readFileSync } from 'node:fs';
import { SourceFile } from '../../ir/source.ts';
import { filesError } from '../driver/function-signature.ts';
import type { ModelFiles } from '../driver/model-files.ts';
import { describeFileError } from './file-error.ts';

/** The bytes; `-` is standard input. Throws a DiagnosticError (E5013) that says why it cannot be read. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const reason = describeFileError(error);
    throw reason === undefined ? error : filesError('E5013', `${path === '' ? "''" : nameOf(path)}: ${reason}`);
  }
}

/** The files of this machine. */
export const diskFiles: ModelFiles = { open: (path) => new SourceFile(nameOf(path), readFile(path)) };

function nameOf(path: string): string {
  return path === '-' ? '<stdin>' : path;
}
