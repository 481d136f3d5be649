/** Times every step of a plan: an instrumented build calls back after each, and the time of a call back is taken off. */
import { leafSteps, type Plan } from '../../../codegen/plan/plan.ts';
import { symbolValues } from '../../../codegen/plan/interpret-plan.ts';
import type { WasmOptions } from '../../../codegen/wasm/emit.ts';
import { markModule, markName } from '../../../codegen/wasm/print-plan.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { WasmProgram } from '../run-wasm.ts';
import { median } from './statistics.ts';

export interface StepTiming {
  /** Of a call of the function; more than one in a loop. */
  readonly executions: number;
  /** Seconds of all executions of a call, the median over rounds. */
  readonly seconds: number;
}

export interface TraceEvent {
  readonly step: number;
  /** Seconds since the round began. */
  readonly start: number;
  readonly end: number;
}

export interface StepTimings {
  /** By the number of the leaf step. */
  readonly steps: readonly StepTiming[];
  /** Of one call of the function as it is compiled, without the instruments. */
  readonly seconds: number;
  /** Of one call back, which is taken off each execution. */
  readonly markSeconds: number;
  readonly rounds: number;
  /** Of the last round, call backs and all. */
  readonly trace: readonly TraceEvent[];
}

export interface MeasureOptions extends WasmOptions {
  readonly rounds: number;
  /** Called after each round. */
  readonly onRound?: (() => void) | undefined;
}

/** Engines compile again what runs often: as long as this, calls are not counted. */
const warmSeconds = 0.2;
const leastWarmRounds = 3;

/** Events of a round that are kept. */
const mostEvents = 20_000;

export function measureSteps(plan: Plan, inputs: readonly Tensor[], options: MeasureOptions): StepTimings {
  return new StepMeter(plan, inputs, options).measure();
}

class StepMeter {
  readonly #inputs: readonly Tensor[];
  readonly #options: MeasureOptions;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #marked: WasmProgram;
  readonly #plain: WasmProgram;
  readonly #isDonated: boolean;
  readonly #executions: Float64Array;
  readonly #spent: Float64Array;
  #events: TraceEvent[] = [];
  #begin = 0;
  #last = 0;
  #markSeconds = 0;

  constructor(plan: Plan, inputs: readonly Tensor[], options: MeasureOptions) {
    this.#inputs = inputs;
    this.#options = options;
    this.#symbols = symbolValues(plan, inputs);
    const { relaxed } = options;
    const mark = (step: number): void => this.#mark(step);
    this.#marked = new WasmProgram(
      plan,
      { relaxed, isMarked: true },
      { imports: { [markModule]: { [markName]: mark } } },
    );
    this.#plain = new WasmProgram(plan, { relaxed });
    this.#isDonated = plan.donations.length > 0;
    const count = leafSteps(plan.steps).length;
    this.#executions = new Float64Array(count);
    this.#spent = new Float64Array(count);
    for (const program of [this.#marked, this.#plain]) program.write(inputs);
  }

  measure(): StepTimings {
    const { rounds, onRound } = this.#options;
    this.#warm();
    const spent: number[][] = Array.from({ length: this.#spent.length }, () => []);
    const marks: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      this.#round();
      this.#spent.forEach((seconds, step) => spent[step]?.push(seconds));
      marks.push(this.#markSeconds);
      whole.push(this.#wholeCall());
      onRound?.();
    }
    const markSeconds = median(marks);
    const steps = spent.map((samples, step): StepTiming => {
      const executions = this.#executions[step] ?? 0;
      return { executions, seconds: Math.max(0, median(samples) - executions * markSeconds) };
    });
    return { steps, seconds: median(whole), markSeconds, rounds, trace: this.#events };
  }

  #warm(): void {
    const start = performance.now();
    for (let round = 0; round < leastWarmRounds || performance.now() - start < warmSeconds * 1e3; round += 1) {
      this.#round();
      this.#wholeCall();
    }
  }

  #round(): void {
    // What a call updates in place begins each time as it was given.
    if (this.#isDonated) this.#marked.write(this.#inputs);
    this.#executions.fill(0);
    this.#spent.fill(0);
    this.#events = [];
    this.#begin = performance.now();
    this.#last = this.#begin;
    this.#marked.call(this.#symbols);
  }

  #wholeCall(): number {
    if (this.#isDonated) this.#plain.write(this.#inputs);
    const start = performance.now();
    this.#plain.call(this.#symbols);
    return (performance.now() - start) / 1e3;
  }

  #mark(step: number): void {
    const now = performance.now();
    const seconds = (now - this.#last) / 1e3;
    if (step === -2) this.#markSeconds = seconds;
    if (step >= 0) {
      this.#executions[step] = (this.#executions[step] ?? 0) + 1;
      this.#spent[step] = (this.#spent[step] ?? 0) + seconds;
      if (this.#events.length < mostEvents)
        this.#events.push({ step, start: (this.#last - this.#begin) / 1e3, end: (now - this.#begin) / 1e3 });
    }
    // What this function does after it has looked at the clock is part of the next step, as in every call back.
    this.#last = now;
  }
}
