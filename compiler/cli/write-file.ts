/** Writes files whole or not at all: to temporary names beside them first. */
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { filesError } from '../driver/function-signature.ts';
import { describeFileError } from './file-error.ts';

export interface OutputFile {
  readonly path: string;
  readonly write: (chunk: (data: string | Uint8Array) => void) => void;
}

/** All of the files, or none when one of them cannot be written. Throws a DiagnosticError (E5014) that names it. */
export function writeFilesAtomically(files: readonly OutputFile[]): void {
  const pending: { readonly temporary: string; readonly path: string }[] = [];
  let current = '';
  try {
    for (const [index, { path, write }] of files.entries()) {
      current = path;
      const temporary = isReplaceable(path) ? `${path}.${process.pid}-${index}.tmp` : path;
      if (temporary !== path) pending.push({ temporary, path });
      writeWhole(temporary, write);
    }
    for (const { temporary, path } of pending) {
      current = path;
      renameSync(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of pending) rmSync(temporary, { force: true });
    const reason = describeFileError(error);
    throw reason === undefined ? error : filesError('E5014', `${current}: ${reason}`);
  }
}

/** Devices and pipes (`/dev/stdout`) are written to, not replaced; a folder is refused by opening it. */
function isReplaceable(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined || found.isFile();
}

function writeWhole(path: string, write: OutputFile['write']): void {
  const file = openSync(path, 'w');
  try {
    write((data) => writeFully(file, typeof data === 'string' ? Buffer.from(data) : data));
  } finally {
    closeSync(file);
  }
}

function writeFully(file: number, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += writeSync(file, data, at);
}
