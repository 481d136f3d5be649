/** The comments of a file, handed out in order of place, each once: none is lost, none is moved before what it follows. */
import type { Comment } from '../syntax/ast.ts';
import type { SourceFile } from '../../../ir/source.ts';

const lineBreak = 10;

export class CommentCursor {
  readonly #bytes: Uint8Array;
  readonly #comments: readonly Comment[];
  #next = 0;

  constructor(source: SourceFile, comments: readonly Comment[]) {
    this.#bytes = source.bytes;
    this.#comments = comments;
  }

  /** All that start before a byte. */
  takeBefore(offset: number): readonly Comment[] {
    const first = this.#next;
    while ((this.#comments[this.#next]?.span.start ?? Infinity) < offset) this.#next++;
    return this.#comments.slice(first, this.#next);
  }

  /** Those within what ended at a byte, and the one that follows it on its line, if it starts before `limit`. */
  takeAfter(end: number, limit: number): readonly Comment[] {
    const inner = this.takeBefore(end);
    const next = this.#comments[this.#next];
    if (next === undefined || next.span.start >= limit || !this.isOneLine(end, next.span.start)) return inner;
    this.#next++;
    return [...inner, next];
  }

  /** Whether a comment starts in a range. */
  has(start: number, end: number): boolean {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#comments[middle]?.span.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    return (this.#comments[low]?.span.start ?? Infinity) < end;
  }

  /** Where the `)` stands that comes next after a byte, outside of comments. */
  closingAfter(offset: number): number {
    let at = offset;
    while (at < this.#bytes.length && this.#bytes[at] !== 41) {
      const isComment = this.#bytes[at] === 47 && this.#bytes[at + 1] === 47;
      at = isComment ? this.#bytes.indexOf(lineBreak, at) : at + 1;
      if (at === -1) return offset;
    }
    return at;
  }

  /** No line break lies in a range of bytes. */
  isOneLine(start: number, end: number): boolean {
    const found = this.#bytes.indexOf(lineBreak, start);
    return found === -1 || found >= end;
  }

  /** An empty line lies right before a byte. */
  hasBlankLineBefore(offset: number): boolean {
    let breaks = 0;
    for (let at = offset - 1; at >= 0; at--) {
      const byte = this.#bytes[at];
      if (byte === lineBreak) breaks++;
      else if (byte !== 32 && byte !== 9 && byte !== 13 && byte !== 12 && byte !== 11) break;
    }
    return breaks >= 2;
  }
}
