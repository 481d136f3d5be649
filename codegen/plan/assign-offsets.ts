/**
 * Places storages in one arena. Largest first, each at the lowest offset where it fits between those it is live together with
 * (greedy by size, as in Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020). Among a few orders the
 * smallest arena wins.
 */
import type { LiveRange } from './draft.ts';
import type { Storage } from './storage.ts';

/** Bytes a storage starts at a multiple of: a cache line, and every vector's alignment. */
export const storageAlignment = 64;

export interface ArenaLayout {
  readonly offsets: ReadonlyMap<Storage, number>;
  readonly bytes: number;
}

export function alignUp(bytes: number): number {
  return Math.ceil(bytes / storageAlignment) * storageAlignment;
}

export function assignOffsets(ranges: readonly LiveRange[]): ArenaLayout {
  const orders = [bySize, byLifetimeArea, byStart].map((order) => placeInOrder([...ranges].sort(order)));
  return orders.reduce((best, layout) => (layout.bytes < best.bytes ? layout : best));
}

function bySize(a: LiveRange, b: LiveRange): number {
  return b.storage.maxBytes - a.storage.maxBytes || a.first - b.first || a.storage.id - b.storage.id;
}

function byLifetimeArea(a: LiveRange, b: LiveRange): number {
  const area = (range: LiveRange): number => range.storage.maxBytes * (range.last - range.first + 1);
  return area(b) - area(a) || bySize(a, b);
}

function byStart(a: LiveRange, b: LiveRange): number {
  return a.first - b.first || bySize(a, b);
}

function placeInOrder(ranges: readonly LiveRange[]): ArenaLayout {
  const placed: { readonly range: LiveRange; readonly offset: number; readonly end: number }[] = [];
  let bytes = 0;
  for (const range of ranges) {
    const size = alignUp(range.storage.maxBytes);
    const neighbours = placed
      .filter(({ range: other }) => other.first <= range.last && range.first <= other.last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const neighbour of neighbours) {
      if (offset + size <= neighbour.offset) break;
      offset = Math.max(offset, neighbour.end);
    }
    placed.push({ range, offset, end: offset + size });
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets: new Map(placed.map(({ range, offset }) => [range.storage, offset])), bytes };
}

/** The most that is live at one position: no plan of the same order takes less. */
export function largestLiveSet(ranges: readonly LiveRange[]): number {
  const changes: (readonly [position: number, bytes: number])[] = [];
  for (const { storage, first, last } of ranges) {
    const size = alignUp(storage.maxBytes);
    changes.push([first, size], [last + 1, -size]);
  }
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let live = 0;
  let most = 0;
  for (const [, bytes] of changes) {
    live += bytes;
    most = Math.max(most, live);
  }
  return most;
}
