/** The tiles of a contraction that threads divide: batches, blocks of rows or of columns, none of which computes or packs what another does. */
import { countedPoints } from '../extent.ts';
import { axisOf } from '../lower-context.ts';
import type { AxisTile, ContractionSchedule } from '../schedule.ts';
import type { AxisId, StructuredKernel } from '../structured-kernel.ts';
import { lineBytes, type TargetInfo } from '../target-info.ts';

/** Tiles of one side that are enough where the other side would have each of them do some work again. */
const enoughTiles = 4;

/** Rows for which packing the columns again costs some hundredths of their multiply-adds. */
export const repayingRows = 64;

/** Enough for a few threads to end at about the same time. */
export const mostTiles = 16;

/** About what one thread does: flops of four-byte elements, and bytes from the outer caches, a second. */
export const rates = { flops: 6e10, bytes: 5e10 };

/**
 * What is fetched ahead goes on from page to page: shorter runs of columns that stream by take 1.1 to 1.3 of the time (Zen 5). Where there
 * are threads, two of them take 0.6: columns are divided in runs of about so many then, and in two down to half as many.
 */
const streamedElements = { alone: 4096, shared: 512 };

export interface DividedContraction {
  readonly target: TargetInfo;
  readonly schedule: ContractionSchedule;
  /** Of an element of the sums. */
  readonly bytes: number;
  /** Whether the kernel packs the columns, or each tile of rows would. */
  readonly packsColumns: boolean;
  /** Elements of the buffer that the rows are in. */
  readonly rowElements: number;
}

export function contractionTiles(kernel: StructuredKernel, contraction: DividedContraction): readonly AxisTile[] {
  const { target } = contraction;
  const { batch, m, n, k } = contraction.schedule;
  const count = (ids: readonly AxisId[]): number => countedPoints(kernel, ids);
  const extents = { batch: count(batch), m: count(m), n: count(n), k: count(k) };
  const isLate = [...batch, ...m, ...n].some((id) => typeof axisOf(kernel, id).extent !== 'number');
  const time = secondsOf(extents, contraction.bytes);
  const pieces = Math.floor(Math.min(time / (target.tileNanoseconds * 1e-9), isLate ? 4 * mostTiles : mostTiles));
  if (pieces <= 1) return [];
  if (extents.batch >= pieces / 2) return batchTiles(kernel, batch, Math.floor(extents.batch / pieces));
  return [
    ...batch.map((axis) => ({ axis, size: 1 })),
    ...sideTiles(kernel, contraction, extents, Math.ceil(pieces / extents.batch)),
  ];
}

interface Extents {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

function secondsOf({ batch, m, n, k }: Extents, bytes: number): number {
  const flops = (2 * m * n * k * bytes) / 4 / rates.flops;
  return batch * Math.max(flops, ((m * k + k * n + m * n) * bytes) / rates.bytes);
}

/** So many together: whole innermost axes as far as they go. */
export function batchTiles(kernel: StructuredKernel, batch: readonly AxisId[], together: number): readonly AxisTile[] {
  const tiles: AxisTile[] = [];
  let left = together;
  for (const axis of batch.toReversed()) {
    const size = Math.max(1, Math.min(left, countedPoints(kernel, [axis])));
    tiles.unshift({ axis, size });
    left = Math.floor(left / size);
  }
  return tiles;
}

/**
 * The side is divided that leaves less to be read again by each tile: where rows are contiguous, columns if there are more of these; with
 * an image, which each tile of columns copies again, if the image is the smaller part. Columns that each tile of rows would pack again, if
 * there are enough of them.
 */
function sideTiles(
  kernel: StructuredKernel,
  { schedule, packsColumns, rowElements, target }: DividedContraction,
  { m, n, k }: Extents,
  pieces: number,
): readonly AxisTile[] {
  const [row, ...otherRows] = schedule.m.filter((axis) => axisOf(kernel, axis).extent !== 1);
  const [column, ...otherColumns] = schedule.n;
  const runs =
    target.hasThreads && n >= streamedElements.shared ? Math.max(2, Math.round(n / streamedElements.shared)) : 0;
  const streamed = runs > 0 ? Math.ceil(n / runs) : streamedElements.alone;
  const step = multipleOfBoth(schedule.nr, lineBytes / 4);
  // Each tile of columns packs the rows again, or copies the image; columns that stream by are read in long runs.
  const repeated = { panel: 8 * step, image: 2 * step, direct: schedule.rhs === 'direct' ? streamed : step };
  const least = repeated[schedule.lhs];
  const leastColumns = Math.ceil(least / step) * step;
  const byColumns =
    column === undefined || otherColumns.length > 0 ? undefined : divided(n, pieces, step, leastColumns);
  const leastRows = packsColumns ? repayingRows : 2 * schedule.mr;
  const width = row === undefined ? 1 : m / Math.max(1, countedPoints(kernel, [row]));
  const byRows =
    otherRows.length > 0
      ? divided(m / width, pieces, 1, Math.ceil(leastRows / width))
      : divided(m, pieces, schedule.mr, Math.ceil(leastRows / schedule.mr) * schedule.mr);
  const rowsRead = schedule.lhs === 'image' ? 2 * rowElements : m * k;
  const areColumnsEnough = byColumns !== undefined && n / byColumns > Math.min(pieces, enoughTiles) - 1;
  const areColumnsFirst = packsColumns ? areColumnsEnough : n * k >= rowsRead;
  if (column !== undefined && byColumns !== undefined && (areColumnsFirst || byRows === undefined))
    return [{ axis: column, size: byColumns }];
  return row === undefined || byRows === undefined ? [] : [{ axis: row, size: byRows }];
}

/** The size of a tile, a multiple of the step; undefined when there would be one. */
function divided(extent: number, pieces: number, step: number, least: number): number | undefined {
  const size = Math.max(least, Math.ceil(extent / pieces / step) * step);
  return size < extent ? size : undefined;
}

function multipleOfBoth(a: number, b: number): number {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
}
