/**
 * Lines that come into each cache. A loop whose one iteration fits a cache finds there what its iterations have in common, so it brings in
 * each line once; one that does not fit brings in all that its body does, every time. What is in a cache when the kernel begins is the caller's to say.
 */
import type { FlatBuffer } from '../loop-ir.ts';
import { crowding, footprintOf, type SiteGroup, siteGroups, unionLines } from './footprint.ts';
import type { LoopId } from './index-form.ts';
import type { Nest, NestTree } from './loop-nest.ts';
import { lineBytes } from '../target-info.ts';
import type { MachineRates } from './machine-rates.ts';

/** Lines into each cache on behalf of each body. */
export interface NestTraffic {
  readonly lines: number[];
  readonly randomLines: number[];
}

export interface MemoryTraffic {
  readonly byNest: ReadonlyMap<Nest, NestTraffic>;
  /** Bytes that the kernel touches, each once. */
  readonly footprintBytes: number;
  readonly footprints: ReadonlyMap<FlatBuffer, number>;
}

/** The cache (its index, outermost is memory) where a buffer is when the kernel begins. */
export type Residence = (buffer: FlatBuffer, kernelBytes: number) => number;

export function memoryTraffic(tree: NestTree, rates: MachineRates, residence: Residence): MemoryTraffic {
  return new Traffic(tree, rates, residence).compute();
}

/** To which cache, of how many bytes, on behalf of a kernel that touches so many. */
interface Charge {
  readonly level: number;
  readonly capacity: number;
  readonly kernelBytes: number;
  /** Of the accesses, the part that this is said of. */
  readonly share: number;
  /** Whether all that the kernel touches is touched. */
  readonly isWhole: boolean;
}

class Traffic {
  readonly #tree: NestTree;
  readonly #rates: MachineRates;
  readonly #residence: Residence;
  readonly #groups: readonly SiteGroup[];
  readonly #below = new Map<Nest, readonly SiteGroup[]>();
  readonly #inside = new Map<Nest, ReadonlyMap<LoopId, number>>();
  readonly #byNest = new Map<Nest, NestTraffic>();

  constructor(tree: NestTree, rates: MachineRates, residence: Residence) {
    this.#tree = tree;
    this.#rates = rates;
    this.#residence = residence;
    this.#groups = siteGroups(tree);
    this.#note(tree.root);
  }

  compute(): MemoryTraffic {
    const { root } = this.#tree;
    const footprints = this.#footprintsOf(root, this.#inside.get(root) ?? new Map());
    const kernelBytes = total(footprints) * lineBytes;
    this.#rates.caches.forEach(({ bytes }, level) => this.#charge(root, level, bytes, kernelBytes));
    return { byNest: this.#byNest, footprintBytes: kernelBytes, footprints: linesToBytes(footprints) };
  }

  /** Loops inside a nest with their iterations, and the accesses in it. */
  #note(nest: Nest): { readonly groups: readonly SiteGroup[]; readonly loops: ReadonlyMap<LoopId, number> } {
    const groups = this.#groups.filter((group) => group.nest === nest);
    const loops = new Map<LoopId, number>();
    for (const child of nest.children) {
      const inner = this.#note(child);
      groups.push(...inner.groups);
      for (const [loop, trips] of withLoop(inner.loops, child)) loops.set(loop, Math.max(trips, loops.get(loop) ?? 0));
    }
    this.#below.set(nest, groups);
    this.#inside.set(nest, loops);
    return { groups, loops };
  }

  #footprintsOf(nest: Nest, active: ReadonlyMap<LoopId, number>): ReadonlyMap<FlatBuffer, number> {
    return new Map(
      [...byBuffer(this.#below.get(nest) ?? [])].map(([buffer, list]) => {
        const footprints = list.map((group) => footprintOf(group, active));
        return [buffer, unionLines(footprints, list[0]?.bufferBytes ?? 0)] as const;
      }),
    );
  }

  /** Lines that a cache would have to have for what these loops touch: more where they crowd into few of its sets. */
  #occupied(nest: Nest, active: ReadonlyMap<LoopId, number>, level: number): number {
    const wayBytes = this.#rates.caches[level]?.wayBytes ?? lineBytes;
    let lines = 0;
    for (const [, list] of byBuffer(this.#below.get(nest) ?? [])) {
      const footprints = list.map((group) => footprintOf(group, active));
      const crowded = Math.max(...footprints.map((each) => crowding(each, wayBytes)));
      lines += crowded * unionLines(footprints, list[0]?.bufferBytes ?? 0);
    }
    return lines;
  }

  /** `share` is the part of the accesses that has not been charged. */
  #charge(nest: Nest, level: number, capacity: number, kernelBytes: number, share = 1): void {
    const inside = this.#inside.get(nest) ?? new Map<LoopId, number>();
    const occupied = this.#occupied(nest, inside, level) * lineBytes;
    const charge = { level, capacity, kernelBytes };
    // Of what does not fit, a part stays all the same: caches do not drop just what has not been used for longest.
    const missing = share * Math.max(0, 1 - capacity / Math.max(1, occupied));
    if (missing > 0) {
      const own = this.#groups.filter((group) => group.nest === nest);
      this.#chargeGroups(own, nest.executions, new Map(), { ...charge, share: missing, isWhole: false });
      for (const child of nest.children) this.#charge(child, level, capacity, kernelBytes, missing);
    }
    const loops = withLoop(inside, nest);
    const isRoot = nest === this.#tree.root;
    const isWhole = isRoot || total(this.#footprintsOf(nest, loops)) * lineBytes >= kernelBytes * 0.99;
    const kept = { ...charge, share: share - missing, isWhole };
    this.#chargeGroups(this.#below.get(nest) ?? [], nest.entries, loops, kept);
  }

  /** What the buffers' lines, each once, cost; divided among the bodies that touch them. What is there already costs nothing the first time. */
  #chargeGroups(
    groups: readonly SiteGroup[],
    times: number,
    active: ReadonlyMap<LoopId, number>,
    { level, capacity, kernelBytes, share, isWhole }: Charge,
  ): void {
    for (const [buffer, list] of byBuffer(groups)) {
      if (isWhole && times <= 1 && this.#residence(buffer, kernelBytes) <= level) continue;
      const footprints = list.map((group) => ({ group, footprint: footprintOf(group, active) }));
      const bufferBytes = list[0]?.bufferBytes ?? 0;
      const union = unionLines(
        footprints.map(({ footprint }) => footprint),
        bufferBytes,
      );
      const sum = footprints.reduce((all, { footprint }) => all + footprint.lines, 0);
      // Data that choose a line find it there as often as the cache holds it; what is read and then written comes once.
      const isLost = Math.max(0, 1 - capacity / Math.max(1, bufferBytes));
      for (const { group, footprint } of footprints) {
        const once = (footprint.lines * union) / Math.max(1, sum);
        const isThere = group.isStore && list.some((other) => !other.isStore && other.nest === group.nest);
        const drawn = isThere ? 0 : footprint.drawn * isLost;
        const lines = share * times * Math.max(once, drawn);
        const traffic = this.#trafficOf(group.nest);
        const into = footprint.isRandom ? traffic.randomLines : traffic.lines;
        into[level] = (into[level] ?? 0) + lines;
      }
    }
  }

  #trafficOf(nest: Nest): NestTraffic {
    const known = this.#byNest.get(nest) ?? { lines: [], randomLines: [] };
    this.#byNest.set(nest, known);
    return known;
  }
}

function byBuffer(groups: readonly SiteGroup[]): ReadonlyMap<FlatBuffer, readonly SiteGroup[]> {
  const lists = new Map<FlatBuffer, SiteGroup[]>();
  for (const group of groups) {
    const list = lists.get(group.buffer);
    if (list === undefined) lists.set(group.buffer, [group]);
    else list.push(group);
  }
  return lists;
}

function withLoop(
  loops: ReadonlyMap<LoopId, number>,
  { loop, entries, executions }: Nest,
): ReadonlyMap<LoopId, number> {
  return loop === undefined || entries === 0 ? loops : new Map([...loops, [loop, executions / entries]]);
}

function total(lines: ReadonlyMap<FlatBuffer, number>): number {
  return [...lines.values()].reduce((sum, each) => sum + each, 0);
}

function linesToBytes(lines: ReadonlyMap<FlatBuffer, number>): ReadonlyMap<FlatBuffer, number> {
  return new Map([...lines].map(([buffer, count]) => [buffer, count * lineBytes]));
}
