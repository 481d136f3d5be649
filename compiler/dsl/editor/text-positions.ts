/** Places as editors count them: lines from 0, and in a line UTF-16 units from 0. Sources count bytes. */
import type { SourceFile, Span } from '../../../ir/source.ts';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export function positionOf(source: SourceFile, offset: number): Position {
  const { line, column } = source.lineColumn(offset);
  const start = Math.min(offset, source.bytes.length) - (column - 1);
  return { line: line - 1, character: decode(source.bytes.subarray(start, offset)).length };
}

export function rangeOf({ source, start, end }: Span): Range {
  return { start: positionOf(source, start), end: positionOf(source, Math.max(start, end)) };
}

/** The byte of a position; one past the end of its line is the end of the line. */
export function offsetOf(source: SourceFile, { line, character }: Position): number {
  const text = source.lineText(line + 1, Infinity);
  return lineStart(source, line) + new TextEncoder().encode(text.slice(0, character)).length;
}

function lineStart({ bytes }: SourceFile, line: number): number {
  let start = 0;
  for (let seen = 0; seen < line; seen++) {
    const at = bytes.indexOf(10, start);
    if (at === -1) return bytes.length;
    start = at + 1;
  }
  return start;
}

export function textOf({ source, start, end }: Span): string {
  return decode(source.bytes.subarray(start, end));
}

export function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
