/** Cache lines that accesses touch while some loops run and the others stand still. */
import type { FlatBuffer } from '../loop-ir.ts';
import { elementBytes } from '../value-type.ts';
import type { IndexCounter, LoopId } from './index-form.ts';
import { lineBytes } from '../target-info.ts';
import type { AccessSite, Nest, NestTree } from './loop-nest.ts';

/** Accesses of one body to one buffer that move in the same way, at several offsets. */
export interface SiteGroup {
  readonly nest: Nest;
  readonly buffer: FlatBuffer;
  /** Bytes a step of each counter. */
  readonly terms: readonly { readonly counter: IndexCounter; readonly stride: number }[];
  /** First bytes, ascending, each once. */
  readonly offsets: readonly number[];
  readonly bytes: number;
  readonly isStore: boolean;
  readonly bufferBytes: number;
}

export function siteGroups({ root, sizeOf }: NestTree): readonly SiteGroup[] {
  const groups: SiteGroup[] = [];
  const visit = (nest: Nest): void => {
    const known = new Map<string, AccessSite[]>();
    for (const site of nest.sites) {
      const terms = [...site.form.terms].map(([{ id }, stride]) => `${id}:${stride}`).sort();
      const key = `${site.buffer.id} ${site.isStore} ${terms.join()}`;
      const sites = known.get(key);
      if (sites === undefined) known.set(key, [site]);
      else sites.push(site);
    }
    for (const sites of known.values()) groups.push(groupOf(nest, sites, sizeOf));
    nest.children.forEach(visit);
  };
  visit(root);
  return groups;
}

function groupOf(nest: Nest, sites: readonly AccessSite[], sizeOf: NestTree['sizeOf']): SiteGroup {
  const [first] = sites;
  if (first === undefined) throw new TypeError('a group has a site');
  const { buffer, form, isStore } = first;
  const width = elementBytes(buffer.dtype);
  const offsets = [...new Set(sites.map((site) => site.form.constant * width))].sort((a, b) => a - b);
  const terms = [...form.terms].map(([counter, stride]) => ({ counter, stride: stride * width }));
  const bytes = Math.max(...sites.map((site) => site.bytes));
  return { nest, buffer, terms, offsets, bytes, isStore, bufferBytes: sizeOf(buffer) * width };
}

export interface Footprint {
  /** First and last byte, where the loops that stand still are at 0. */
  readonly from: number;
  readonly to: number;
  readonly lines: number;
  /** Of the lines, those that come in no order that a prefetcher sees. */
  readonly isRandom: boolean;
  /** Lines that data choose, one after the other, each as often as it is chosen; 0 where it does not. */
  readonly drawn: number;
  /** Pieces that lie a distance apart, and the bytes of each: they may fall into few sets of a cache. */
  readonly pitch: number;
  readonly pieceBytes: number;
}

/** How many times its own size a footprint takes of a cache whose sets repeat after so many bytes. */
export function crowding({ pitch, pieceBytes }: Footprint, wayBytes: number): number {
  if (pitch === 0) return 1;
  const step = commonDivisor(Math.round(pitch), wayBytes);
  return Math.max(1, step / Math.max(lineBytes, pieceBytes));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

interface Dimension {
  readonly stride: number;
  readonly count: number;
}

/** Lines of a group while the loops in `active` run. */
export function footprintOf(group: SiteGroup, active: ReadonlyMap<LoopId, number>): Footprint {
  const { terms, offsets, bytes, bufferBytes } = group;
  const dimensions: Dimension[] = [];
  let [from, to] = [offsets[0] ?? 0, (offsets.at(-1) ?? 0) + bytes];
  let random = 1;
  for (const { counter, stride } of terms) {
    const count = valuesOf(counter, active);
    if (count <= 1) continue;
    if (counter.isRandom) random *= count;
    else dimensions.push({ stride: Math.abs(stride), count });
    if (stride < 0) from += stride * (count - 1);
    else to += stride * (count - 1);
  }
  const pieces = piecesOf(offsets, bytes);
  if (pieces.count > 1) dimensions.push({ stride: pieces.pitch, count: pieces.count });
  const block = linesOf(pieces.length, dimensions);
  const whole = Math.ceil(bufferBytes / lineBytes) + 1;
  const apart = { pitch: block.pitch, pieceBytes: block.pieceBytes };
  if (random === 1)
    return {
      from,
      to: Math.min(to, from + bufferBytes),
      lines: Math.min(block.lines, whole),
      isRandom: false,
      drawn: 0,
      ...apart,
    };
  // So many draws hit so many different blocks.
  const blocks = Math.max(1, whole / block.lines);
  const hit = blocks * (1 - Math.exp(-random / blocks));
  const lines = Math.min(whole, hit * block.lines);
  const isRandom = block.lines < 4;
  return { from: 0, to: bufferBytes, lines, isRandom, drawn: random * block.lines, pitch: 0, pieceBytes: 0 };
}

/** Values that a counter takes while these loops run. */
function valuesOf({ loops, most }: IndexCounter, active: ReadonlyMap<LoopId, number>): number {
  let trips = 1;
  for (const loop of loops) trips *= active.get(loop) ?? 1;
  return Math.min(trips, most);
}

/** Offsets in runs: of how many bytes, how many, how far apart. */
function piecesOf(
  offsets: readonly number[],
  bytes: number,
): { readonly length: number; readonly count: number; readonly pitch: number } {
  let count = 1;
  let gaps = 0;
  const [first = 0] = offsets;
  let last = first;
  for (const offset of offsets) {
    if (offset - last > Math.max(bytes, lineBytes)) {
      count += 1;
      gaps += offset - last - bytes;
    }
    last = offset;
  }
  const covered = last + bytes - first - gaps;
  return { length: covered / count, count, pitch: count === 1 ? 0 : (last - first) / (count - 1) };
}

/** Of a block that is repeated along several strides: blocks that meet are one. */
function linesOf(
  bytes: number,
  dimensions: readonly Dimension[],
): { readonly lines: number; readonly pitch: number; readonly pieceBytes: number } {
  let length = bytes;
  let count = 1;
  let smallest = 0;
  let extent = bytes;
  for (const { stride, count: trips } of dimensions.toSorted((a, b) => a.stride - b.stride)) {
    const reach = stride * (trips - 1);
    if (count === 1 && stride <= length + lineBytes - 1) length += reach;
    else if (smallest > 0 && stride < extent) count = Math.min(count * trips, (extent + reach) / smallest + 1);
    else {
      count *= trips;
      smallest ||= stride;
    }
    extent += reach;
  }
  const lines = count * ((length - 1) / lineBytes + 1);
  return { lines, pitch: count > 1 ? smallest : 0, pieceBytes: length };
}

/** Of accesses to one buffer: what two of them touch both is counted once. */
export function unionLines(footprints: readonly Footprint[], bufferBytes: number): number {
  let total = 0;
  let open: { from: number; to: number; lines: number; dense: number } | undefined;
  for (const { from, to, lines, isRandom } of footprints.toSorted((a, b) => a.from - b.from)) {
    const span = Math.max(1, (to - from) / lineBytes);
    const dense = Math.min(1, lines / span);
    const overlap = open === undefined ? 0 : Math.min(open.to, to) - from;
    if (open === undefined || overlap * 2 < Math.min(to - from, open.to - open.from)) {
      total += open?.lines ?? 0;
      open = { from, to, lines, dense };
      continue;
    }
    open.to = Math.max(open.to, to);
    // What comes at random meets what is there only by chance.
    open.dense = isRandom ? 1 - (1 - open.dense) * (1 - dense) : Math.max(open.dense, dense);
    const joined = ((open.to - open.from) / lineBytes) * open.dense;
    open.lines = Math.max(open.lines, lines, Math.min(open.lines + lines, joined));
  }
  total += open?.lines ?? 0;
  return Math.min(total, Math.ceil(bufferBytes / lineBytes) + 1);
}
