/**
 * Which cells change inside a part of the program that becomes a region of its own: a branch, a loop body. On leaving the part its cells
 * are as they were before, and the caller is told what they would have become.
 */
import type { Span } from '../../../ir/source.ts';
import type { Cell } from './cell.ts';
import type { Value } from './values.ts';

/** `map`: no cell from outside may be written. */
export type FrameKind = 'branch' | 'loop' | 'map' | 'gradient' | 'trial';

export interface Frame {
  readonly kind: FrameKind;
  readonly span: Span;
  /** The cells written, with what they held before. */
  readonly before: Map<Cell, Value | undefined>;
}

export interface Written {
  readonly cell: Cell;
  readonly value: Value | undefined;
}

export class Journal {
  readonly #frames: Frame[] = [];

  get depth(): number {
    return this.#frames.length;
  }

  enter(kind: FrameKind, span: Span): Frame {
    const frame: Frame = { kind, span, before: new Map() };
    this.#frames.push(frame);
    return frame;
  }

  /** Takes back what was written since `enter`, and says what it was. */
  leave(frame: Frame): readonly Written[] {
    while (this.#frames.length > 0 && this.#frames.pop() !== frame);
    const written: Written[] = [];
    for (const [cell, value] of frame.before) {
      written.push({ cell, value: cell.value });
      cell.value = value;
    }
    return written;
  }

  /** The innermost frame of the kind that the cell stands outside of. */
  frameAround(cell: Cell, kind: FrameKind): Frame | undefined {
    return this.#frames.findLast((frame, index) => frame.kind === kind && cell.depth <= index);
  }

  write(cell: Cell, value: Value): void {
    const top = this.#frames.at(-1);
    if (top !== undefined && cell.depth < this.#frames.length && !top.before.has(cell))
      top.before.set(cell, cell.value);
    cell.value = value;
  }
}
