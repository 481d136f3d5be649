/**
 * What a machine does in a cycle, and what its caches hold: the data of the cost model (docs/cost-model.md says how each was measured). They
 * are those of a machine, not of a target: another machine scales them by its own multiply-add peak and copy bandwidth.
 */

import { lineBytes } from '../target-info.ts';

/** Where an instruction waits for room: pipes of floating-point products, of sums, of bits and shuffles; scalar units; memory ports; the divider. */
export const resources = ['multiply', 'add', 'logic', 'scalar', 'load', 'store', 'divide'] as const;

export type Resource = (typeof resources)[number];

export interface CacheLevel {
  readonly name: string;
  /** Of it, what one kernel finds again, bytes. */
  readonly bytes: number;
  /** Bytes between addresses that share a set: the size over the ways. */
  readonly wayBytes: number;
  /** Cycles that a line takes from the level below it (the one that is larger) when lines follow each other; beside those of the levels above. */
  readonly cyclesPerLine: number;
  /** The same where nothing says which line comes next: several misses are open at a time. */
  readonly cyclesPerRandomLine: number;
}

export interface MachineRates {
  readonly measuredOn: string;
  readonly cyclesPerSecond: number;
  /** Instructions of a kind in a cycle; of `divide`, cycles of the divider. */
  readonly perCycle: Readonly<Record<Resource, number>>;
  /** Instructions of any kind in a cycle, and those on vectors and floats. */
  readonly issue: number;
  readonly vectorIssue: number;
  /** Cycles from operands to result. */
  readonly latency: Readonly<Record<Resource, number>>;
  /** Innermost first; beyond the last is memory. */
  readonly caches: readonly CacheLevel[];
  /** Entering and leaving a loop, cycles: its branch is mispredicted once, but for few iterations. */
  readonly loopCycles: number;
  /** A call of a kernel from the plan, and of the function from its caller, seconds. */
  readonly callSeconds: number;
  readonly entrySeconds: number;
  /** Copying memory, bytes read and written a second: what callers' arrays cost. */
  readonly copyBytesPerSecond: number;
  /** Waking a thread that spins and waiting for it, seconds. */
  readonly forkSeconds: number;
}

/** Zen 5 (EPYC of 2 cores, 128-bit code of V8 12.4 in Node 24). */
export const zen5Rates: MachineRates = Object.freeze({
  measuredOn: 'AMD EPYC (Zen 5), 2 cores, Node 24',
  cyclesPerSecond: 4.15e9,
  perCycle: { multiply: 2, add: 2, logic: 3, scalar: 4, load: 2, store: 1, divide: 1 },
  issue: 5,
  vectorIssue: 3.5,
  latency: { multiply: 4, add: 2, logic: 1, scalar: 1, load: 5, store: 2, divide: 11 },
  caches: [
    { name: 'L1', bytes: 44 << 10, wayBytes: 4 << 10, cyclesPerLine: 1.2, cyclesPerRandomLine: 1.5 },
    { name: 'L2', bytes: 900 << 10, wayBytes: 64 << 10, cyclesPerLine: 2, cyclesPerRandomLine: 3 },
    { name: 'L3', bytes: 24 << 20, wayBytes: 2 << 20, cyclesPerLine: 3.8, cyclesPerRandomLine: 40 },
  ],
  loopCycles: 8,
  callSeconds: 5e-9,
  entrySeconds: 2e-7,
  copyBytesPerSecond: 38e9,
  forkSeconds: 5e-6,
});

export interface MeasuredRates {
  readonly flopsPerSecond?: number;
  /** Whether these were multiply-adds (the default), or each a product and a sum. */
  readonly hasFma?: boolean;
  readonly copyBytesPerSecond?: number;
}

/** From memory, however fast a copy is. */
const leastLineCycles = 0.5;

/** The rates of a machine whose peak was measured: flops of multiply-adds in registers, and copied bytes (read and written), a second. */
export function scaledRates(rates: MachineRates, measured: MeasuredRates): MachineRates {
  const copyBytesPerSecond = measured.copyBytesPerSecond ?? rates.copyBytesPerSecond;
  const flops = measured.flopsPerSecond;
  const cyclesPerSecond =
    flops === undefined ? rates.cyclesPerSecond : flops / peakFlopsPerCycle(rates, measured.hasFma ?? true);
  const inner = rates.caches.slice(0, -1).reduce((sum, level) => sum + level.cyclesPerLine, 0);
  const perLine = (lineBytes * cyclesPerSecond) / copyBytesPerSecond;
  const caches = rates.caches.map((level, index) =>
    index < rates.caches.length - 1 ? level : { ...level, cyclesPerLine: Math.max(leastLineCycles, perLine - inner) },
  );
  return { ...rates, cyclesPerSecond, copyBytesPerSecond, caches };
}

/** On vectors of four: multiply-adds, or products and sums. */
export function peakFlopsPerCycle({ perCycle, vectorIssue }: MachineRates, hasFma: boolean): number {
  return hasFma ? 8 * perCycle.multiply : 4 * Math.min(perCycle.multiply + perCycle.add, vectorIssue);
}
