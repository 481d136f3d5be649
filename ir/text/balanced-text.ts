/** Finds where a bracketed body ends without reading it as tokens: other dialects' attributes and types may hold anything. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const MINUS = 0x2d;

const closers: ReadonlyMap<number, number> = new Map([
  [0x28, 0x29],
  [0x3c, 0x3e],
  [0x5b, 0x5d],
  [0x7b, 0x7d],
]);

export interface Unbalanced {
  /** Where it goes wrong. */
  readonly at: number;
  /** The closing mark that was due: `>`. */
  readonly closer: string;
}

/** The offset past the mark that closes the one at `start`, or where the body stops being balanced. */
export function balancedEnd(bytes: Uint8Array, start: number, limit: number, maxDepth: number): number | Unbalanced {
  const open: number[] = [];
  for (let at = start; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    const closer = closers.get(byte);
    if (closer !== undefined) {
      if (open.length >= maxDepth) return unbalanced(at, open);
      open.push(closer);
    } else if (byte === QUOTE) {
      const end = stringEnd(bytes, at, limit);
      if (end === -1) return unbalanced(at, open);
      at = end - 1;
    } else if (byte === MINUS && bytes[at + 1] === 0x3e) at++;
    else if (byte === 0x29 || byte === 0x3e || byte === 0x5d || byte === 0x7d) {
      const due = open.pop();
      if (byte !== due) return { at, closer: String.fromCharCode(due ?? 0x3e) };
      if (open.length === 0) return at + 1;
    }
  }
  return unbalanced(limit, open);
}

function unbalanced(at: number, open: readonly number[]): Unbalanced {
  return { at, closer: String.fromCharCode(open.at(-1) ?? 0x3e) };
}

/** The offset past the string that starts at `start`; -1 when it does not end on its line. */
export function stringEnd(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === LINE_FEED) return -1;
    if (byte === BACKSLASH) at++;
  }
  return -1;
}
