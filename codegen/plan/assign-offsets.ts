/**
 * Places storages in one arena: one after the other, each where it fits between those it is live together with (greedy, as in Pisarchyk
 * and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020). Several orders are tried, in the lowest place and in the
 * tightest one; then what sticks out is placed earlier, as long as that helps. The smallest arena wins.
 */
import type { LiveRange } from './draft.ts';
import type { Storage } from './storage.ts';

/** Bytes a storage starts at a multiple of: a cache line, and every vector's alignment. */
const storageAlignment = 64;

export interface ArenaLayout {
  readonly offsets: ReadonlyMap<Storage, number>;
  readonly bytes: number;
}

export function alignUp(bytes: number): number {
  return Math.ceil(bytes / storageAlignment) * storageAlignment;
}

export function assignOffsets(ranges: readonly LiveRange[]): ArenaLayout {
  const bound = largestLiveSet(ranges);
  let best: Placement | undefined;
  for (const order of [bySize, byLifetimeArea, byLifetime, byStart]) {
    for (const fit of fits) {
      const placement = improved(place(ranges.toSorted(order), fit), fit, bound);
      if (best === undefined || placement.bytes < best.bytes) best = placement;
      if (best.bytes <= bound) return layoutOf(best);
    }
  }
  return best === undefined ? { offsets: new Map(), bytes: 0 } : layoutOf(best);
}

function bySize(a: LiveRange, b: LiveRange): number {
  return b.storage.maxBytes - a.storage.maxBytes || a.first - b.first || a.storage.id - b.storage.id;
}

function byLifetimeArea(a: LiveRange, b: LiveRange): number {
  const area = (range: LiveRange): number => range.storage.maxBytes * (range.last - range.first + 1);
  return area(b) - area(a) || bySize(a, b);
}

function byLifetime(a: LiveRange, b: LiveRange): number {
  return b.last - b.first - (a.last - a.first) || bySize(a, b);
}

function byStart(a: LiveRange, b: LiveRange): number {
  return a.first - b.first || bySize(a, b);
}

interface Placed {
  readonly range: LiveRange;
  readonly offset: number;
  readonly end: number;
}

interface Placement {
  readonly order: readonly LiveRange[];
  readonly placed: readonly Placed[];
  readonly bytes: number;
}

/** Of the gaps that are large enough, the first or the smallest. */
const fits = ['first', 'best'] as const;
type Fit = (typeof fits)[number];

function place(order: readonly LiveRange[], fit: Fit): Placement {
  /** By offset. */
  const placed: Placed[] = [];
  let bytes = 0;
  for (const range of order) {
    const size = alignUp(range.storage.maxBytes);
    const offset = gapFor(range, size, placed, fit);
    insert(placed, { range, offset, end: offset + size });
    bytes = Math.max(bytes, offset + size);
  }
  return { order, placed, bytes };
}

function gapFor(range: LiveRange, size: number, placed: readonly Placed[], fit: Fit): number {
  let end = 0;
  let chosen = -1;
  let smallest = Infinity;
  for (const { range: other, offset, end: otherEnd } of placed) {
    if (!areLiveTogether(range, other)) continue;
    const gap = offset - end;
    if (gap >= size && gap < smallest) {
      chosen = end;
      smallest = gap;
      if (fit === 'first') break;
    }
    end = Math.max(end, otherEnd);
  }
  return chosen < 0 ? end : chosen;
}

function areLiveTogether(a: LiveRange, b: LiveRange): boolean {
  if (a.first > b.last || b.first > a.last) return false;
  for (let i = 0, j = 0; ;) {
    const [part, other] = [a.parts[i], b.parts[j]];
    if (part === undefined || other === undefined) return false;
    if (part.first <= other.last && other.first <= part.last) return true;
    if (part.last < other.last) i++;
    else j++;
  }
}

function insert(placed: Placed[], entry: Placed): void {
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((placed[middle]?.offset ?? 0) <= entry.offset) low = middle + 1;
    else high = middle;
  }
  placed.splice(low, 0, entry);
}

/** Work on a placement, in pairs of storages looked at: a second on a slow machine. */
const improvementBudget = 20_000_000;
const improvementRounds = 60;

/** What reaches the top is placed first in the next round, as long as the arena does not grow for several rounds. */
function improved(start: Placement, fit: Fit, bound: number): Placement {
  const rounds = Math.min(improvementRounds, Math.floor(improvementBudget / (start.order.length ** 2 + 1)));
  let best = start;
  let current = start;
  for (let round = 0, since = 0; round < rounds && since < 12 && best.bytes > bound; round++, since++) {
    const top = new Set(current.placed.filter(({ end }) => end === current.bytes).map(({ range }) => range));
    const order = [...top, ...current.order.filter((range) => !top.has(range))];
    current = place(order, fit);
    if (current.bytes >= best.bytes) continue;
    best = current;
    since = 0;
  }
  return best;
}

function layoutOf({ placed, bytes }: Placement): ArenaLayout {
  return { offsets: new Map(placed.map(({ range, offset }) => [range.storage, offset])), bytes };
}

/** The most that is live at one position: no plan of the same order takes less. */
export function largestLiveSet(ranges: readonly LiveRange[]): number {
  const changes: (readonly [position: number, bytes: number])[] = [];
  for (const { storage, parts } of ranges) {
    const size = alignUp(storage.maxBytes);
    for (const { first, last } of parts) changes.push([first, size], [last + 1, -size]);
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
