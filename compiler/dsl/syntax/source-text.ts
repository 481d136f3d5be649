/** A source as JavaScript text, with the way back from UTF-16 offsets, in which chevrotain counts, to bytes. */
import type { SourceFile } from '../../../ir/source.ts';
import type { Problems } from './problems.ts';

/** Larger files are no programs; the limit keeps what a hostile one costs small. */
export const maxSourceBytes = 8 * 1024 * 1024;

export interface SourceText {
  readonly text: string;
  /** UTF-16 offset in `text` -> byte offset in the file. */
  readonly byteAt: (offset: number) => number;
}

/** Undefined, with a report, for what is not UTF-8 or too large. */
export function decodeSource(source: SourceFile, problems: Problems): SourceText | undefined {
  const bytes = source.bytes.subarray(source.start, source.end);
  if (bytes.length > maxSourceBytes) {
    problems.report('E6002', source.start, source.start + 1, 'this file is too large to be a program', {
      hint: 'a .tess file may have up to 8 MiB; keep numbers in .npy or .safetensors files',
    });
    return undefined;
  }
  const wrong = firstInvalidByte(bytes);
  if (wrong !== undefined) {
    const at = source.start + wrong;
    problems.report('E6001', at, at + 1, 'this file is not UTF-8 text from here on', {
      hint: 'save it as UTF-8; a file of weights is read with `--params`',
    });
    return undefined;
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { text, byteAt: byteOffsets(text, bytes.length, source.start) };
}

function byteOffsets(text: string, byteLength: number, start: number): (offset: number) => number {
  if (text.length === byteLength) return (offset) => offset + start;
  const offsets = new Uint32Array(text.length + 1);
  let byte = start;
  for (let index = 0; index < text.length; index++) {
    offsets[index] = byte;
    byte += encodedLength(text.charCodeAt(index));
  }
  offsets[text.length] = byte;
  return (offset) => offsets[offset] ?? byte;
}

/** Bytes that a UTF-16 unit takes: each half of a surrogate pair counts for half of its four. */
function encodedLength(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
}

/** Where the first byte lies that belongs to no UTF-8 sequence. */
function firstInvalidByte(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let low = 0;
  let high = bytes.length;
  // A prefix may end within a sequence, which streaming forgives; so this is monotonic.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUtf8(bytes.subarray(0, middle + 1), true)) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, bytes.length - 1);
}

function isUtf8(bytes: Uint8Array, stream = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
