/**
 * Memory of the loop interpreter: a typed array in storage form, with shadows that know which elements are initialised and who
 * touched them last, so that what a machine would do silently is an error here.
 *
 * Race detection goes by *segments*: what one invocation (or one iteration of a parallel loop) does between two barriers. Two segments
 * conflict when they belong to different groups (workgroups, parallel iterations), or to different invocations of one group in the
 * same interval between barriers. Segment 0 is serial code and conflicts with none.
 */
import type { ElementsArray } from '../../ir/elements.ts';
import { arenaSlackBytes, type FlatBuffer } from './loop-ir.ts';
import { elementBytes, type KernelDType } from './value-type.ts';

export type NumberElements = Exclude<ElementsArray, BigInt64Array | BigUint64Array>;

export class Segments {
  readonly #groups: number[] = [0];
  readonly #invocations: number[] = [0];
  readonly #intervals: number[] = [0];
  readonly #intervalGroups: number[] = [0];

  /** A new interval between barriers of a group. */
  openInterval(group: number): number {
    return this.#intervalGroups.push(group) - 1;
  }

  open(group: number, invocation: number, interval: number): number {
    this.#groups.push(group);
    this.#invocations.push(invocation);
    return this.#intervals.push(interval) - 1;
  }

  conflict(a: number, b: number): boolean {
    if (a === b || a === 0 || b === 0) return false;
    if (this.#groups[a] !== this.#groups[b]) return true;
    return this.#intervals[a] === this.#intervals[b] && this.#invocations[a] !== this.#invocations[b];
  }

  /** Whether a segment belongs to another group than an interval does. */
  isForeign(interval: number, segment: number): boolean {
    return this.#intervalGroups[interval] !== this.#groups[segment];
  }

  interval(segment: number): number {
    return this.#intervals[segment] ?? 0;
  }

  sameGroup(a: number, b: number): boolean {
    return this.#groups[a] === this.#groups[b];
  }
}

const manyGroups = -1;

/** Who read and who wrote each element last. */
export class Tracker {
  readonly #segments: Segments;
  /** Segment of the last write; negative for an atomic one; 0 for none. */
  readonly #writers: Int32Array;
  /** Segment of the last read; `manyGroups`; or -2 - interval when several invocations read in that interval. */
  readonly #readers: Int32Array;

  constructor(segments: Segments, size: number) {
    this.#segments = segments;
    this.#writers = new Int32Array(size);
    this.#readers = new Int32Array(size);
  }

  /** False when it races with a write. */
  read(index: number, segment: number): boolean {
    const writer = Math.abs(this.#writers[index] ?? 0);
    if (writer !== segment && this.#segments.conflict(writer, segment)) return false;
    const reader = this.#readers[index] ?? 0;
    if (reader !== segment && reader !== manyGroups && segment !== 0)
      this.#readers[index] = this.#mergedReader(reader, segment);
    return true;
  }

  #mergedReader(reader: number, segment: number): number {
    if (reader === 0) return segment;
    if (reader < manyGroups) {
      const interval = -2 - reader;
      if (this.#segments.isForeign(interval, segment)) return manyGroups;
      return interval === this.#segments.interval(segment) ? reader : segment;
    }
    if (!this.#segments.sameGroup(reader, segment)) return manyGroups;
    return this.#segments.conflict(reader, segment) ? -2 - this.#segments.interval(segment) : segment;
  }

  /** False when it races with a read or a write. */
  write(index: number, segment: number): boolean {
    const writer = Math.abs(this.#writers[index] ?? 0);
    if (writer !== segment && this.#segments.conflict(writer, segment)) return false;
    if (this.#racesWithReader(index, segment)) return false;
    this.#writers[index] = segment;
    return true;
  }

  #racesWithReader(index: number, segment: number): boolean {
    const reader = this.#readers[index] ?? 0;
    if (reader === 0 || reader === segment || segment === 0) return false;
    if (reader > 0) return this.#segments.conflict(reader, segment);
    if (reader === manyGroups) return true;
    const interval = -2 - reader;
    return this.#segments.isForeign(interval, segment) || interval === this.#segments.interval(segment);
  }

  /** Atomics do not race with each other. */
  atomic(index: number, segment: number): boolean {
    const writer = this.#writers[index] ?? 0;
    if (writer > 0 && this.#segments.conflict(writer, segment)) return false;
    if (this.#racesWithReader(index, segment)) return false;
    this.#writers[index] = -segment;
    return true;
  }
}

const noNumbers = new Uint8Array(0);
const noBigints = new BigInt64Array(0);

export class Memory {
  readonly buffer: FlatBuffer;
  /** Elements. */
  readonly size: number;
  /** One past the last element that a vector may read; what lies past `size` is poison. */
  readonly readableSize: number;
  readonly values: ElementsArray;
  /** `values` when they are numbers, else empty. */
  readonly numbers: NumberElements;
  /** `values` when they are bigints, else empty. */
  readonly bigints: BigInt64Array | BigUint64Array;
  /** 1 where initialised; undefined when all is. */
  readonly initialised: Uint8Array | undefined;
  readonly tracker: Tracker | undefined;
  /** Poison stored here stays poison; where this is false it is an error. */
  readonly keepsPoison: boolean;

  constructor(
    buffer: FlatBuffer,
    size: number,
    values: ElementsArray,
    initialised: Uint8Array | undefined,
    tracker: Tracker | undefined,
  ) {
    this.buffer = buffer;
    this.size = size;
    this.readableSize = buffer.space === 'arena' ? size + arenaSlackBytes / elementBytes(buffer.dtype) : size;
    this.values = values;
    const isBigint = values instanceof BigInt64Array || values instanceof BigUint64Array;
    this.numbers = isBigint ? noNumbers : values;
    this.bigints = isBigint ? values : noBigints;
    this.initialised = initialised;
    this.tracker = tracker;
    this.keepsPoison = initialised !== undefined && buffer.space !== 'user' && buffer.access !== 'write';
  }
}

/** The storage array for a buffer that the kernel makes for itself. */
export function allocateMemory(dtype: KernelDType, size: number): ElementsArray {
  switch (dtype) {
    case 'i1':
    case 'ui8':
      return new Uint8Array(size);
    case 'i8':
      return new Int8Array(size);
    case 'i16':
      return new Int16Array(size);
    case 'ui16':
    case 'f16':
    case 'bf16':
      return new Uint16Array(size);
    case 'i32':
      return new Int32Array(size);
    case 'ui32':
      return new Uint32Array(size);
    case 'i64':
    case 'index':
      return new BigInt64Array(size);
    case 'ui64':
      return new BigUint64Array(size);
    case 'f32':
      return new Float32Array(size);
    case 'f64':
      return new Float64Array(size);
    default:
      return dtype satisfies never;
  }
}
