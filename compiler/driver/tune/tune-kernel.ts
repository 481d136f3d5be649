/** The best schedule of one kernel: alternatives that the cost model likes are run beside the heuristic's, in turns. */
import { predictLoops } from '../../../codegen/kernel/cost-model.ts';
import type { MachineRates } from '../../../codegen/kernel/cost-model.ts';
import { compileScheduled } from '../../../codegen/kernel/compile-kernel.ts';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import type { TargetInfo } from '../../../codegen/kernel/target-info.ts';
import { type Alternative, alternatives } from '../../../codegen/kernel/tuning/alternatives.ts';
import { type ScheduleData, scheduleData } from '../../../codegen/kernel/tuning/schedule-data.ts';
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { median } from '../profile/statistics.ts';
import { KernelProgram } from './kernel-program.ts';

export interface TunedKernel {
  readonly data: ScheduleData;
  /** Time of the heuristic's schedule over that of this one. */
  readonly gain: number;
}

export interface TuneKernelOptions {
  readonly rates: MachineRates;
  /** When to stop, on the clock of `performance.now()`. */
  readonly deadline: number;
}

/** That are run, beside the heuristic's. */
const mostMeasured = 6;

/** Predicted to take longer than this times the heuristic's, an alternative is not run. */
const worstPredicted = 1.6;

/** Less is noise. */
const leastGain = 1.03;

/** Undefined when nothing is better than the heuristic's. */
export function tuneKernel(
  kernel: StructuredKernel,
  target: TargetInfo,
  options: TuneKernelOptions,
): TunedKernel | undefined {
  let best: TunedKernel | undefined;
  let from = chooseSchedule(kernel, target);
  // Around the best of the first round again: decisions depend on each other.
  for (let round = 0; round < 2 && performance.now() < options.deadline; round += 1) {
    const chosen = promising(kernel, alternatives(kernel, from, target), target, options);
    if (chosen.length === 0) break;
    const found = fastest(kernel, best?.data, chosen, target, options);
    if (found === undefined || found.gain < Math.max(leastGain, best?.gain ?? 1)) break;
    best = { data: found.data, gain: found.gain };
    from = found.schedule;
  }
  return best;
}

/** Those that are predicted to be fastest. */
function promising(
  kernel: StructuredKernel,
  all: readonly Alternative[],
  target: TargetInfo,
  { rates, deadline }: TuneKernelOptions,
): readonly Alternative[] {
  const secondsOf = ({ schedule }: Pick<Alternative, 'schedule'>): number =>
    predictLoops(compileScheduled(kernel, schedule, target).loops, target, { rates }).seconds;
  const most = secondsOf({ schedule: chooseSchedule(kernel, target) }) * worstPredicted;
  const predicted: { readonly each: Alternative; readonly seconds: number }[] = [];
  for (const each of all) {
    if (performance.now() > deadline) break;
    const seconds = secondsOf(each);
    if (seconds <= most) predicted.push({ each, seconds });
  }
  return predicted
    .toSorted((a, b) => a.seconds - b.seconds)
    .slice(0, mostMeasured)
    .map(({ each }) => each);
}

interface Contestant {
  readonly alternative: Alternative;
  readonly program: KernelProgram;
  readonly samples: number[];
}

/** `before`: what was best so far; the heuristic's schedule is there in any case. */
function fastest(
  kernel: StructuredKernel,
  before: ScheduleData | undefined,
  chosen: readonly Alternative[],
  target: TargetInfo,
  { deadline }: TuneKernelOptions,
): (Alternative & { readonly gain: number }) | undefined {
  const own = chooseSchedule(kernel, target);
  const contestant = (alternative: Alternative): Contestant => ({
    alternative,
    program: new KernelProgram(kernel, alternative.schedule, target),
    samples: [],
  });
  const heuristic = contestant({ data: scheduleData(kernel, own) ?? [], schedule: own });
  const others: Contestant[] = [];
  for (const alternative of chosen) {
    if (others.length > 0 && performance.now() > deadline) break;
    if (JSON.stringify(alternative.data) !== JSON.stringify(before)) others.push(contestant(alternative));
  }
  compareResults(kernel, heuristic, others);
  const all = [heuristic, ...others];
  for (const { program } of all) warm(program);
  race(all, firstRounds, deadline);
  const finalists = all.toSorted((a, b) => median(a.samples) - median(b.samples)).slice(0, 2);
  const best = finalists.find((each) => each !== heuristic);
  if (best === undefined) return undefined;
  // The best of many is partly the luckiest: it runs again, against the heuristic's alone.
  const pair = [heuristic, best].map((each) => ({ ...each, samples: [] }));
  race(pair, lastRounds, deadline + 1e3);
  const [theirs = NaN, ours = NaN] = pair.map(({ samples }) => median(samples));
  return { ...best.alternative, gain: theirs / ours };
}

const firstRounds = 5;
const lastRounds = 9;
const warmMilliseconds = 20;
const longestWarmMilliseconds = 250;
const sampleMilliseconds = 2;

/** Engines begin with code made in haste, and compile what runs often again: until calls get no faster. */
function warm(program: KernelProgram): void {
  const start = performance.now();
  let least = Infinity;
  let steady = 0;
  for (let spent = 0; spent < longestWarmMilliseconds && (spent < warmMilliseconds || steady < 3);) {
    const time = sample(program);
    steady = time < least * 0.97 ? 0 : steady + 1;
    least = Math.min(least, time);
    spent = performance.now() - start;
  }
}

function race(all: readonly Contestant[], rounds: number, deadline: number): void {
  for (let round = 0; round < rounds && (round < 3 || performance.now() < deadline); round += 1)
    for (let turn = 0; turn < all.length; turn += 1) {
      const each = all[(turn + round) % all.length];
      each?.samples.push(sample(each.program));
    }
}

/** Milliseconds a call. */
function sample(program: KernelProgram): number {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < sampleMilliseconds) {
    program.call();
    calls += 1;
    elapsed = performance.now() - start;
  }
  return elapsed / calls;
}

/** A schedule changes no result, but for the order of sums that may be regrouped. */
function compareResults(kernel: StructuredKernel, expected: Contestant, others: readonly Contestant[]): void {
  const wanted = resultsOf(expected.program);
  for (const { program, alternative } of others) {
    const got = resultsOf(program);
    const isSame = wanted.every((tensor, index) => areClose(tensor, got[index]));
    if (isSame) continue;
    throw new InvariantError(`${kernel.name}: another result under the schedule ${JSON.stringify(alternative.data)}`);
  }
}

function resultsOf(program: KernelProgram): readonly Tensor[] {
  program.reset();
  program.call();
  const results = program.results();
  program.reset();
  return results;
}

function areClose(expected: Tensor, actual: Tensor | undefined): boolean {
  if (actual === undefined) return false;
  const isFloat = expected.values instanceof Float32Array || expected.values instanceof Float64Array;
  for (let index = 0; index < expected.values.length; index += 1) {
    const [a, b] = [expected.values[index], actual.values[index]];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!isFloat || typeof a !== 'number' || typeof b !== 'number') return false;
    if (Math.abs(a - b) > 1e-3 * Math.max(1, Math.abs(a))) return false;
  }
  return true;
}
