/** Writes a file whole or not at all: to a temporary name beside it first. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export function writeFileAtomically(path: string, write: (chunk: (data: string | Uint8Array) => void) => void): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w');
  let isDone = false;
  try {
    write((data) => writeFully(file, typeof data === 'string' ? Buffer.from(data) : data));
    isDone = true;
  } finally {
    closeSync(file);
    if (!isDone) rmSync(temporary, { force: true });
  }
  renameSync(temporary, path);
}

function writeFully(file: number, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += writeSync(file, data, at);
}
