/**
 * How one line is sorted, where the comparator is an order by integer keys: a short one by ranks, a long one by counting digits. By merging
 * what lies between, and what no such keys order.
 */
import { compare, constant, or } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { maxSize, type Size } from '../size.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes, isFloatKernelDType, type KernelDType, scalar } from '../value-type.ts';
import { type Line, mergeSort, mergingNanoseconds } from './merge-sort.ts';
import type { OpaqueBuilder } from './opaque-loops.ts';
import {
  countersOf, countingNanoseconds, hasNan, leastRadixLength, planRadix, type RadixKey, type RadixPlan, type RadixSort, radixSort,
} from './radix-sort.ts'; // prettier-ignore
import { longestRanked, rankBuffers, rankingNanoseconds, rankSort } from './rank-sort.ts';
import { type RegionValues, valuesEmitter } from './scalar-expressions.ts';
import { operandsOfKey, type SortKey, sortKeys } from './sort-order.ts';

/** Sorts so many elements, from one place to another. */
export type SortLine = (count: Expr, source: Line, target: Line) => void;

/** For a line of so many elements, about. Of a key only the type is looked at. */
export function sortNanoseconds(key: Pick<RadixKey, 'dtype'>, elements: number, target: TargetInfo): number {
  const plan = planRadix([key], elements, true);
  return Math.min(
    rankingNanoseconds([key], elements, target),
    countingNanoseconds(plan, elements),
    mergingNanoseconds(elements),
  );
}

/** `length` is the longest line there is. Allocates the scratch. */
export function lineSort(
  builder: OpaqueBuilder,
  comparator: RegionValues,
  dtypes: readonly KernelDType[],
  length: Size,
  target: TargetInfo,
): SortLine {
  const { loops } = builder;
  const isBefore = valuesEmitter(loops, comparator);
  const scratch = dtypes.map((dtype, column) => builder.scratch(`line${column}`, dtype, [2, length]));
  const merge: SortLine = (count, source, target) =>
    mergeSort({ loops, length: count, scratch, isBefore }, source, target);
  const found = sortKeys(comparator);
  if (found === undefined) return merge;
  const keys = found.map((key) => radixKey(builder, comparator, key));
  const most = maxSize(length) ?? Infinity;
  const bytes = dtypes.reduce((sum, dtype) => sum + elementBytes(dtype), 0);
  const plan = planRadix(keys, most, most * bytes <= target.caches.l2);
  const leastCounted = leastRadixLength(plan);
  const mostRanked = longestRanked(keys, plan, target);
  const ranks = rankBuffers(builder, keys, Math.min(mostRanked, most), target);
  const buffers =
    most < leastCounted ? undefined : radixBuffers(builder, comparator, found, plan, { dtypes, length, scratch });
  const isFloat = keys.some(({ dtype }) => isFloatKernelDType(dtype));
  return (count, source, target) => {
    const byMerging = (): void => merge(count, source, target);
    const byCounting = (): void =>
      buffers === undefined ? byMerging() : radixSort({ loops, length: count, plan, ...buffers }, source, target);
    const byKeys = (): void =>
      loops.if(compare('le', count, mostRanked), () => rankSort(ranks, count, source, target), byCounting);
    const hasOrder = or(compare('le', count, mostRanked), compare('ge', count, leastCounted));
    const isUnordered = (): Expr => (isFloat ? hasNan(loops, count, keys, source) : constant(scalar('i1'), 0));
    loops.if(hasOrder, () => loops.if(isUnordered(), byMerging, byKeys), byMerging);
  };
}

function radixKey({ loops }: OpaqueBuilder, { args }: RegionValues, { value, isDescending }: SortKey): RadixKey {
  const emit = valuesEmitter(loops, { args, results: [value] });
  return {
    dtype: value.dtype,
    isDescending,
    emit: (columns) => {
      // A key is in terms of the left element; the right one's arguments are not looked at.
      const [key] = emit(args.map((_, index) => columns[index >> 1] ?? constant(scalar('i32'), 0)));
      return key ?? constant(scalar('i32'), 0);
    },
  };
}

/** Columns that keys read move; the others too, unless a position in their stead is smaller. */
function radixBuffers(
  builder: OpaqueBuilder,
  comparator: RegionValues,
  keys: readonly SortKey[],
  plan: RadixPlan<RadixKey>,
  line: { readonly dtypes: readonly KernelDType[]; readonly length: Size; readonly scratch: readonly FlatBuffer[] },
): Pick<RadixSort, 'scratch' | 'positions' | 'moved' | 'counts'> {
  const { dtypes, length, scratch } = line;
  const read = new Set(keys.flatMap((key) => operandsOfKey(comparator, key)));
  const columns = [...dtypes.keys()];
  const others = columns.filter((column) => !read.has(column));
  const bytes = others.reduce((sum, column) => sum + elementBytes(dtypes[column] ?? 'i32'), 0);
  const hasPositions = bytes > elementBytes('i32');
  return {
    scratch,
    moved: hasPositions ? columns.filter((column) => read.has(column)) : columns,
    positions: hasPositions ? builder.scratch('positions', 'i32', [2, length]) : undefined,
    counts: builder.scratch('counts', 'i32', [countersOf(plan)]),
  };
}
