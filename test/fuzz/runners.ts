/** The ways to run a compiled program that must agree. */
import { chooseSchedule } from '../../codegen/kernel/heuristics.ts';
import type { ScheduleSource } from '../../codegen/kernel/compile-kernel.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget, withThreads } from '../../codegen/kernel/target-info.ts';
import { alternatives } from '../../codegen/kernel/tuning/alternatives.ts';
import { buildPlan } from '../../codegen/plan/build-plan.ts';
import { chainFusions } from '../../codegen/plan/chain-fusions.ts';
import type { ChainOptions } from '../../codegen/plan/chain-judge.ts';
import { kernelCompiler } from '../../codegen/plan/compile-kernel.ts';
import { interpretPlan } from '../../codegen/plan/interpret-plan.ts';
import type { Plan } from '../../codegen/plan/plan.ts';
import { hasRelaxedSimd } from '../../compiler/driver/profile/measured-peak.ts';
import { type ThreadHost, WasmProgram } from '../../compiler/driver/run-wasm.ts';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelinePasses } from '../../passes/pipeline.ts';
import { mainOf, readModule } from './read-program.ts';

export interface Runner {
  readonly name: string;
  readonly run: (inputs: readonly Tensor[]) => readonly Tensor[];
  readonly stop?: () => void;
  /** Sums are taken in another order than the others', or rounded less often. */
  readonly hasOwnBits?: true;
}

/** Tiles of next to nothing, all of them shared, and caches that hold nothing: what may be a chain is one. */
const tiny: TargetInfo = { ...withThreads(wasmTarget), tileNanoseconds: 20, caches: { l1: 256, l2: 512 } };
/** Reductions are taken in parts wherever they may be. */
const manyParts: TargetInfo = { ...wasmTarget, chunkElements: 64 };
const allChains: ChainOptions = { secondsPerByte: 1 };

interface CompileOptions {
  readonly chains?: ChainOptions;
  readonly schedules?: ScheduleSource;
}

export function compileProgram(text: string, target: TargetInfo, options: CompileOptions = {}): Plan {
  const module = readModule(text);
  const sink = new DiagnosticSink();
  runPasses(module, pipelinePasses('compile'), sink);
  const [error] = sink.all.filter(({ severity }) => severity === 'error');
  if (error !== undefined) throw new DiagnosticError(error);
  return buildPlan(chainFusions(mainOf(module), target, options.chains), kernelCompiler(target, options.schedules));
}

/** One of the schedules that `tune` might try. */
function otherSchedules(seed: number): ScheduleSource {
  let kernels = seed;
  return (kernel, target) => {
    const found = alternatives(kernel, chooseSchedule(kernel, target), target);
    kernels += 7919;
    return found[kernels % Math.max(1, found.length)]?.schedule;
  };
}

function threadsRunner(plan: Plan, host: ThreadHost): Runner {
  const program = new WasmProgram(plan, { relaxed: false, threads: { leastNanoseconds: 0 } }, { host });
  return { name: 'wasm, threads', run: (inputs) => program.run(inputs), stop: () => program.stop() };
}

interface RunOptions {
  /** Chooses the schedules of the program's kernels. */
  readonly seed: number;
  /** Adds a run on its threads. */
  readonly host: ThreadHost | undefined;
}

/** The first is the interpreter on the plan. Every fourth program has other schedules, every fourth small caches as well: both take time. */
export function runnersOf(text: string, plan: Plan, { seed, host }: RunOptions): readonly Runner[] {
  const interpreted = (name: string, other: Plan): Runner => ({
    name,
    run: (inputs) => interpretPlan(other, inputs).outputs,
  });
  const baseline = new WasmProgram(plan);
  const runners = [interpreted('kernel', plan), { name: 'wasm', run: (inputs) => baseline.run(inputs) } as Runner];
  if (seed % 4 === 0) {
    const other = compileProgram(text, manyParts, { schedules: otherSchedules(seed) });
    runners.push({ ...interpreted('kernel, other schedules', other), hasOwnBits: true });
  }
  if (seed % 4 === 2 || host !== undefined) {
    const small = compileProgram(text, tiny, { chains: allChains });
    runners.push(interpreted('kernel, small caches', small));
    if (host !== undefined) runners.push(threadsRunner(small, host));
  }
  if (!hasRelaxedSimd()) return runners;
  const relaxed = new WasmProgram(compileProgram(text, relaxedWasmTarget), { relaxed: true });
  return [...runners, { name: 'wasm, relaxed', run: (inputs) => relaxed.run(inputs), hasOwnBits: true }];
}
