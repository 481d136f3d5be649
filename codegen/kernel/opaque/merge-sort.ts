/**
 * Merge sort of one line by any comparator: runs of 1, 2, 4, ... elements, without a branch on what the comparator says. Which elements
 * meet is part of the meaning where a comparator is no order (NaN in `<`), so that the runs are those of the evaluator.
 */
import type { LoopBuilder } from '../loop-builder.ts';
import { add, and, compare, convert, index, load, minimum, multiply, select, subtract } from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import type { RegionEmitter } from './scalar-expressions.ts';

/** Where the elements of a line are read or written, one function a column. */
export interface Line {
  readonly read: readonly ((at: Expr) => Expr)[];
  readonly write: readonly ((at: Expr, value: Expr) => void)[];
}

export interface MergeSort {
  readonly loops: LoopBuilder;
  readonly length: Expr;
  /** A column each, twice the length: runs lie in one half, are merged into the other. */
  readonly scratch: readonly FlatBuffer[];
  readonly isBefore: RegionEmitter;
}

/** On a Zen 5 under V8: a level takes 4.6 an element. */
export function mergingNanoseconds(elements: number): number {
  return elements * Math.log2(Math.max(elements, 2)) * 4.6;
}

export function mergeSort(state: MergeSort, source: Line, target: Line): void {
  const { loops, scratch, length } = state;
  loops.for({ to: length, name: 'in' }, (i) => {
    for (const [column, buffer] of scratch.entries()) {
      const value = source.read[column]?.(i);
      if (value !== undefined) loops.store(buffer, i, value);
    }
  });
  const sorted = mergeAll(state);
  loops.for({ to: length, name: 'out' }, (i) => {
    for (const [column, buffer] of scratch.entries()) target.write[column]?.(i, load(buffer, add(sorted, i)));
  });
}

/** Where the sorted line starts in the scratch. */
function mergeAll(state: MergeSort): Expr {
  const { loops, length } = state;
  const [, from] = loops.while(
    [
      { name: 'width', initial: index(1) },
      { name: 'from', initial: index(0) },
    ],
    ([width]) => compare('lt', width, length),
    ([width, from]) => {
      const to = loops.let('to', subtract(length, from));
      loops.while(
        [{ name: 'start', initial: index(0) }],
        ([start]) => compare('lt', start, length),
        ([start]) => {
          mergeRuns(state, { from, to, start, width });
          return [add(start, multiply(width, 2))];
        },
      );
      return [multiply(width, 2), to];
    },
  );
  return from;
}

interface Runs {
  /** Where the line with the runs, and the one to be written, start in the scratch. */
  readonly from: Expr;
  readonly to: Expr;
  readonly start: Expr;
  readonly width: Expr;
}

function mergeRuns(state: MergeSort, { from, to, start, width }: Runs): void {
  const { loops, length, scratch } = state;
  const middle = loops.let('middle', minimum(add(start, width), length));
  const end = loops.let('end', minimum(add(middle, width), length));
  const move = (at: Expr, to: Expr): void => {
    for (const buffer of scratch) loops.store(buffer, to, load(buffer, at));
  };
  const [left, right, next] = loops.while(
    [
      { name: 'left', initial: loops.let('left', add(from, start)) },
      { name: 'right', initial: loops.let('right', add(from, middle)) },
      { name: 'next', initial: loops.let('next', add(to, start)) },
    ],
    ([left, right]) => and(compare('lt', left, add(from, middle)), compare('lt', right, add(from, end))),
    ([left, right, next]) => {
      const takesRight = comesFirst(state, right, left);
      move(loops.let('taken', select(takesRight, right, left)), next);
      const step = loops.let('step', convert('index', takesRight));
      return [add(left, subtract(1, step)), add(right, step), add(next, 1)];
    },
  );
  const rest = loops.let('rest', subtract(next, left));
  loops.for({ from: left, to: add(from, middle), name: 'l' }, (at) => move(at, add(at, rest)));
  const shift = loops.let('shift', subtract(to, from));
  loops.for({ from: right, to: add(from, end), name: 'r' }, (at) => move(at, add(at, shift)));
}

/** Whether the element at one place of the scratch comes before that at another. */
function comesFirst({ loops, scratch, isBefore }: MergeSort, one: Expr, other: Expr): Expr {
  const sides = scratch.flatMap((buffer) => [load(buffer, one), load(buffer, other)]);
  const [before] = isBefore(sides.map((side) => loops.let('x', side)));
  return loops.let('takes_right', before ?? compare('lt', one, other));
}
