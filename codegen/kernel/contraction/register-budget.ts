/** How many sums a register tile may keep: from the registers of the target. */
import type { ContractionSchedule } from '../schedule.ts';
import type { TargetInfo } from '../target-info.ts';

/**
 * Without multiply-adds each product needs a register before it is added, and engines keep more of them at a time: at 512 (Zen 4, 128 bits)
 * 4x8 gives 59.5 GFLOP/s in Node 20 and 57.6 in Node 24, where 5x8 gives 39 and 59, and 6x8 36 and 32.
 */
export function usableRegisters({ vectorRegisters, fma }: TargetInfo): number {
  return fma === 'none' ? vectorRegisters - 3 : vectorRegisters;
}

/** Of columns, in a tile. */
const mostVectors = 8;

interface Tile {
  readonly mr: number;
  readonly vectors: number;
}

/** The most registers' worth of sums, with room for a row of columns, one spread element, and one that the engine keeps. */
export function registerTile(registers: number, rows: number, vectors: number): Tile {
  const room = registers - 1;
  let best: Tile = { mr: 1, vectors: 1 };
  for (let width = 1; width <= Math.min(vectors, mostVectors); width += 1) {
    const most = Math.min(rows, Math.floor((room - 1 - width) / width));
    if (most < 1) break;
    const tile = { mr: most, vectors: width };
    const [sums, known] = [sumsOf(rows, tile), sumsOf(rows, best)];
    const isBetter = sums > known || (sums === known && loadsOf(rows, tile) < loadsOf(rows, best));
    // One vector a row loads an element for each multiply-add: only where there are no more columns.
    if (isBetter || best.vectors === 1) best = tile;
  }
  return best;
}

/** Rows of a strip: few rows are divided into strips of about one height, 7 rows are 4 and 3, not 6 and 1 (strips.ts). */
function stripRows(rows: number, mr: number): number {
  return rows > 4 * mr ? mr : rows / Math.ceil(rows / mr);
}

/** Vectors of sums of the strips of all rows, on average. */
function sumsOf(rows: number, { mr, vectors }: Tile): number {
  return stripRows(rows, mr) * vectors;
}

/** Loads of a strip for each index of k. */
function loadsOf(rows: number, { mr, vectors }: Tile): number {
  return Math.ceil(stripRows(rows, mr)) + vectors;
}

/**
 * Panels of columns that few rows take at once, so that there are enough independent sums: one row of two vectors would wait for each
 * multiply-add to end. The sums, one side of the product and one element of the other are in registers.
 */
export function panelsBeside(rows: number, { nr, lanes }: ContractionSchedule, target: TargetInfo): number {
  const vectors = nr / lanes;
  const beside = (width: number): number => (target.fma === 'none' ? width : Math.min(rows, width));
  const fits = (width: number): boolean => rows * width + beside(width) + 1 <= target.vectorRegisters - 2;
  let panels = 1;
  while ((panels + 1) * vectors <= mostVectors && fits((panels + 1) * vectors)) panels += 1;
  return panels;
}
