/** Blocks of k, rows and columns, and which tiles come after each other: from the caches of the target and the extents. */
import type { ContractionSchedule } from '../schedule.ts';
import type { TargetInfo } from '../target-info.ts';

/** Points of the axes of each side, at most. */
export interface Extents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export interface BlockedTile {
  readonly mr: number;
  readonly nr: number;
  /** `passing`: panels that lie ready in memory, and that no second tile of rows reads. */
  readonly rhs: 'panel' | 'passing' | 'direct';
  readonly bytes: number;
}

type Blocks = Pick<ContractionSchedule, 'kc' | 'mc' | 'nc' | 'inner'>;

/** Steps of k that a tile takes of columns which stream by: each costs as many multiply-adds, and all of them the sums' way to memory and back. */
const streamedSteps = 8;

export function cacheBlocks(extents: Extents, tile: BlockedTile, { caches }: TargetInfo): Blocks {
  const { n, k } = extents;
  if (tile.rhs === 'passing') return passingBlocks(extents, tile, caches);
  const isStreamed = tile.rhs === 'direct' && k > streamedSteps && n * k * tile.bytes > caches.l1;
  return isStreamed ? streamedBlocks(extents, tile, caches) : panelBlocks(extents, tile, caches);
}

function roundUp(value: number, step: number): number {
  return Math.max(1, Math.ceil(value / step)) * step;
}

/**
 * Columns that are read where they lie, once: a few rows of them at a time from end to end, as they lie in memory, so that each page is
 * entered once and what comes next is fetched ahead. The sums of a block of columns stay in the first cache meanwhile.
 */
function streamedBlocks({ m, n }: Extents, { mr, nr, bytes }: BlockedTile, { l1 }: TargetInfo['caches']): Blocks {
  const columns = Math.floor(l1 / 2 / (m * bytes) / nr) * nr;
  return {
    kc: streamedSteps,
    mc: roundUp(m, mr),
    nc: Math.min(roundUp(n, nr), Math.max(nr, columns)),
    inner: 'columns',
  };
}

/**
 * Panels that are read once, from end to end, as they lie: only the rows have to stay in the first cache, half of it. Blocks of k would jump
 * from panel to panel, and what is fetched ahead be wrong (Zen 5, 1x768x3072, weights in the third cache: 1.12 to 1.29).
 */
function passingBlocks({ m, n, k }: Extents, { mr, nr, bytes }: BlockedTile, { l1 }: TargetInfo['caches']): Blocks {
  const deepest = Math.max(64, Math.floor(l1 / 2 / (m * bytes)));
  return { kc: roundUp(k / Math.ceil(k / deepest), 8), mc: roundUp(m, mr), nc: roundUp(n, nr), inner: 'columns' };
}

/**
 * A panel of columns lies in the first cache (KC), a block of rows in an eighth of the second (MC), one of columns in half of it (NC). Blocks of k are of
 * about one size, and few: between two of them the sums go through memory (Zen 5: 128x768x3072 as one block takes 0.9 of the time of three).
 * Where all columns of a block stay in the first cache, rows of tiles are finished one after the other, as the output lies.
 */
function panelBlocks({ m, n, k }: Extents, { mr, nr, bytes }: BlockedTile, caches: TargetInfo['caches']): Blocks {
  const deepest = Math.max(64, Math.floor((caches.l1 * 0.75) / (nr * bytes)));
  const kc = roundUp(k / Math.ceil(k / deepest), 8);
  const rows = caches.l2 / 8 / (kc * bytes);
  const columns = caches.l2 / 2 / (kc * bytes);
  const mc = Math.min(roundUp(m, mr), Math.max(mr, Math.floor(rows / mr) * mr));
  const nc = Math.min(roundUp(n, nr), Math.max(nr, Math.floor(columns / nr) * nr));
  const inner = Math.min(k, kc) * Math.min(n, nc) * bytes <= caches.l1 / 2 ? 'columns' : 'rows';
  return { kc, mc, nc, inner };
}
