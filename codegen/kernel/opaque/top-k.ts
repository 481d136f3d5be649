/**
 * `top_k`: the k largest are kept in order while the row passes (top-k-insertion.ts), or, where they are many, candidates are collected in a
 * buffer of little more than 2k, those above the k-th best so far; when it is full, it is sorted and cut to k. What is kept comes from
 * earlier in the row than what is added, so that a stable sort leaves the first of equals first.
 *
 *     candidates = the first elements
 *     do { sort candidates, keep k; limit = key of the k-th; append what is above it until the buffer or the row ends } while any was
 *
 * A row in random order appends about k ln(n / k) elements; one in ascending order appends all, and costs a sort of 2k for each k.
 */
import { attributesOf } from '../../../ir/op-site.ts';
import type { topK } from '../../../ir/ops/chlo/top-k.ts';
import { compareValues, elementValue } from '../../kernelize/expressions.ts';
import type { OpaqueKernel } from '../../kernelize/opaque-kernel.ts';
import { totalOrderKey } from '../../kernelize/pointwise-rules.ts';
import {
  add, and, compare, constant, convert, index, laneReduce, load, minimum, multiply, not, or, size, splat, subtract,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { maxSize, productOfSizes } from '../size.ts';
import type { ValueExpr } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes, isFloatKernelDType, type KernelDType, scalar } from '../value-type.ts';
import { lineSort, sortNanoseconds, type SortLine } from './line-sort.ts';
import { OpaqueBuilder, type OpaqueLoops, type Place } from './opaque-loops.ts';
import { type RegionValues, valuesEmitter } from './scalar-expressions.ts';
import { type Insertion, insertion, insertionNanoseconds, insertRow, keyDType } from './top-k-insertion.ts';

/** Elements that are looked at together; where none is above the limit, all are passed over. */
const block = 16;

interface Selection {
  readonly builder: OpaqueBuilder;
  readonly k: number;
  readonly capacity: number;
  readonly operand: Place;
  readonly lanes: number;
  /** Candidates, and the same sorted: the element and its place in the row. */
  readonly candidates: readonly [FlatBuffer, FlatBuffer];
  readonly sorted: readonly [FlatBuffer, FlatBuffer];
  readonly sort: SortLine;
  readonly keyOf: (element: Expr) => Expr;
}

export function generateTopK(kernel: OpaqueKernel, target: TargetInfo): OpaqueLoops {
  const builder = new OpaqueBuilder(kernel);
  const { loops } = builder;
  const { k } = attributesOf<typeof topK.attributes>(kernel.op);
  const operand = builder.operand(0);
  const [values, positions] = [builder.result(0), builder.result(1)];
  if (k === 0) return builder.finish();
  const rows = productOfSizes(operand.shape.slice(0, -1));
  const length = size(operand.shape.at(-1) ?? 1);
  const { inserting, collecting } = nanosecondsOf(operand, k, target);
  builder.overLines(rows, Math.min(inserting, collecting), target, () => {
    const selectRow =
      inserting < collecting
        ? byInsertion(insertion(builder, operand, k, target))
        : byCollecting(prepare(builder, operand, k, target));
    return (row) => {
      const first = loops.let('first', multiply(row, length));
      const kept = selectRow(first, length);
      const to = loops.let('to', multiply(row, k));
      // A row whose length is bound late may be too short: then nobody says what is beyond it, but that nothing outside is read.
      loops.for({ to: minimum(length, k), name: 'out' }, (i) => {
        const at = loops.let('at', load(kept, i));
        loops.store(values.buffer, add(to, i), load(operand.buffer, add(first, convert('index', at))));
        loops.store(positions.buffer, add(to, i), at);
      });
    };
  });
  return builder.finish();
}

/** Finds the k largest of a row; gives the buffer of their positions. */
type SelectRow = (first: Expr, length: Expr) => FlatBuffer;

function byInsertion(state: Insertion): SelectRow {
  return (first, length) => {
    insertRow(state, first, length);
    return state.positions;
  };
}

function byCollecting(state: Selection): SelectRow {
  return (first, length) => {
    select(state, first, length);
    return state.candidates[1];
  };
}

/** Of a row. Rows whose length is known late are taken to be as long as they may be. */
function lengthOf({ shape }: Pick<Place, 'shape'>): number {
  return maxSize(shape.at(-1) ?? 1) ?? Infinity;
}

/** For a row in random order. */
function nanosecondsOf(
  { buffer: { dtype }, shape }: Place,
  k: number,
  target: TargetInfo,
): { readonly inserting: number; readonly collecting: number } {
  const length = lengthOf({ shape });
  return {
    inserting: insertionNanoseconds(k, length, dtype, target),
    collecting: collectingNanoseconds(k, length, dtype, target),
  };
}

function capacityFor(k: number): number {
  return 2 * k + 4 * block;
}

/** Elements of a row in random order that come to the candidates after the first ones. */
function appendedElements(k: number, length: number): number {
  return k * Math.log(length / Math.min(length, capacityFor(k)));
}

/** For a row in random order, on a Zen 5 under V8. */
function collectingNanoseconds(k: number, length: number, dtype: KernelDType, target: TargetInfo): number {
  const capacity = Math.min(length, capacityFor(k));
  const appended = appendedElements(k, length);
  const sorts = 1 + Math.ceil(appended / (capacityFor(k) - block - k));
  const lanes = lanesFor(dtype, target);
  const sorting = sorts * sortNanoseconds({ dtype: keyDType(dtype) }, capacity, target);
  return sorting + appended * 25 + (length / lanes) * 0.3;
}

function lanesFor(dtype: KernelDType, { vectorBits }: TargetInfo): number {
  return elementBytes(dtype) === 4 ? Math.min(block, vectorBits / 32) : 1;
}

function prepare(builder: OpaqueBuilder, operand: Place, k: number, target: TargetInfo): Selection {
  const { dtype } = operand.buffer;
  const capacity = capacityFor(k);
  const columns: readonly KernelDType[] = [dtype, 'i32'];
  const comparator = largerFirst(dtype);
  const [key] = comparator.keys;
  const emit = valuesEmitter(builder.loops, { args: [comparator.args[0] ?? key], results: [key] });
  const buffers = (name: string): readonly [FlatBuffer, FlatBuffer] => [
    builder.scratch(name, dtype, [capacity]),
    builder.scratch(`${name}_at`, 'i32', [capacity]),
  ];
  return {
    builder,
    k,
    capacity,
    operand,
    lanes: lanesFor(dtype, target),
    candidates: buffers('candidate'),
    sorted: buffers('sorted'),
    sort: lineSort(builder, comparator, columns, capacity, target),
    keyOf: (element) => emit([element])[0] ?? element,
  };
}

/** The comparator of elements with their positions. */
function largerFirst(dtype: KernelDType): RegionValues & { readonly keys: readonly [ValueExpr] } {
  const args = ([dtype, dtype, 'i32', 'i32'] as const).map(elementValue);
  const keys = args.slice(0, 2).map((arg) => (isFloatKernelDType(dtype) ? totalOrderKey(arg) : arg));
  const [left = elementValue(dtype, 0), right = left] = keys;
  return { args, keys: [left], results: [compareValues('gt', left, right)] };
}

/** Leaves the k largest of a row at the beginning of the candidates. */
function select(state: Selection, first: Expr, length: Expr): void {
  const { builder, k, capacity, candidates, sorted, sort, operand, keyOf } = state;
  const { loops } = builder;
  const filled = loops.let('filled', minimum(length, capacity));
  loops.for({ to: filled, name: 'i' }, (i) => {
    loops.store(candidates[0], i, load(operand.buffer, add(first, i)));
    loops.store(candidates[1], i, convert('i32', i));
  });
  loops.while(
    [
      { name: 'next', initial: filled },
      { name: 'count', initial: filled },
      { name: 'grown', initial: constant(scalar('i1'), 1) },
    ],
    ([, , hasGrown]) => hasGrown,
    ([next, count]) => {
      sort(
        count,
        { read: candidates.map((buffer) => (i: Expr) => load(buffer, i)), write: [] },
        { read: [], write: sorted.map((buffer) => (i: Expr, value: Expr) => loops.store(buffer, i, value)) },
      );
      for (const [column, buffer] of candidates.entries()) {
        const from = sorted[column];
        if (from !== undefined) loops.for({ to: k, name: 'keep' }, (i) => loops.store(buffer, i, load(from, i)));
      }
      const limit = loops.let('limit', keyOf(load(candidates[0], k - 1)));
      const [end, grown] = collect(state, { first, length, limit, next });
      return [end, grown, compare('gt', grown, k)];
    },
  );
}

interface Rest {
  readonly first: Expr;
  readonly length: Expr;
  readonly limit: Expr;
  readonly next: Expr;
}

/** Appends to the k candidates what is above the limit, while a block more fits. Returns how far it came, and how many there are. */
function collect(state: Selection, { first, length, limit, next }: Rest): readonly [Expr, Expr] {
  const { builder, k, capacity, candidates, operand, keyOf } = state;
  const { loops } = builder;
  const room = index(capacity - block);
  const longest = lengthOf(operand);
  const passedShare = Math.max(0, 1 - (appendedElements(k, longest) * block) / longest);
  const append = (from: Expr, to: Expr, count: Expr): Expr =>
    loops.for({ from, to, name: 'i' }, [{ name: 'count', initial: count }], (i, [count]) => {
      const element = loops.let('x', load(operand.buffer, add(first, i)));
      // Written in any case, and kept only where it counts: no branch to guess.
      loops.store(candidates[0], count, element);
      loops.store(candidates[1], count, convert('i32', i));
      return [add(count, convert('index', compare('gt', keyOf(element), limit)))];
    })[0];
  const [at, count] = loops.while(
    [
      { name: 'at', initial: next },
      { name: 'count', initial: index(k) },
    ],
    ([at, count]) => and(compare('le', add(at, block), length), compare('le', count, room)),
    ([at, count]) => {
      const end = loops.let('end', add(at, block));
      const passesOver = blockIsBelow(state, loops.let('from', add(first, at)), limit);
      const [grown] = loops.choose(
        passesOver,
        () => [count] as const,
        () => [append(at, end, count)] as const,
        [],
        passedShare,
      );
      return [end, grown];
    },
  );
  const isTail = and(compare('lt', subtract(length, at), block), compare('le', count, room));
  const [end, grown] = loops.choose(
    isTail,
    () => [length, append(at, length, count)] as const,
    () => [at, count] as const,
  );
  return [end, grown];
}

/** True when no element of the block is above the limit; false where vectors do not tell. */
function blockIsBelow({ operand, lanes, keyOf }: Selection, from: Expr, limit: Expr): Expr {
  if (lanes === 1) return constant(scalar('i1'), 0);
  const limits = splat(limit, lanes);
  const masks = Array.from({ length: block / lanes }, (_, part) =>
    compare('gt', keyOf(load(operand.buffer, add(from, part * lanes), lanes)), limits),
  );
  return not(laneReduce('or', masks.reduce(or)));
}
