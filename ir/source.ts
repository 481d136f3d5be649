/**
 * Source texts and places in them. Offsets are bytes into the UTF-8 text, so that a file of hundreds of megabytes never
 * becomes a JavaScript string.
 */

/** A 1-based line and a 1-based column; the column counts bytes, as MLIR does. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** One input text, or a part of one, with its name as the user gave it. */
export class SourceFile {
  readonly name: string;
  /** Of the whole file, so that the lines of a part keep their numbers. */
  readonly bytes: Uint8Array;
  /** The part to be read: the bytes `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Bytes of long hexadecimal strings that are not in the text, by the offset of their quote (text/hex-elision.ts). */
  readonly outOfLine: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
  #lineStarts: Uint32Array | undefined;

  constructor(
    name: string,
    text: Uint8Array | string,
    start = 0,
    end = Infinity,
    outOfLine: SourceFile['outOfLine'] = new Map(),
  ) {
    this.name = name;
    this.bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    this.start = start;
    this.end = Math.min(end, this.bytes.length);
    this.outOfLine = outOfLine;
  }

  /** Line and column of a byte offset; offsets past the end give the end. */
  lineColumn(offset: number): LineColumn {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, this.bytes.length) - (starts[low] ?? 0) + 1 };
  }

  /** The text of a 1-based line without its line break, cut at `maxBytes` bytes. */
  lineText(line: number, maxBytes = 4096): string {
    const starts = this.#starts();
    const start = starts[line - 1];
    if (start === undefined) return '';
    const next = starts[line];
    let end = next === undefined ? this.bytes.length : next - 1;
    if (end > start && this.bytes[end - 1] === 13) end--;
    return new TextDecoder().decode(this.bytes.subarray(start, Math.min(end, start + maxBytes)));
  }

  #starts(): Uint32Array {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const { bytes } = this;
    let lines = 1;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
    const starts = new Uint32Array(lines);
    let line = 1;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts[line++] = at + 1;
    this.#lineStarts = starts;
    return starts;
  }
}

/** The half-open byte range `[start, end)` of a source. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}
