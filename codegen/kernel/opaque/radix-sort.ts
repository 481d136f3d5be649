/**
 * Radix sort of one line by integer keys, least significant digit first: stable, and without comparisons.
 *
 *     for i { for each digit d { counts[d][digit(d, key(i))]++ } }          all digits in one pass over the line
 *     counts[d] = running sums: where the first element of each bucket goes
 *     for each digit d { for i { to[counts[d][digit]++] = from[i] } }       elements move; keys are computed again
 *
 * The first pass reads the line where it is, the last one writes where it is wanted. Columns that are not cheap to move in each pass, and
 * that no key reads, are fetched at the end from where the moved position says.
 */
import type { LoopBuilder } from '../loop-builder.ts';
import {
  add, and, binary, bitcast, compare, constant, convert, load, or, select, xor,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import {
  elementBytes,
  isFloatKernelDType,
  isUnsignedKernelDType,
  type KernelDType,
  scalar,
  vector,
} from '../value-type.ts';
import { type Line, mergingNanoseconds } from './merge-sort.ts';

/** A key of an element, given the element's columns. */
export interface RadixKey {
  readonly dtype: KernelDType;
  readonly isDescending: boolean;
  readonly emit: (columns: readonly Expr[]) => Expr;
}

/** One digit of one key. */
interface Digit<Key> {
  readonly key: Key;
  readonly shift: number;
}

export interface RadixPlan<Key = unknown> {
  readonly bits: number;
  /** Least significant first. */
  readonly digits: readonly Digit<Key>[];
}

export interface RadixSort {
  readonly loops: LoopBuilder;
  readonly length: Expr;
  readonly plan: RadixPlan<RadixKey>;
  /** A column each, twice the length. */
  readonly scratch: readonly FlatBuffer[];
  /** Twice the length, of i32, where positions move instead of some columns. */
  readonly positions: FlatBuffer | undefined;
  /** Columns that move themselves. */
  readonly moved: readonly number[];
  /** i32, as many as `countersOf` says. */
  readonly counts: FlatBuffer;
}

/**
 * Digits of 11 bits need three passes for 32 bits, where those of 8 need four; but their counters, 2048 a digit, are cleared and summed
 * once a line, and their buckets are written in as many places. On a Zen 5 under V8 they are slower up to about 2,000 floats, take 0.75 of
 * the time for 8,000 to 65,000, and past the L2 cache the same for one column, 1.2 of it for two.
 */
const wideDigit = { bits: 11, leastElements: 4096 };
const narrowDigit = 8;

export function planRadix<Key extends Pick<RadixKey, 'dtype'>>(
  keys: readonly Key[],
  elements: number,
  isCached: boolean,
): RadixPlan<Key> {
  const widest = Math.max(...keys.map(({ dtype }) => keyBits(dtype)));
  const bits = widest >= 32 && elements >= wideDigit.leastElements && isCached ? wideDigit.bits : narrowDigit;
  const digits = keys
    .toReversed()
    .flatMap((key) =>
      Array.from({ length: Math.ceil(keyBits(key.dtype) / bits) }, (_, digit) => ({ key, shift: digit * bits })),
    );
  return { bits, digits };
}

export function countersOf({ bits, digits }: RadixPlan): number {
  return digits.length << bits;
}

/** On a Zen 5 under V8: an element takes 1 for each digit and once more to be counted, a counter 0.7. */
export function countingNanoseconds(plan: RadixPlan, elements: number): number {
  return (plan.digits.length + 1) * elements + countersOf(plan) * 0.7;
}

/** Elements from which on counting beats merging. */
export function leastRadixLength(plan: RadixPlan): number {
  for (let levels = 4; levels < 24; levels++) {
    const elements = 2 ** levels;
    if (countingNanoseconds(plan, elements) < mergingNanoseconds(elements)) return elements;
  }
  return Infinity;
}

function keyBits(dtype: KernelDType): number {
  if (dtype === 'i1') return 1;
  if (isFloatKernelDType(dtype)) return dtype === 'f64' ? 64 : 32;
  return dtype === 'index' ? 32 : elementBytes(dtype) * 8;
}

export function radixSort(state: RadixSort, source: Line, target: Line): void {
  const { plan } = state;
  countDigits(state, source);
  let from: Columns = fromLine(state, source);
  for (const [pass, digit] of plan.digits.entries()) {
    const isLast = pass === plan.digits.length - 1;
    const to = scratchHalf(state, pass % 2);
    movePass(state, digit, pass, from, isLast ? toLine(state, target, to) : to);
    from = to;
  }
  fetchOthers(state, source, target, from);
}

/** The columns on the move, those of `moved` first, then the positions. */
interface Columns {
  readonly read: (at: Expr) => readonly Expr[];
  readonly write: (at: Expr, values: readonly Expr[]) => void;
}

function fromLine({ moved, positions }: RadixSort, { read }: Line): Columns {
  return {
    read: (at) => [
      ...moved.map((column) => read[column]?.(at) ?? at),
      ...(positions === undefined ? [] : [convert('i32', at)]),
    ],
    write: () => undefined,
  };
}

/** The last pass writes columns where they are wanted; positions stay in scratch. */
function toLine({ loops, moved, positions }: RadixSort, { write }: Line, scratch: Columns): Columns {
  return {
    read: scratch.read,
    write: (at, values) => {
      for (const [place, column] of moved.entries()) {
        const value = values[place];
        if (value !== undefined) write[column]?.(at, value);
      }
      const position = values[moved.length];
      if (positions === undefined || position === undefined) return;
      const half = scratch.read(at)[moved.length];
      if (half?.kind === 'load') loops.store(positions, half.index, position);
    },
  };
}

function scratchHalf(state: RadixSort, half: number): Columns {
  const { loops, scratch, moved, positions, length } = state;
  const buffers = [
    ...moved.flatMap((column) => scratch[column] ?? []),
    ...(positions === undefined ? [] : [positions]),
  ];
  const place = (at: Expr): Expr => (half === 0 ? at : add(at, length));
  return {
    read: (at) => buffers.map((buffer) => load(buffer, place(at))),
    write: (at, values) => {
      for (const [index, buffer] of buffers.entries()) {
        const value = values[index];
        if (value !== undefined) loops.store(buffer, place(at), value);
      }
    },
  };
}

/** How often each value of each digit occurs, then where the first element with it goes. */
function countDigits({ loops, length, plan, counts }: RadixSort, { read }: Line): void {
  const { digits, bits } = plan;
  // Stores rather than a fill: V8 calls a function for it, after which the counters are slow to read (2.4 us for 1024 of them).
  const zeros = constant(vector('i32', 4), 0);
  loops.for({ to: countersOf(plan), step: 4, name: 'z' }, (z) => loops.store(counts, z, zeros));
  loops.for({ to: length, name: 'i' }, (i) => {
    const columns = read.map((column) => loops.let('x', column(i)));
    const keys = new Map(digits.map(({ key }) => [key, undefined as Expr | undefined]));
    for (const { key } of digits)
      if (keys.get(key) === undefined) keys.set(key, loops.let('key', orderedBits(loops, key, columns)));
    for (const [digit, { key, shift }] of digits.entries()) {
      const bucket = loops.let('bucket', bucketOf(keys.get(key) ?? i, shift, bits, digit));
      loops.store(counts, bucket, add(load(counts, bucket), 1));
    }
  });
  // One counter at a time: four digits side by side, each its own sum, take several times as long (a Zen 5: the loads wait).
  const zero = constant(scalar('i32'), 0);
  loops.for({ to: countersOf(plan), name: 'b' }, [{ name: 'sum', initial: zero }], (b, [sum]) => {
    const count = loops.let('count', load(counts, b));
    const first = loops.let('first', select(compare('eq', and(b, 2 ** bits - 1), 0), zero, sum));
    loops.store(counts, b, first);
    return [add(first, count)];
  });
}

function movePass(
  { loops, length, plan, counts, moved }: RadixSort,
  { key, shift }: Digit<RadixKey>,
  pass: number,
  from: Columns,
  to: Columns,
): void {
  loops.for({ to: length, name: 'i' }, (i) => {
    const values = from.read(i).map((value) => loops.let('x', value));
    const columns = new Array<Expr>();
    for (const [place, column] of moved.entries()) columns[column] = values[place] ?? i;
    const bits = orderedBits(loops, key, columns);
    const bucket = loops.let('bucket', bucketOf(bits, shift, plan.bits, pass));
    const next = loops.let('next', load(counts, bucket));
    loops.store(counts, bucket, add(next, 1));
    to.write(convert('index', next), values);
  });
}

function fetchOthers({ loops, length, moved, positions }: RadixSort, source: Line, target: Line, last: Columns): void {
  if (positions === undefined) return;
  loops.for({ to: length, name: 'i' }, (i) => {
    const position = last.read(i)[moved.length];
    if (position === undefined) return;
    const at = loops.let('at', convert('index', position));
    for (const [column, write] of target.write.entries()) {
      const value = moved.includes(column) ? undefined : source.read[column]?.(at);
      if (value !== undefined) write(i, value);
    }
  });
}

function bucketOf(key: Expr, shift: number, bits: number, digit: number): Expr {
  const width = elementBytes(key.type.dtype) * 8;
  const shifted = binary('shift-right-logical', key, shift);
  const masked = shift + bits >= width ? shifted : and(shifted, 2 ** bits - 1);
  return add(convert('index', masked), digit << bits);
}

/** The type of {@link orderedKey}. */
export function orderedKeyDType({ dtype }: Pick<RadixKey, 'dtype'>): KernelDType {
  return keyBits(dtype) === 64 ? 'i64' : 'i32';
}

/** An i32 or i64 that is less where the element comes first. Not for NaN. */
export function orderedKey(loops: LoopBuilder, key: RadixKey, columns: readonly Expr[]): Expr {
  return xor(orderedBits(loops, key, columns), orderedKeyDType(key) === 'i64' ? -(1n << 63n) : -(2 ** 31));
}

/** An i32 or i64 whose bits, unsigned, are in the order of the keys. Not for NaN. */
function orderedBits(loops: LoopBuilder, { emit, isDescending }: RadixKey, columns: readonly Expr[]): Expr {
  const key = emit(columns);
  const bits = isFloatKernelDType(key.type.dtype) ? floatBits(loops, key) : integerBits(key);
  return isDescending ? inverted(key.type.dtype, bits) : bits;
}

/** Only the bits that digits look at. */
function inverted(dtype: KernelDType, bits: Expr): Expr {
  const width = keyBits(dtype);
  return xor(bits, width < 32 ? 2 ** width - 1 : -1);
}

function integerBits(key: Expr): Expr {
  const { dtype } = key.type;
  const width = keyBits(dtype);
  const wide: KernelDType = width === 64 ? 'i64' : 'i32';
  const value = dtype === 'ui32' || dtype === 'ui64' ? bitcast(scalar(wide), key) : convert(wide, key);
  if (isUnsignedKernelDType(dtype)) return value;
  return add(value, width === 64 ? -(1n << 63n) : width === 32 ? -(2 ** 31) : 2 ** (width - 1));
}

/** Zeros are equal; the bits of a negative number grow with its magnitude. */
function floatBits(loops: LoopBuilder, key: Expr): Expr {
  const isWide = key.type.dtype === 'f64';
  const float = convert(isWide ? 'f64' : 'f32', key);
  const isZero = compare('eq', loops.let('k', float), 0);
  const bits = loops.let('bits', bitcast(scalar(isWide ? 'i64' : 'i32'), float));
  const sign = isWide ? -(1n << 63n) : -(2 ** 31);
  const flipped = xor(bits, or(binary('shift-right-arithmetic', bits, isWide ? 63 : 31), sign));
  return select(isZero, constant(bits.type, sign), flipped);
}

/** True where a key of the line is NaN, and the keys no order. */
export function hasNan(loops: LoopBuilder, length: Expr, keys: readonly RadixKey[], { read }: Line): Expr {
  const floats = keys.filter(({ dtype }) => isFloatKernelDType(dtype));
  const [found] = loops.for(
    { to: length, name: 'i' },
    [{ name: 'unordered', initial: constant(scalar('i1'), 0) }],
    (i, [found]) => {
      const columns = read.map((column) => loops.let('x', column(i)));
      const nans = floats.map(({ emit }) => {
        const key = loops.let('k', emit(columns));
        return compare('ne', key, key);
      });
      return [nans.reduce((sum, each) => or(sum, each), found)];
    },
  );
  return found;
}
