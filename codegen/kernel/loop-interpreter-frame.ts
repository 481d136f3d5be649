/** What the closures of a compiled kernel share: the frame they run on, and the slots and error sites that compiling hands out. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { FlatBuffer, LoopKernel, Statement, Variable } from './loop-ir.ts';
import type { Memory, Segments } from './loop-interpreter-memory.ts';
import { statementText } from './loop-text.ts';
import { isBigintDType } from './scalar-semantics.ts';
import type { Size } from './size.ts';
import type { ValueType } from './value-type.ts';

export type Value = number | bigint;

/** A vector. Poisoned lanes hold bytes nobody wrote: they may be carried along and dropped, never used. */
export interface Lanes {
  readonly values: readonly Value[];
  /** 1 for a poisoned lane; undefined when there is none. */
  readonly poison: Uint8Array | undefined;
}

/** The variables of one invocation (or of the serial code), by slot, and who runs. */
export interface Frame {
  readonly numbers: Float64Array;
  readonly bigints: bigint[];
  readonly vectors: Lanes[];
  readonly memory: Memory[];
  readonly run: Run;
  /** Whose memory accesses these are; see loop-interpreter-memory.ts. 0 in serial code. */
  segment: number;
  group: number;
  /** -1 outside of parallel iterations and invocations. */
  invocation: number;
  interval: number;
}

/** What one call of the kernel shares between frames. */
export interface Run {
  readonly segments: Segments;
  /** Sizes depend on the symbols of the call. */
  readonly sizeOf: (size: Size) => number;
  groups: number;
}

export type Eval<T> = (frame: Frame) => T;
export type Exec = (frame: Frame) => void;
/** Yields at each barrier. */
export type Stepper = (frame: Frame) => Generator<Statement, void, undefined>;

export type SlotKind = 'number' | 'bigint' | 'vector';

export function slotKind({ dtype, lanes }: ValueType): SlotKind {
  if (lanes !== 1) return 'vector';
  return isBigintDType(dtype) ? 'bigint' : 'number';
}

/** Where an error is: prints the statement. */
export class Site {
  readonly #kernel: LoopKernel;
  readonly #statement: Statement | undefined;

  constructor(kernel: LoopKernel, statement: Statement | undefined) {
    this.#kernel = kernel;
    this.#statement = statement;
  }

  fail(message: string): never {
    throw new InvariantError(`kernel ${this.#kernel.name}: ${message}${this.#place()}`);
  }

  #place(): string {
    if (this.#statement === undefined) return '';
    const lines = statementText(this.#statement, this.#kernel).split('\n');
    const shown = lines.length > 8 ? [...lines.slice(0, 8), '  ...'] : lines;
    return `\n  at ${shown.join('\n     ')}`;
  }
}

/** Hands out slots while a kernel is compiled. */
export class Layout {
  readonly kernel: LoopKernel;
  readonly fusesMultiplyAdd: boolean;
  readonly #variables = new Map<number, number>();
  readonly #buffers = new Map<number, number>();
  readonly sizes = new Map<Size, number>();
  numbers = 0;
  bigints = 0;
  vectors = 0;
  site: Site;

  constructor(kernel: LoopKernel, fusesMultiplyAdd: boolean) {
    this.kernel = kernel;
    this.fusesMultiplyAdd = fusesMultiplyAdd;
    this.site = new Site(kernel, undefined);
  }

  define({ id, type }: Variable): number {
    const known = this.#variables.get(id);
    if (known !== undefined) return known;
    const kind = slotKind(type);
    const slot = kind === 'number' ? this.numbers++ : kind === 'bigint' ? this.bigints++ : this.vectors++;
    this.#variables.set(id, slot);
    return slot;
  }

  slot(variable: Variable): number {
    const slot = this.#variables.get(variable.id);
    return slot ?? this.site.fail(`${variable.name} is used before it is defined`);
  }

  sizeSlot(size: Size): number {
    const known = this.sizes.get(size);
    if (known !== undefined) return known;
    const slot = this.numbers++;
    this.sizes.set(size, slot);
    return slot;
  }

  defineBuffer({ id }: FlatBuffer): number {
    const slot = this.#buffers.get(id) ?? this.#buffers.size;
    this.#buffers.set(id, slot);
    return slot;
  }

  bufferSlot(buffer: FlatBuffer): number {
    const slot = this.#buffers.get(buffer.id);
    return slot ?? this.site.fail(`${buffer.name} is used where it does not exist`);
  }

  at(statement: Statement): Site {
    this.site = new Site(this.kernel, statement);
    return this.site;
  }
}
