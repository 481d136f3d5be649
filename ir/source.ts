/**
 * Source texts and places in them. Offsets are bytes into the UTF-8 text, so that a file of hundreds of megabytes never
 * becomes a JavaScript string.
 */

/** A 1-based line and a 1-based column; the column counts bytes, as MLIR does. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** One input text, with its name as the user gave it. */
export class SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  #lineStarts: number[] | undefined;

  constructor(name: string, text: Uint8Array | string) {
    this.name = name;
    this.bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
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

  #starts(): number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (let at = this.bytes.indexOf(10); at !== -1; at = this.bytes.indexOf(10, at + 1)) starts.push(at + 1);
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
