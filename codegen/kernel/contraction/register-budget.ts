/** How many sums a register tile may keep: from the registers of the target. */
import type { ContractionSchedule } from '../schedule.ts';
import type { TargetInfo } from '../target-info.ts';
import { isFloatKernelDType, type KernelDType } from '../value-type.ts';

type Registers = Pick<TargetInfo, 'vectorRegisters' | 'fma'>;

/**
 * Without multiply-adds each product needs a register before it is added, and engines keep more of them at a time: at 512 (Zen 4, 128 bits)
 * 4x8 gives 59.5 GFLOP/s in Node 20 and 57.6 in Node 24, where 5x8 gives 39 and 59, and 6x8 36 and 32. Products of integers are such (Zen 5,
 * pairs of 8-bit integers at 512, 4x8 and 5x8: 3.8 and 5.3 ms in Node 20, 3.9 and 3.7 in Node 24).
 */
function usableRegisters({ vectorRegisters, fma }: Registers, dtype: KernelDType): number {
  if (fma === 'none') return vectorRegisters - 3;
  return isFloatKernelDType(dtype) ? vectorRegisters : vectorRegisters - 1;
}

/**
 * Of one side of the product while the other is walked: the shorter. Without multiply-adds engines load all columns before the products (V8 11:
 * one row of 8 vectors takes 1.8 of the time of one of 5).
 */
function heldBeside(rows: number, vectors: number, { fma }: Registers): number {
  return fma === 'none' ? vectors : Math.min(rows, vectors);
}

/**
 * Of columns, in a tile. One row of 8 has as many sums as hide the latency of multiply-adds, and none to spare (Zen 5, weights in the second
 * cache, 8 -> 12 vectors: 128x512 2.7 -> 2.4 us, 100x300 1.31 -> 1.18, 256x1000 12.2 -> 11.3; 13 leave the engine too few registers).
 */
const mostVectors = 12;

/** Of columns in panels side by side, each with an address of its own. */
const mostBeside = 8;

export interface Tile {
  readonly mr: number;
  readonly vectors: number;
}

/**
 * The tile that takes the least time for all rows and vectors of columns, with room for its sums, one side of the product, one element of
 * the other, and a register that the engine keeps; of two that take as long, the one with more sums.
 */
export function registerTile(target: Registers, dtype: KernelDType, rows: number, vectors: number): Tile {
  const room = usableRegisters(target, dtype) - 1;
  let best: Tile = { mr: 1, vectors: 1 };
  for (let width = 1; width <= Math.min(vectors, mostVectors); width += 1) {
    let most = 0;
    while (most < rows && (most + 1) * width + heldBeside(most + 1, width, target) + 1 <= room) most += 1;
    if (most < 1) break;
    const tile = { mr: most, vectors: width };
    const [time, least] = [timeOf(rows, vectors, tile), timeOf(rows, vectors, best)];
    const isLarger = tile.mr * width > best.mr * best.vectors;
    // One vector a row loads an element for each multiply-add: only where there are no more columns.
    if (best.vectors === 1 || time < least * 0.999 || (time < least * 1.001 && isLarger)) best = tile;
  }
  return best;
}

/** A strip that is no whole tile has a loop iteration for each step of k (Zen 5, rows of 8: 4x2 takes 4.4 cycles, not 4). */
const cyclesOfEnd = 0.4;

/** Cycles of a step of k over rows that lie together, a row and a vector of columns, with the ends of these (strips.ts). */
export function timePerRow(rows: number, { mr, vectors }: Tile): number {
  const rest = rows % mr;
  const isPulled = rest > 0 && rest < mr - 1 && rows > mr;
  const left = isPulled ? rest + mr : rest;
  const ends = isPulled ? [Math.ceil(left / 2), Math.floor(left / 2)] : rest > 0 ? [rest] : [];
  const ofEnds = ends.reduce((sum, height) => sum + cyclesOf(height, vectors) + cyclesOfEnd, 0);
  return (((rows - left) / mr) * cyclesOf(mr, vectors) + ofEnds) / (rows * vectors);
}

/** Cycles of a step of k over all rows and columns. */
function timeOf(rows: number, vectors: number, { mr, vectors: width }: Tile): number {
  const height = stripRows(rows, mr);
  const time = (of: number): number => cyclesOf(height, of);
  const rest = vectors % width;
  const ofColumns =
    vectors > 4 * width
      ? (vectors / width) * time(width)
      : Math.floor(vectors / width) * time(width) + (rest && time(rest));
  return (rows / height) * ofColumns;
}

/**
 * Of one strip: two multiply-adds a cycle, each of which waits four for the one before; two loads a cycle, and a vector of columns, which
 * comes from farther away, counts as two.
 */
function cyclesOf(rows: number, vectors: number): number {
  return Math.max((rows * vectors) / 2, 4, (rows + 2 * vectors) / 2);
}

/** Rows of a strip: few rows are divided into strips of about one height, 7 rows are 4 and 3, not 6 and 1 (strips.ts). */
function stripRows(rows: number, mr: number): number {
  return rows > 4 * mr ? mr : rows / Math.ceil(rows / mr);
}

/**
 * Panels of columns that few rows take at once, so that there are enough independent sums: one row of two vectors would wait for each
 * multiply-add to end. The sums, one side of the product and one element of the other are in registers.
 */
export function panelsBeside(rows: number, { nr, lanes }: ContractionSchedule, target: TargetInfo): number {
  const vectors = nr / lanes;
  const fits = (width: number): boolean =>
    rows * width + heldBeside(rows, width, target) + 1 <= target.vectorRegisters - 2;
  let panels = 1;
  while ((panels + 1) * vectors <= mostBeside && fits((panels + 1) * vectors)) panels += 1;
  return panels;
}
