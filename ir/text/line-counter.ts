/** Line and column of offsets that mostly grow: counts line feeds from the last place on, with no table of lines. */
import type { LineColumn } from '../source.ts';

const LINE_FEED = 0x0a;

export class LineCounter {
  readonly #bytes: Uint8Array;
  #line = 1;
  #lineStart = 0;
  /** Start of the next line, or past the end. */
  #nextLine: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#nextLine = this.#findNextLine(0);
  }

  at(offset: number): LineColumn {
    if (offset < this.#lineStart) {
      this.#line = 1;
      this.#lineStart = 0;
      this.#nextLine = this.#findNextLine(0);
    }
    while (offset >= this.#nextLine) {
      this.#line++;
      this.#lineStart = this.#nextLine;
      this.#nextLine = this.#findNextLine(this.#lineStart);
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }

  #findNextLine(from: number): number {
    const at = this.#bytes.indexOf(LINE_FEED, from);
    return at === -1 ? Infinity : at + 1;
  }
}
