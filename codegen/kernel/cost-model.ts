/**
 * Predicts the time of a kernel: instructions of its loops as often as they run, against the lines that come into each cache while they do.
 * One walk over legalised loop IR covers every schedule and every opaque kernel. docs/cost-model.md has the terms, the rates and where it is wrong.
 */
import { legalise } from './legalise.ts';
import type { FlatBuffer, LoopKernel } from './loop-ir.ts';
import { lower } from './lower.ts';
import { InstructionCosts, throughputCycles } from './cost/instruction-cost.ts';
import { type Nest, nestTree } from './cost/loop-nest.ts';
import { type MachineRates, peakFlopsPerCycle, scaledRates, zen5Rates } from './cost/machine-rates.ts';
import { memoryTraffic, type Residence } from './cost/memory-traffic.ts';
import type { Schedule } from './schedule.ts';
import type { StructuredKernel } from './structured-kernel.ts';
import { lineBytes, type TargetInfo } from './target-info.ts';

export { type MachineRates, peakFlopsPerCycle, scaledRates, zen5Rates };

export interface PredictOptions {
  readonly rates?: MachineRates;
  /** Values of late sizes; their bounds otherwise. */
  readonly symbols?: ReadonlyMap<string, number>;
  /**
   * The cache where a buffer is when the kernel begins: 0 for the innermost, the number of caches for memory. Without it the kernel runs again and
   * again, and finds what the caches can hold.
   */
  readonly residence?: Residence;
}

export interface Prediction {
  /** Of one call, all tiles on one thread. */
  readonly seconds: number;
  /** Floating-point operations that run, those of expanded functions included. */
  readonly flops: number;
  /** From and to memory or the outermost cache that has to be asked. */
  readonly bytes: number;
  /** What takes the most time: a kind of instruction, waiting for results, a cache that lines come from, memory, or loops and calls. */
  readonly boundBy: string;
  readonly tiles: number;
  /** Bytes that the kernel touches, each once. */
  readonly footprintBytes: number;
  readonly footprints: ReadonlyMap<FlatBuffer, number>;
}

/** Of a schedule for a kernel that nobody has lowered yet. */
export function predictKernel(
  kernel: StructuredKernel,
  schedule: Schedule,
  target: TargetInfo,
  options: PredictOptions = {},
): Prediction {
  return predictLoops(legalise(lower(kernel, schedule, target), target), target, options);
}

/** Of legalised loop IR. */
export function predictLoops(
  kernel: LoopKernel,
  target: TargetInfo,
  { rates = zen5Rates, symbols = new Map(), residence = warmResidence(rates) }: PredictOptions = {},
): Prediction {
  const costs = new InstructionCosts(target, rates);
  const tree = nestTree(kernel, symbols, costs);
  const traffic = memoryTraffic(tree, rates, residence);
  const spent = new Map<string, number>();
  let flops = 0;
  const visit = (nest: Nest): void => {
    const { by, cycles } = nestCycles(nest, traffic.byNest.get(nest), rates);
    spent.set(by, (spent.get(by) ?? 0) + cycles);
    if (nest.loop !== undefined) spent.set('loops', (spent.get('loops') ?? 0) + nest.entries * rates.loopCycles);
    flops += nest.work.flops * nest.executions;
    nest.children.forEach(visit);
  };
  visit(tree.root);
  const cycles = [...spent.values()].reduce((sum, each) => sum + each, 0);
  const outer = outermostLines([...traffic.byNest.values()], rates);
  const [[boundBy] = ['loops']] = [...spent].sort((a, b) => b[1] - a[1]);
  const { footprintBytes, footprints } = traffic;
  const seconds = cycles / rates.cyclesPerSecond + rates.callSeconds;
  return { seconds, flops, bytes: outer * lineBytes, boundBy, tiles: tree.tiles, footprintBytes, footprints };
}

function nestCycles(
  { work, executions, recurrence }: Nest,
  traffic: { readonly lines: readonly number[]; readonly randomLines: readonly number[] } | undefined,
  rates: MachineRates,
): { readonly cycles: number; readonly by: string } {
  const { cycles, by } = throughputCycles(work, rates);
  const compute = Math.max(cycles, recurrence) * executions;
  let memory = 0;
  let worst = { cycles: 0, by: 'memory' };
  for (const [level, { cyclesPerLine, cyclesPerRandomLine }] of rates.caches.entries()) {
    const lines = (traffic?.lines[level] ?? 0) * cyclesPerLine;
    const cost = lines + (traffic?.randomLines[level] ?? 0) * cyclesPerRandomLine;
    memory += cost;
    if (cost > worst.cycles) worst = { cycles: cost, by: rates.caches[level + 1]?.name ?? 'memory' };
  }
  if (memory > compute) return { cycles: memory, by: worst.by };
  return { cycles: compute, by: recurrence > cycles ? 'latency' : by };
}

/** Lines into the outermost cache that any come into. */
function outermostLines(
  nests: readonly { readonly lines: readonly number[]; readonly randomLines: readonly number[] }[],
  { caches }: MachineRates,
): number {
  for (let level = caches.length - 1; level >= 0; level -= 1) {
    const lines = nests.reduce((sum, each) => sum + (each.lines[level] ?? 0) + (each.randomLines[level] ?? 0), 0);
    if (lines > 0) return lines;
  }
  return 0;
}

/** Called again and again: everything is in the innermost cache that holds all of it. */
function warmResidence({ caches }: MachineRates): Residence {
  return (_, bytes) => levelOf(bytes, caches);
}

/** The innermost cache that holds so many bytes; their number for memory. */
export function levelOf(bytes: number, caches: MachineRates['caches']): number {
  const level = caches.findIndex((cache) => bytes <= cache.bytes);
  return level < 0 ? caches.length : level;
}

/**
 * Whether a call of these tiles is worth dividing among threads: what is saved is more than waking them costs, and again as much, for predictions
 * are not exact.
 */
export function isWorthForking(
  { seconds, tiles }: Pick<Prediction, 'seconds' | 'tiles'>,
  threads: number,
  rates: MachineRates = zen5Rates,
): boolean {
  const workers = Math.min(threads, tiles);
  return workers > 1 && seconds * (1 - 1 / workers) > 2 * rates.forkSeconds;
}
