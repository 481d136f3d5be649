/** Which windows are combined line by line, from counts of operations: those of a tile with the runs that its results share. */
import { likelyPoints } from '../extent.ts';
import { rowMajorStride } from '../lower-affine.ts';
import { shortReduction } from '../regrouping.ts';
import type { WindowSchedule } from '../schedule.ts';
import { maxSize } from '../size.ts';
import type { AxisId, Combiner, Stage, StructuredKernel } from '../structured-kernel.ts';
import { lineBytes, type TargetInfo } from '../target-info.ts';
import { elementBytes, isFloatKernelDType } from '../value-type.ts';
import { isIdempotent, type Line, linesOf, positionsOf } from './apart.ts';
import { type Kept, keptLevels, levelTile, workOfLine } from './fold-line.ts';
import type { LoadValue } from './window-reads.ts';

/** Of the second cache, for what waits between two lines. */
const scratchShare = 1 / 4;

/** Operations of a tile's code, and results of it. */
const mostWork = 256;
const mostResults = 16;

/** Places of a window that are unrolled where it is one: more are a plain loop, which reads each again. */
const mostPlaces = 64;
const usualTile = 8;

/** What remains of the operations, at most: a line more is a loop more, and its results pass through memory. */
const leastGain = 0.7;

interface Around {
  readonly parallel: readonly AxisId[];
  readonly k: readonly AxisId[];
  /** Along what is contiguous in what is read, and in what is written. */
  readonly vector: WindowSchedule['vector'] | undefined;
  /** Lanes of a vector. */
  readonly most: number;
}

/** Undefined when the window is better taken whole. Extents of results are not looked at: a sum has one order, however many there are. */
export function chooseApart(
  kernel: StructuredKernel,
  stage: Stage,
  load: LoadValue,
  { parallel, k, vector: contiguous, most }: Around,
  target: TargetInfo,
): WindowSchedule | undefined {
  const lines = linesOf(kernel, stage, load);
  const { combiner } = stage;
  const [first] = lines ?? [];
  const last = lines?.at(-1);
  if (lines === undefined || first === undefined || last === undefined || combiner === undefined) return undefined;
  // Positions of the last line lie side by side, whatever its stride.
  const { axis: vector, lanes } = contiguous ?? { axis: last.axis, lanes: most };
  if (vector === undefined) return undefined;
  const isAlong = lines.some(({ axis }) => axis === vector);
  if (isAlong && last.axis !== vector) return undefined;
  const kept = lines.length === 1 ? keptLevels(last) : undefined;
  const tiles = lines.map((line) => (isAlong && line === last ? 1 : tileOf(line, isIdempotent(combiner), kept)));
  if (!isWorthIt(lines, tiles, combiner, kept)) return undefined;
  if (contiguous === undefined && !isInnermost(kernel, last, load)) return undefined;
  const own = lines.map(({ axis }) => axis);
  const others = parallel.filter((axis) => axis !== vector && !own.includes(axis));
  const row = last.axis ?? first.axis ?? others.at(-1) ?? vector;
  const outer = [...others, ...(first.axis === undefined ? [] : [first.axis])];
  const block = blockOf(kernel, lines, isAlong ? undefined : vector, elementBytes(combiner.dtypes[0] ?? 'f32'), target);
  const apart = { tile: tiles[0] ?? 1, columns: block.columns };
  return {
    kind: 'window', outer, row, tile: tiles.at(-1) ?? 1, vector: { axis: vector, lanes }, k, bandRows: block.rows, apart,
  }; // prettier-ignore
}

function isInnermost(kernel: StructuredKernel, { axis, stride }: Line, { access }: LoadValue): boolean {
  const shape = kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  return axis !== undefined && rowMajorStride(shape, access, axis) === stride;
}

/** The results that share the most, in code that is not too much. */
function tileOf(line: Line, canRepeat: boolean, kept: Kept | undefined): number {
  let tile = mostResults;
  const workOf = (results: number): number => {
    const { reads, joins } = workOfLine(line, canRepeat, results, kept);
    return reads + joins + results;
  };
  while (tile > 1 && workOf(tile) > mostWork) tile -= 1;
  return tile;
}

function isWorthIt(
  lines: readonly Line[],
  tiles: readonly number[],
  combiner: Combiner,
  kept: Kept | undefined,
): boolean {
  const canRepeat = isIdempotent(combiner);
  const [dtype = 'f32'] = combiner.dtypes;
  const places = lines.reduce((product, { window }) => product * window, 1);
  // Short sums keep the order of the window.
  if (!canRepeat && isFloatKernelDType(dtype) && places < shortReduction) return false;
  const apart = lines.reduce((sum, line, position) => {
    const results = tiles[position] ?? 1;
    const { reads, joins } = workOfLine(line, canRepeat, results, kept);
    const passes = lines.slice(position + 1).reduce((product, { stride }) => product * stride, 1);
    return sum + ((reads + joins + results) / results) * passes;
  }, 0);
  return apart + workOfLevels(lines, kept) < leastGain * workWhole(lines, canRepeat);
}

/** Operations for the levels that a long line keeps, of a result: elements are copied. */
function workOfLevels([line]: readonly Line[], kept: Kept = []): number {
  if (line === undefined || kept.length === 0) return 0;
  const work = kept.slice(1).reduce((sum, level, before) => {
    const runs = 2 ** (level - (kept[before] ?? 0));
    const { reads, joins } = workOfLine({ window: runs, stride: 1, dilation: 1 }, true, levelTile(runs));
    return sum + (reads + joins) / levelTile(runs) + 1;
  }, 2);
  return work * line.stride;
}

/** Of a result of the window as one: elements are read once for a tile, whose columns are combined once where they may be. */
function workWhole(lines: readonly Line[], canRepeat: boolean): number {
  const places = lines.reduce((product, { window }) => product * window, 1);
  const last = lines.at(-1);
  if (places > mostPlaces || last === undefined) return 2 * places;
  const columns = ((usualTile - 1) * last.stride + last.window) / usualTile;
  const read = (places / last.window) * columns;
  return canRepeat ? 2 * read + last.window : read + places;
}

/** Columns that lie together for all results, in whole lines of the cache; or so many results of the first line as have room. */
function blockOf(
  kernel: StructuredKernel,
  lines: readonly Line[],
  vector: AxisId | undefined,
  bytes: number,
  { caches }: TargetInfo,
): { readonly rows: number; readonly columns: number } {
  const most = caches.l2 * scratchShare;
  const all = vector === undefined ? 1 : likelyPoints(kernel, [vector]);
  const rows = maxSize(lines[0]?.results ?? 1) ?? 1;
  if (lines.length === 1) return blockOfLine(lines, rows, all, bytes, most);
  const ofRow = lines
    .slice(1)
    .reduce((product, line) => product * positionsOf(line, maxSize(line.results) ?? 1), bytes);
  let columns = lineBytes / bytes;
  while (columns < all && rows * ofRow * columns * 2 <= most) columns *= 2;
  columns = Math.max(1, Math.min(all, columns));
  const fitting = Math.max(1, Math.floor(most / Math.max(1, ofRow * columns)));
  return { rows: Math.max(1, Math.min(rows, fitting)), columns };
}

/** Of one line: all that it keeps in memory, for as many results as have room, but some windows of them. */
function blockOfLine(
  [line]: readonly Line[],
  rows: number,
  all: number,
  bytes: number,
  most: number,
): { readonly rows: number; readonly columns: number } {
  const kept = line === undefined ? undefined : keptLevels(line);
  if (line === undefined || kept === undefined) return { rows, columns: Math.max(1, all) };
  const columns = Math.max(1, Math.min(all, lineBytes / bytes));
  const around = (line.window - 1) * line.dilation;
  const fitting = Math.floor((most / (bytes * columns * kept.length) - around) / line.stride);
  return { rows: Math.max(1, Math.min(rows, Math.max(fitting, Math.ceil((2 * around) / line.stride)))), columns };
}
