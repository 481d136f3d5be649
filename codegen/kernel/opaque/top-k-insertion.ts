/**
 * The k largest of a row, kept in order while the row passes. Most elements are below the k-th so far: blocks of them are passed over at the
 * cost of a comparison a vector. What may be above it is put where it belongs, behind its equals, which came earlier.
 *
 *     kept = the first elements, put in one after the other
 *     for each block { if any element of it is above the last of kept { for each element x of it { put x in } } }
 *
 * Of few, keys and positions stay in registers, and an element goes in without a branch, whether it belongs there or not:
 *
 *     keys = maximum(keys, minimum(x, keys a lane on))
 *
 * Of more they lie in memory: those that are less move on, a vector at a time, from the end.
 */
import { totalOrderKey } from '../../kernelize/pointwise-rules.ts';
import { elementValue } from '../../kernelize/expressions.ts';
import {
  add, and, binary, bitcast, compare, constant, convert, divide, extract, index, laneReduce, load, maximum, minimum,
  multiply, not, or, select, shuffle, splat, subtract, xor,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { maxSize } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import {
  elementBytes,
  isFloatKernelDType,
  isUnsignedKernelDType,
  type KernelDType,
  scalar,
  vector,
} from '../value-type.ts';
import { numbersOfLanes, type OpaqueBuilder, type Place } from './opaque-loops.ts';
import { valuesEmitter } from './scalar-expressions.ts';

export interface Insertion {
  readonly builder: OpaqueBuilder;
  readonly operand: Place;
  readonly k: number;
  readonly lanes: number;
  /** Elements that are looked at together. */
  readonly block: number;
  readonly areInRegisters: boolean;
  /** Keys, where they are not in registers, and positions in the row; whole vectors. */
  readonly keys: FlatBuffer;
  readonly positions: FlatBuffer;
  readonly keyOf: (element: Expr) => Expr;
}

/** Of the type that keys are compared in. */
export function keyDType(dtype: KernelDType): KernelDType {
  const isWide = elementBytes(dtype) === 8;
  if (isFloatKernelDType(dtype)) return isWide ? 'i64' : 'i32';
  return isWide || dtype === 'ui32' ? dtype : 'i32';
}

function lanesOf(dtype: KernelDType, { vectorBits }: TargetInfo): number {
  return Math.max(1, vectorBits / 8 / elementBytes(keyDType(dtype)));
}

/** Vectors of keys, and of positions, that leave half of the registers to what passes. */
function areInRegisters(vectors: number, { vectorRegisters }: TargetInfo): boolean {
  return 2 * vectors <= vectorRegisters / 2;
}

/** Elements of a row in random order that are put in, for a while at least. */
function insertedElements(k: number, length: number): number {
  return k * Math.max(0, Math.log(length / k));
}

/** Nanoseconds for a row in random order, on a Zen 5 under V8: what goes in, k ln(n / k) elements, costs branches that no one can guess. */
export function insertionNanoseconds(k: number, length: number, dtype: KernelDType, target: TargetInfo): number {
  const lanes = lanesOf(dtype, target);
  const vectors = Math.ceil(k / lanes);
  const inserted = insertedElements(k, length);
  if (!areInRegisters(vectors, target)) return (k + inserted) * (22 + vectors) + (length / lanes) * 0.4;
  const perElement = 0.6 + 0.5 * vectors;
  const hits = Math.min(length / blockOf(lanes), inserted);
  return k * perElement + hits * (6 + blockOf(lanes) * perElement) + (length / lanes) * 0.4;
}

function blockOf(lanes: number): number {
  return 2 * lanes;
}

export function insertion(builder: OpaqueBuilder, operand: Place, k: number, target: TargetInfo): Insertion {
  const { dtype } = operand.buffer;
  const lanes = lanesOf(dtype, target);
  const vectors = Math.ceil(k / lanes);
  const element = elementValue(dtype, 0);
  const key = isFloatKernelDType(dtype) ? totalOrderKey(element) : element;
  const emit = valuesEmitter(builder.loops, { args: [element], results: [key] });
  const areKept = areInRegisters(vectors, target);
  return {
    builder,
    operand,
    k,
    lanes,
    block: blockOf(lanes),
    areInRegisters: areKept,
    keys: builder.scratch('keys', keyDType(dtype), [areKept ? 1 : vectors * lanes]),
    positions: builder.scratch('positions', 'i32', [vectors * lanes]),
    keyOf: (value) => convert(keyDType(dtype), emit([value])[0] ?? value),
  };
}

/** Leaves the positions of the k largest of the row that begins at `first`, the largest first, in `positions`. */
export function insertRow(state: Insertion, first: Expr, length: Expr): void {
  if (state.areInRegisters) insertInRegisters(state, { first, length });
  else insertInMemory(state, { first, length });
}

interface Row {
  readonly first: Expr;
  readonly length: Expr;
}

/** How many elements all vectors hold. */
function held({ k, lanes }: Insertion): number {
  return Math.ceil(k / lanes) * lanes;
}

function insertInRegisters(state: Insertion, row: Row): void {
  const { loops } = state.builder;
  const { lanes, positions, block } = state;
  const lane = loops.let('lane', numbersOfLanes(lanes));
  const vectors = held(state) / lanes;
  const least = Array.from({ length: vectors }, () =>
    constant(vector(state.keys.dtype, lanes), extreme(state, 'least')),
  );
  const nowhere = Array.from({ length: vectors }, () => constant(vector('i32', lanes), 0));
  const full = loops.let('full', minimum(row.length, held(state)));
  const filled = loops.for({ to: full, name: 'i' }, [...least, ...nowhere], (i, kept) => {
    const areThere = least.map((_, place) =>
      compare('lt', lane, splat(convert('i32', subtract(i, place * lanes)), lanes)),
    );
    return put(state, kept, keyAt(state, row, i), i, areThere);
  });
  const putAll = (from: Expr, to: Expr, kept: readonly Expr[]): readonly Expr[] =>
    loops.for({ from, to, name: 'i' }, kept, (i, current) => put(state, current, keyAt(state, row, i), i));
  const passed = blocks(state, row, full, [...filled, limitOf(state, lastOf(state, filled))], (at, kept) => {
    const next = putAll(at, add(at, block), kept.slice(0, -1));
    return [...next, limitOf(state, lastOf(state, next))];
  });
  const kept = putAll(restFrom(state, row, full), row.length, passed.slice(0, -1));
  for (let place = 0; place < vectors; place++) {
    const at = kept[vectors + place];
    if (at !== undefined) loops.store(positions, place * lanes, at);
  }
}

function keyAt({ operand, keyOf, builder }: Insertion, { first }: Row, i: Expr): Expr {
  return builder.loops.let('x', keyOf(load(operand.buffer, add(first, i))));
}

/** Looks at whole blocks; the last of what is carried is the limit. */
function blocks(
  state: Insertion,
  row: Row,
  from: Expr,
  carried: readonly Expr[],
  grow: (at: Expr, carried: readonly Expr[]) => readonly Expr[],
): readonly Expr[] {
  const { loops } = state.builder;
  const { block, k, operand } = state;
  const length = maxSize(operand.shape.at(-1) ?? 1) ?? Infinity;
  const share = Math.min(1, (insertedElements(k, length) * block) / length);
  return loops.for({ from, to: subtract(row.length, block - 1), step: block, name: 'at' }, carried, (at, current) => {
    const limit = current.at(-1) ?? at;
    const isAbove = anyAbove(state, loops.let('from', add(row.first, at)), limit);
    return loops.choose<readonly Expr[]>(
      isAbove,
      () => grow(at, current),
      () => current,
      [],
      share,
    );
  });
}

/** Where the blocks have ended. */
function restFrom({ block, builder }: Insertion, { length }: Row, from: Expr): Expr {
  const whole = multiply(divide(subtract(length, from), block), block);
  return builder.loops.let('rest', add(from, whole));
}

/** Whether a test in floats can say what is above the limit. */
function testsFloats({ operand }: Insertion): boolean {
  return operand.buffer.dtype === 'f32' || operand.buffer.dtype === 'f64';
}

/**
 * What elements are compared with, given the key of the last one kept. As a float: NaN is not less than anything, and of the zeros, which
 * floats do not tell apart, -0 gives way to the number before it.
 */
function limitOf(state: Insertion, key: Expr): Expr {
  const { builder, operand } = state;
  const { loops } = builder;
  if (!testsFloats(state)) return loops.let('limit', key);
  const last = loops.let('last', select(compare('eq', key, -1), constant(key.type, -2), key));
  const width = elementBytes(key.type.dtype) * 8;
  const sign = binary('shift-right-arithmetic', last, width - 1);
  const bits = xor(last, binary('shift-right-logical', sign, 1));
  return loops.let('limit', bitcast(scalar(operand.buffer.dtype), bits));
}

function anyAbove(state: Insertion, from: Expr, limit: Expr): Expr {
  const { operand, lanes, block, keyOf } = state;
  const limits = splat(limit, lanes);
  const parts = Array.from({ length: block / lanes }, (_, part) =>
    load(operand.buffer, add(from, part * lanes), lanes),
  );
  if (!testsFloats(state)) return laneReduce('or', parts.map((part) => compare('gt', keyOf(part), limits)).reduce(or));
  return not(laneReduce('and', parts.map((part) => compare('le', part, limits)).reduce(and)));
}

/** Keys and positions with one more, the least going. `areThere` says which lanes count, where not all do. */
function put(
  state: Insertion,
  kept: readonly Expr[],
  key: Expr,
  at: Expr,
  areThere?: readonly Expr[],
): readonly Expr[] {
  const { loops } = state.builder;
  const { lanes } = state;
  const vectors = kept.length / 2;
  const [keys, positions] = [kept.slice(0, vectors), kept.slice(vectors)];
  const [x, position] = [loops.let('xs', splat(key, lanes)), loops.let('ps', splat(convert('i32', at), lanes))];
  const next = keys.map((own, place) => {
    const before = keys[place - 1] ?? constant(own.type, extreme(state, 'greatest'));
    const ownPosition = positions[place] ?? position;
    const moved = loops.let('moved', laneOn(before, own));
    const there = areThere?.[place];
    const stays = there === undefined ? compare('ge', own, x) : and(compare('ge', own, x), there);
    const shifted = laneOn(positions[place - 1] ?? ownPosition, ownPosition);
    return {
      key: loops.let('key', maximum(own, minimum(x, moved))),
      position: loops.let('position', select(stays, ownPosition, select(compare('ge', moved, x), position, shifted))),
    };
  });
  return [...next.map((each) => each.key), ...next.map((each) => each.position)];
}

/** The lanes of a vector moved up by one; the first is the last of the vector before. */
function laneOn(before: Expr, own: Expr): Expr {
  const { lanes } = own.type;
  return shuffle(
    before,
    own,
    Array.from({ length: lanes }, (_, lane) => lanes - 1 + lane),
  );
}

/** The key of the k-th. */
function lastOf({ k, lanes }: Insertion, kept: readonly Expr[]): Expr {
  const last = kept[Math.ceil(k / lanes) - 1];
  return last === undefined ? index(0) : extract(last, (k - 1) % lanes);
}

function insertInMemory(state: Insertion, row: Row): void {
  const { loops } = state.builder;
  const { lanes, block, keys, k } = state;
  const lane = loops.let('lane', numbersOfLanes(lanes));
  const least = constant(vector(keys.dtype, lanes), extreme(state, 'least'));
  loops.for({ to: held(state), step: lanes, name: 'i' }, (i) => loops.store(keys, i, least));
  const full = loops.let('full', minimum(row.length, held(state)));
  loops.for({ to: full, name: 'i' }, (i) => {
    const from = loops.let('from', multiply(divide(i, lanes), lanes));
    const areThere = compare('lt', lane, splat(convert('i32', subtract(i, from)), lanes));
    putInMemory(state, keyAt(state, row, i), i, from, areThere);
  });
  const kth = (): Expr => limitOf(state, loops.let('kth', load(keys, k - 1)));
  const putAll = (from: Expr, to: Expr): void =>
    loops.for({ from, to, name: 'i' }, (i) => {
      const key = keyAt(state, row, i);
      loops.if(compare('gt', key, load(keys, k - 1)), () => putInMemory(state, key, i, index(held(state) - lanes)));
    });
  blocks(state, row, full, [kth()], (at) => {
    putAll(at, add(at, block));
    return [kth()];
  });
  putAll(restFrom(state, row, full), row.length);
}

/** From the vector at `from` on, none is behind it. `areThere` says which lanes of that one count. */
function putInMemory(state: Insertion, key: Expr, at: Expr, from: Expr, areThere?: Expr): void {
  const { loops } = state.builder;
  const { lanes, keys, positions } = state;
  const [place] = loops.while(
    [{ name: 'place', initial: from }],
    ([place]) => and(compare('gt', place, 0), compare('lt', load(keys, maximum(subtract(place, 1), 0)), key)),
    ([place]) => {
      for (const buffer of [keys, positions]) loops.store(buffer, place, load(buffer, subtract(place, 1), lanes));
      return [subtract(place, lanes)];
    },
  );
  const kept = [loops.let('own', load(keys, place, lanes)), loops.let('at', load(positions, place, lanes))];
  const there = areThere === undefined ? [] : [or(areThere, splat(compare('lt', place, from), lanes))];
  const [next, nextAt] = put(state, kept, key, at, areThere === undefined ? undefined : there);
  if (next !== undefined) loops.store(keys, place, next);
  if (nextAt !== undefined) loops.store(positions, place, nextAt);
}

function extreme({ keys: { dtype } }: Insertion, which: 'least' | 'greatest'): number | bigint {
  const width = elementBytes(dtype) * 8;
  const isLeast = which === 'least';
  if (isUnsignedKernelDType(dtype)) return isLeast ? 0 : width === 64 ? (1n << 64n) - 1n : 2 ** 32 - 1;
  if (width === 64) return isLeast ? -(1n << 63n) : (1n << 63n) - 1n;
  return isLeast ? -(2 ** 31) : 2 ** 31 - 1;
}
