/**
 * Predicts the time of a compiled function: its kernel calls, each with its buffers in the caches where the calls before it have left them, its
 * copies, and the way in and out. The function is called again and again; a loop's body is met twice, the second time for all its other turns.
 */
import { storageBytes } from '../../ir/dtype.ts';
import { levelOf, type MachineRates, predictLoops, type Prediction, zen5Rates } from '../kernel/cost-model.ts';
import { sizeGuess } from '../kernel/cost/execution-counts.ts';
import type { FlatBuffer } from '../kernel/loop-ir.ts';
import type { TargetInfo } from '../kernel/target-info.ts';
import type { Plan, PlanBuffer, PlanStep } from './plan.ts';

export interface PlanPredictOptions {
  readonly rates?: MachineRates;
  readonly symbols?: ReadonlyMap<string, number>;
}

type Call = Extract<PlanStep, { readonly kind: 'call' }>;

export interface StepPrediction {
  readonly step: PlanStep;
  /** Of one execution. */
  readonly prediction: Prediction;
  /** Executions in a call of the function. */
  readonly executions: number;
}

export interface PlanPrediction {
  /** Of a call of the function, on one thread, arguments and results in place. */
  readonly seconds: number;
  /** What it takes to copy arguments in and results out, where they are not in place. */
  readonly borderSeconds: number;
  readonly flops: number;
  readonly bytes: number;
  /** Kernel calls and copies, in the order of the plan. */
  readonly steps: readonly StepPrediction[];
}

export function predictPlan(plan: Plan, target: TargetInfo, options: PlanPredictOptions = {}): PlanPrediction {
  return new Predictor(plan, target, options).predict();
}

/** Turns of a loop whose condition nobody could read. */
const guessedTurns = 8;

/** A part of memory that was in use, and when: the number of bytes that anything had touched before. */
interface Touched {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

class Predictor {
  readonly #plan: Plan;
  readonly #target: TargetInfo;
  readonly #rates: MachineRates;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #touched = new Map<string, readonly Touched[]>();
  #bytesTouched = 0;
  #steps = new Map<PlanStep, { seconds: number; executions: number; prediction: Prediction }>();

  constructor(plan: Plan, target: TargetInfo, { rates = zen5Rates, symbols = new Map() }: PlanPredictOptions) {
    this.#plan = plan;
    this.#target = target;
    this.#rates = rates;
    this.#symbols = symbols;
  }

  predict(): PlanPrediction {
    const { inputs, outputs, steps } = this.#plan;
    // Once to see what the function leaves in the caches, then as it will be.
    this.#run(steps, 1);
    this.#steps = new Map();
    this.#run(steps, 1);
    const predicted = [...this.#steps].map(([step, { seconds, executions, prediction }]): StepPrediction => {
      return { step, executions, prediction: { ...prediction, seconds: executions === 0 ? 0 : seconds / executions } };
    });
    const sum = (of: (each: StepPrediction) => number): number => predicted.reduce((all, each) => all + of(each), 0);
    const border = [...inputs, ...outputs].reduce((all, { dtype, shape }) => {
      const elements = shape.reduce<number>((count, size) => count * sizeGuess(size, this.#symbols), 1);
      return all + elements * storageBytes(dtype);
    }, 0);
    return {
      seconds: this.#rates.entrySeconds + sum(({ prediction, executions }) => prediction.seconds * executions),
      borderSeconds: (2 * border) / this.#rates.copyBytesPerSecond,
      flops: sum(({ prediction, executions }) => prediction.flops * executions),
      bytes: sum(({ prediction, executions }) => prediction.bytes * executions),
      steps: predicted,
    };
  }

  #run(steps: readonly PlanStep[], executions: number): void {
    for (const step of steps) this.#step(step, executions);
  }

  #step(step: PlanStep, executions: number): void {
    switch (step.kind) {
      case 'call':
        return this.#note(step, this.#call(step), executions);
      case 'copy':
        return this.#note(step, this.#copy(step), executions);
      case 'while': {
        const turns = step.turns ?? guessedTurns;
        const once = (): void => {
          this.#run(step.before, 0);
          this.#run(step.body, 0);
        };
        if (turns > 1) once();
        this.#run(step.before, executions * (turns + 1));
        return this.#run(step.body, executions * turns);
      }
      case 'case':
        step.branches.forEach((branch, index) =>
          this.#run(branch, executions * (step.shares?.[index] ?? 1 / step.branches.length)),
        );
        return undefined;
      default:
        return step satisfies never;
    }
  }

  #note(step: PlanStep, prediction: Prediction, executions: number): void {
    const known = this.#steps.get(step) ?? { seconds: 0, executions: 0, prediction };
    known.seconds += executions * prediction.seconds;
    known.executions += executions;
    this.#steps.set(step, { ...known, prediction });
  }

  #call({ kernel, buffers }: Call): Prediction {
    const places = new Map<FlatBuffer, PlanBuffer>();
    kernel.buffers.forEach((buffer, index) => {
      const place = buffers[index];
      if (place !== undefined) places.set(buffer, place);
    });
    const residence = (buffer: FlatBuffer, kernelBytes: number): number => {
      const place = places.get(buffer);
      return place === undefined ? levelOf(kernelBytes, this.#rates.caches) : this.#levelOf(place);
    };
    const prediction = predictLoops(kernel, this.#target, {
      rates: this.#rates,
      symbols: this.#symbols,
      residence,
    });
    for (const [buffer, place] of places) this.#touch(place, prediction.footprints.get(buffer) ?? 0);
    return prediction;
  }

  #copy(step: Extract<PlanStep, { readonly kind: 'copy' }>): Prediction {
    const bytes = 2 * sizeGuess(step.from.size, this.#symbols) * storageBytes(step.from.dtype);
    const { caches, cyclesPerSecond, callSeconds, copyBytesPerSecond } = this.#rates;
    const level = Math.max(this.#levelOf(step.from), this.#levelOf(step.to));
    const perLine = caches.slice(0, level).reduce((sum, { cyclesPerLine }) => sum + cyclesPerLine, 2);
    const inside = ((bytes / 64) * perLine) / cyclesPerSecond;
    const seconds = callSeconds * 4 + (level >= caches.length ? bytes / copyBytesPerSecond : inside);
    this.#touch(step.from, bytes / 2);
    this.#touch(step.to, bytes / 2);
    return { seconds, flops: 0, bytes, boundBy: 'memory', tiles: 1, footprintBytes: bytes, footprints: new Map() };
  }

  #range({ place, byteOffset, dtype, size }: PlanBuffer): {
    readonly key: string;
    readonly from: number;
    readonly to: number;
  } {
    const isArea = place.kind === 'arena' || place.kind === 'constant';
    const from = (isArea ? place.offset : 0) + sizeGuess(byteOffset, this.#symbols);
    const to = from + sizeGuess(size, this.#symbols) * storageBytes(dtype);
    return { key: isArea ? place.kind : `${place.kind} ${place.index}`, from, to };
  }

  /** What has been touched since is what may have driven it out. */
  #levelOf(buffer: PlanBuffer): number {
    const { key, from, to } = this.#range(buffer);
    const since = (this.#touched.get(key) ?? []).filter((each) => each.from < to && each.to > from);
    if (since.length === 0) return this.#rates.caches.length;
    const oldest = Math.min(...since.map(({ at }) => at));
    return levelOf(this.#bytesTouched - oldest, this.#rates.caches);
  }

  #touch(buffer: PlanBuffer, bytes: number): void {
    const { key, from, to } = this.#range(buffer);
    const at = this.#bytesTouched;
    const others = (this.#touched.get(key) ?? []).flatMap((each) => [
      ...(each.from < from ? [{ ...each, to: Math.min(each.to, from) }] : []),
      ...(each.to > to ? [{ ...each, from: Math.max(each.from, to) }] : []),
    ]);
    const kept = others.filter((each) => each.to > each.from);
    this.#touched.set(key, [...kept, { from, to, at }]);
    this.#bytesTouched += Math.min(bytes, to - from);
  }
}
