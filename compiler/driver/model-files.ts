/** Where a model and the files it names are read from: a disk (`compiler/cli`), or memory (`compiler/api`). */
import type { SourceFile } from '../../ir/source.ts';
import { nearest } from '../../ir/text/edit-distance.ts';
import { filesError } from './function-signature.ts';

export interface ModelFiles {
  /** A file's bytes under the name that diagnostics show. Throws a DiagnosticError (E5013) that says why it cannot be read. */
  open(path: string): SourceFile;
}

/** The error for a file that is not among those in memory. */
export function noSuchFile(path: string, known: readonly string[]): Error {
  const closest = nearest(path, known);
  const rest = closest === undefined ? {} : { hint: `did you mean '${closest}'?` };
  return filesError('E5013', `${path === '' ? "''" : path}: no such file among those given`, rest);
}
