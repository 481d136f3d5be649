/** A table of schedules that are faster here than the heuristic's, for the kernels of one function. */
import { scaledRates, zen5Rates } from '../../../codegen/kernel/cost-model.ts';
import { predictPlan } from '../../../codegen/plan/predict-plan.ts';
import type { LoopKernel } from '../../../codegen/kernel/loop-ir.ts';
import { loopKernelText } from '../../../codegen/kernel/loop-text.ts';
import { compileScheduled } from '../../../codegen/kernel/compile-kernel.ts';
import { chooseSchedule } from '../../../codegen/kernel/heuristics.ts';
import type { StructuredKernel } from '../../../codegen/kernel/structured-kernel.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { scheduleKey, type TableEntry } from '../../../codegen/kernel/tuning/schedule-table.ts';
import { PeakProbe } from '../profile/measured-peak.ts';
import { planFor, type PreparedFunction } from '../profile/prepared-function.ts';
import { tuneKernel } from './tune-kernel.ts';

export interface TuneOptions {
  readonly relaxed: boolean;
  /** Seconds that it may take. */
  readonly seconds: number;
  readonly onProgress: (text: string) => void;
}

export interface TuneResult {
  readonly entries: ReadonlyMap<string, TableEntry>;
  /** Distinct kernels that have a schedule and take a part of the time, and those that there was time for. */
  readonly kernels: number;
  readonly triedKeys: ReadonlySet<string>;
}

interface Candidate {
  readonly key: string;
  readonly kernel: StructuredKernel;
  /** Predicted, of a call of the function. */
  readonly seconds: number;
}

/** Kernels that take less of the whole are left as they are. */
const leastShare = 0.002;

/** Throws DiagnosticErrors. Kernels that take the most time come first. */
export function tuneFunction(prepared: PreparedFunction, { relaxed, seconds, onProgress }: TuneOptions): TuneResult {
  const start = performance.now();
  const deadline = start + seconds * 1e3;
  const target = relaxed ? relaxedWasmTarget : wasmTarget;
  const probe = new PeakProbe({ relaxed });
  for (let sample = 0; sample < 3; sample += 1) probe.sample();
  const rates = scaledRates(zen5Rates, { ...probe.measured, hasFma: relaxed });
  const candidates = candidatesOf(prepared, target);
  const entries = new Map<string, TableEntry>();
  const triedKeys = new Set<string>();
  for (const { key, kernel } of candidates) {
    if (performance.now() > deadline) break;
    triedKeys.add(key);
    const tried = triedKeys.size;
    onProgress(`${tried}/${candidates.length} ${kernel.name}`);
    // A large kernel leaves time for those behind it.
    const left = deadline - performance.now();
    const share = performance.now() + Math.max(left / 3, left / (candidates.length - tried + 1));
    const tuned = tuneKernel(kernel, target, { rates, deadline: Math.min(deadline, share) });
    if (tuned !== undefined) entries.set(key, { kernel: kernel.name, gain: rounded(tuned.gain), stages: tuned.data });
  }
  return { entries, kernels: candidates.length, triedKeys };
}

function rounded(gain: number): number {
  return Math.round(gain * 100) / 100;
}

function candidatesOf(prepared: PreparedFunction, target: TargetInfo): readonly Candidate[] {
  const found = new Map<string, StructuredKernel>();
  const plan = planFor(prepared, target, (kernel) => {
    const key = scheduleKey(kernel, target);
    if (!found.has(key)) found.set(key, kernel);
    return undefined;
  });
  const { steps, seconds: whole } = predictPlan(plan, target);
  const spent = new Map<string, number>();
  for (const { step, prediction, executions } of steps) {
    if (step.kind !== 'call') continue;
    const text = textOf(step.kernel);
    spent.set(text, (spent.get(text) ?? 0) + prediction.seconds * executions);
  }
  const candidates = [...found].map(([key, kernel]): Candidate => {
    const { loops } = compileScheduled(kernel, chooseSchedule(kernel, target), target);
    return { key, kernel, seconds: spent.get(textOf(loops)) ?? 0 };
  });
  return candidates.filter(({ seconds }) => seconds >= whole * leastShare).toSorted((a, b) => b.seconds - a.seconds);
}

function textOf(kernel: LoopKernel): string {
  return loopKernelText({ ...kernel, name: '' });
}
