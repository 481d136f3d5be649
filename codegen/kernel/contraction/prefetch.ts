/**
 * Columns that come from afar: weights of a layer have left the caches when a call gets to them, and of few rows the first strip of each
 * panel waits for it while the others leave memory idle. So each strip asks for a part of the panel that comes next:
 *
 *     strip 2 of panel j, step k:   prefetch panel j + 1, element 2 * depth + k
 *
 * (Zen 5, one thread, relaxed, caches emptied before each call, GFLOP/s of a peak of 64: 49x2048x512 49.6 -> 56.7, 49x512x2048 46 -> 50, 49x960x160
 * 48 -> 52, 3x3 of 7x7x512 47.8 -> 53.7.)
 */
import { add, binary, compare, divide, index, multiply, select } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { type AxisGroup, bindLinear } from './axis-group.ts';
import type { Panels, Strip } from './operand.ts';
import type { KBlock } from './pack.ts';

/** Asks for what comes, at a step of the block of k. */
export type Ahead = (k: Expr) => void;

/** Strips over which a panel's way takes time that counts; and over which there is none to hide it in. */
const mostStrips = 40;
const leastStrips = 3;

export function isWorthPrefetching({ mr, inner }: ContractionSchedule, rows: number): boolean {
  const strips = rows / mr;
  return inner !== 'columns' && strips >= leastStrips && strips <= mostStrips;
}

/** The panel after that of the columns, of which this strip of rows takes its part; the last one has itself. */
export function prefetchNext(
  context: LoweringContext,
  point: Point,
  group: AxisGroup,
  panels: Panels,
  { mr, nr }: ContractionSchedule,
  { count }: KBlock,
  tile: { readonly rows: Strip; readonly columns: Strip; readonly end: Expr },
): Ahead {
  const { builder } = context;
  const { rows, columns, end } = tile;
  const after = add(columns.first, nr);
  const first = builder.let('ahead', select(compare('lt', after, end), after, columns.first));
  const bound = point.ranges.size === 0 ? point : bindLinear(context, innerPoint(point), group, first);
  const strip = binary('remainder', divide(rows.first, index(mr)), index(nr));
  const start = builder.let('ahead', add(panels.base(bound, first), multiply(strip, count)));
  return (k) => builder.prefetch(panels.buffer, add(start, k));
}
