/** Reads files that the user named. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { SourceFile } from '../../ir/source.ts';
import { HexElider } from '../../ir/text/hex-elision.ts';
import { filesError } from '../driver/function-signature.ts';
import type { ModelFiles } from '../driver/model-files.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { describeFileError } from './file-error.ts';

/** The bytes; `-` is standard input. Throws a DiagnosticError (E5013) that says why it cannot be read. */
export function readFile(path: string): Uint8Array {
  return readable(path, () => readFileSync(path === '-' ? 0 : path));
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is too large to be held in memory' : describeFileError(error);
    throw reason === undefined ? error : filesError('E5013', `${path === '' ? "''" : nameOf(path)}: ${reason}`);
  }
}

/** Larger texts are read in parts, their weights as bytes at once. */
const partBytes = 8 << 20;

function readText(path: string): SourceFile {
  const name = nameOf(path);
  if (path === '-') return new SourceFile(name, readFile(path));
  return readable(path, () => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size <= partBytes) return new SourceFile(name, readFileSync(file));
      const elider = new HexElider(size);
      const part = new Uint8Array(partBytes);
      for (let length = readSync(file, part); length > 0; length = readSync(file, part))
        elider.push(part.subarray(0, length));
      const { bytes, outOfLine } = elider.finish();
      return new SourceFile(name, bytes, 0, Infinity, outOfLine);
    } finally {
      closeSync(file);
    }
  });
}

/** The bytes of a file, read in parts as they are asked for. Throws a DiagnosticError (E5013). */
export function openBytes(path: string): ByteSource {
  const size = readable(path, () => statSync(path).size);
  return {
    size,
    read: (begin, end) =>
      readable(path, () => {
        const file = openSync(path, 'r');
        try {
          const part = new Uint8Array(end - begin);
          let length = 0;
          for (let got = -1; length < part.length && got !== 0; length += got) {
            got = readSync(file, part, length, part.length - length, begin + length);
          }
          return part.subarray(0, length);
        } finally {
          closeSync(file);
        }
      }),
  };
}

/** The files of this machine. */
export const diskFiles: ModelFiles = { open: readText };

function nameOf(path: string): string {
  return path === '-' ? '<stdin>' : path;
}
