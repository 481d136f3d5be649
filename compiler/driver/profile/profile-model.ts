/** A profile: every kernel call of a function with its time, what it did in it, what it could have done, and where it comes from. */
import { predictPlan } from '../../../codegen/plan/predict-plan.ts';
import { scaledRates, zen5Rates, type Prediction } from '../../../codegen/kernel/cost-model.ts';
import { relaxedWasmTarget, wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { type LeafStep, leafSteps } from '../../../codegen/plan/plan.ts';
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Location } from '../../../ir/location.ts';
import { symbolValues } from '../../../codegen/plan/interpret-plan.ts';
import { measureSteps, type StepTimings, type TraceEvent } from './measure-steps.ts';
import { type MeasuredPeak, PeakProbe } from './measured-peak.ts';
import { type NamedTable, withSchedules } from '../tuned-schedules.ts';
import { argumentsOf, type FunctionRequest, planFor, type PreparedFunction } from './prepared-function.ts';

export interface ProfileOptions {
  readonly relaxed: boolean;
  readonly rounds: number;
  readonly schedules?: NamedTable | undefined;
}

/** One place in the plan that calls a kernel, or copies. */
export interface ProfileSite {
  /** Number of the step among calls and copies, in the order of the plan. */
  readonly step: number;
  /** In one call of the function. */
  readonly executions: number;
  /** Of all executions. */
  readonly seconds: number;
  /** Of the time of all steps. */
  readonly share: number;
  /** Asked for, not what padding and expanded functions add (docs/cost-model.md). */
  readonly flops: number;
  readonly flopsPerSecond: number;
  readonly ofPeak: number;
  readonly movedBytes: number;
  readonly minimumBytes: number;
  readonly bytesPerSecond: number;
  readonly ofCopy: number;
  readonly predictedSeconds: number;
  readonly boundBy: string;
  /** `model.tess:12`. */
  readonly locations: readonly string[];
}

export interface ProfileKernel {
  readonly name: string;
  readonly seconds: number;
  readonly share: number;
  readonly predictedSeconds: number;
  /** Most time first. */
  readonly sites: readonly ProfileSite[];
}

export interface Profile {
  readonly functionName: string;
  readonly target: string;
  readonly rounds: number;
  /** Of a call, without the instruments; and of all steps, with them taken off. */
  readonly seconds: number;
  readonly stepSeconds: number;
  readonly markSeconds: number;
  readonly predictedSeconds: number;
  readonly peak: MeasuredPeak;
  /** Most time first. */
  readonly kernels: readonly ProfileKernel[];
  /** Of one round. */
  readonly trace: readonly (TraceEvent & { readonly name: string })[];
}

/** Throws DiagnosticErrors; undefined when the arguments do not fit, which is in the sink. */
export function profileFunction(
  prepared: PreparedFunction,
  request: FunctionRequest,
  { relaxed, rounds, schedules }: ProfileOptions,
  sink: DiagnosticSink,
): Profile | undefined {
  const target = relaxed ? relaxedWasmTarget : wasmTarget;
  const plan = withSchedules(schedules, sink, (tuned) => planFor(prepared, target, tuned));
  const inputs = argumentsOf(prepared, plan, request, sink);
  if (inputs === undefined) return undefined;
  const probe = new PeakProbe({ relaxed });
  const timings = measureSteps(plan, inputs, { relaxed, rounds, onRound: () => probe.sample() });
  const peak = probe.measured;
  const rates = scaledRates(zen5Rates, { ...peak, hasFma: relaxed });
  const prediction = predictPlan(plan, target, { rates, symbols: symbolValues(plan, inputs) });
  const predicted = new Map(prediction.steps.map(({ step, prediction: each }) => [step, each] as const));
  const steps = leafSteps(plan.steps);
  const stepSeconds = timings.steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const sites = steps.map((step, index) => siteOf(step, index, timings, predicted.get(step), peak, stepSeconds));
  return {
    functionName: plan.name,
    target: target.name,
    rounds,
    seconds: timings.seconds,
    stepSeconds,
    markSeconds: timings.markSeconds,
    predictedSeconds: rates.entrySeconds + sites.reduce((sum, site) => sum + site.predictedSeconds, 0),
    peak,
    kernels: kernelsOf(steps, sites),
    trace: timings.trace.map((event) => ({ ...event, name: nameOf(steps[event.step]) })),
  };
}

function nameOf(step: LeafStep | undefined): string {
  return step?.kind === 'call' ? step.kernel.name : 'copy';
}

function siteOf(
  step: LeafStep,
  index: number,
  timings: StepTimings,
  prediction: Prediction | undefined,
  { flopsPerSecond: peakFlops, copyBytesPerSecond: copyBytes }: MeasuredPeak,
  total: number,
): ProfileSite {
  const { executions, seconds } = timings.steps[index] ?? { executions: 0, seconds: 0 };
  const work = workOf(step, prediction);
  const [flopsPerSecond, bytesPerSecond] = [work.flops, work.movedBytes].map((count) =>
    seconds === 0 ? 0 : (count * executions) / seconds,
  );
  return {
    step: index,
    executions,
    seconds,
    share: total === 0 ? 0 : seconds / total,
    ...work,
    flopsPerSecond: flopsPerSecond ?? 0,
    ofPeak: (flopsPerSecond ?? 0) / peakFlops,
    bytesPerSecond: bytesPerSecond ?? 0,
    ofCopy: (bytesPerSecond ?? 0) / copyBytes,
    predictedSeconds: (prediction?.seconds ?? 0) * executions,
    boundBy: prediction?.boundBy ?? '',
    locations: placesOf(step.location),
  };
}

/** Of one execution. Ops that write their loops themselves have only the model's word for it. */
function workOf(
  step: LeafStep,
  prediction: Prediction | undefined,
): { readonly flops: number; readonly movedBytes: number; readonly minimumBytes: number } {
  if (step.kind === 'call' && step.traffic !== undefined && Number.isFinite(step.traffic.movedBytes))
    return step.traffic;
  const bytes = prediction?.footprintBytes ?? 0;
  return { flops: prediction?.flops ?? 0, movedBytes: bytes, minimumBytes: bytes };
}

function kernelsOf(steps: readonly LeafStep[], sites: readonly ProfileSite[]): readonly ProfileKernel[] {
  const byKernel = new Map<unknown, ProfileSite[]>();
  for (const [index, step] of steps.entries()) {
    const site = sites[index];
    const key = step.kind === 'call' ? step.kernel : step.kind;
    if (site !== undefined) byKernel.set(key, [...(byKernel.get(key) ?? []), site]);
  }
  const kernels = [...byKernel.values()].map((list): ProfileKernel => {
    const sum = (of: (site: ProfileSite) => number): number => list.reduce((all, site) => all + of(site), 0);
    return {
      name: nameOf(steps[list[0]?.step ?? 0]),
      seconds: sum((site) => site.seconds),
      share: sum((site) => site.share),
      predictedSeconds: sum((site) => site.predictedSeconds),
      sites: list.toSorted((a, b) => b.seconds - a.seconds),
    };
  });
  return kernels.toSorted((a, b) => b.seconds - a.seconds);
}

/** Lines of the sources, each once: of inlined code where it stands, not where it is called. */
function placesOf(location: Location): readonly string[] {
  switch (location.kind) {
    case 'unknown':
      return [];
    case 'file':
    case 'file-range':
      return [`${location.file}:${location.line}`];
    case 'name': {
      const places = placesOf(location.child);
      return places.length === 0 ? [location.name] : places;
    }
    case 'call-site':
      return placesOf(location.callee);
    case 'fused':
      return [...new Set(location.locations.flatMap(placesOf))];
    default:
      return location satisfies never;
  }
}
