/** A case on a compiled target: compiled with its constants as arguments, run, and then checked. */
import { kernelCompiler } from '../../codegen/plan/compile-kernel.ts';
import { chainFusions } from '../../codegen/plan/chain-fusions.ts';
import { buildPlan } from '../../codegen/plan/build-plan.ts';
import { interpretPlan } from '../../codegen/plan/interpret-plan.ts';
import type { Plan, PlanStep } from '../../codegen/plan/plan.ts';
import { WasmProgram } from '../../compiler/driver/run-wasm.ts';
import { Tensor } from '../../ir/evaluator/tensor.ts';
import { tensorOfConstant } from '../../ir/evaluator/constant-value.ts';
import { relaxedWasmTarget, type TargetInfo, wasmTarget } from '../../codegen/kernel/target-info.ts';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { parsePassList } from '../../passes/pass-list.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelinePasses } from '../../passes/pipeline.ts';
import type { CachedVerdict } from './cache.ts';
import { type ExtractionOptions, extractComputation } from './extract-computation.ts';
import type { TargetWork } from './verdict.ts';

/** `kernel`: the kernels run in the interpreter of loop IR. `wasm`: the plan as WebAssembly, `wasm-relaxed` with relaxed SIMD. */
export const compiledTargets = ['kernel', 'wasm', 'wasm-relaxed'] as const;
export type CompiledTarget = (typeof compiledTargets)[number];

interface Way {
  readonly info: TargetInfo;
  readonly run: (plan: Plan, inputs: readonly Tensor[]) => readonly Tensor[];
}

const ways: Readonly<Record<CompiledTarget, Way>> = {
  kernel: { info: wasmTarget, run: (plan, inputs) => interpretPlan(plan, inputs).outputs },
  wasm: { info: wasmTarget, run: (plan, inputs) => new WasmProgram(plan).run(inputs) },
  'wasm-relaxed': {
    info: relaxedWasmTarget,
    run: (plan, inputs) => new WasmProgram(plan, { relaxed: true }).run(inputs),
  },
};

export function isCompiledTarget(target: string): target is CompiledTarget {
  return target in ways;
}

export interface CompiledCase extends ExtractionOptions {
  readonly entry: string;
  readonly target: CompiledTarget;
  /** Looks at what the function returns; what is wrong with it, or undefined. */
  readonly checkReturned: (results: readonly Tensor[]) => string | undefined;
}

/**
 * Runs the function `entry` of the module, which is changed. A result that was computed while compiling counts as not run: every result that
 * is looked at must have been written by a kernel or a copy of the plan, and none from a constant that the case does not have.
 */
export function runCompiled(module: Operation, testCase: CompiledCase): CachedVerdict {
  transform(module, 'inline');
  const func = new SymbolTable(module).lookup(testCase.entry);
  const computation = func === undefined ? undefined : extractComputation(func, testCase);
  if (func === undefined || computation === undefined)
    return { status: 'unsupported', message: 'nothing in it is computed and checked' };
  const sink = new DiagnosticSink();
  runPasses(module, pipelinePasses('compile'), sink);
  const [error] = sink.all.filter(({ severity }) => severity === 'error');
  if (error !== undefined) throw new DiagnosticError(error);
  const { info, run } = ways[testCase.target];
  const plan = buildPlan(chainFusions(func, info), kernelCompiler(info));
  const work: TargetWork = {
    ...countSteps(plan.steps),
    foldedBytes: foldedBytes(func, computation.ownConstants),
    constantBytes: computation.constantBytes,
  };
  if (work.foldedBytes > 0)
    return { status: 'unsupported', message: `${work.foldedBytes} bytes of its results are folded`, work };
  requireWritten(plan);
  const results = run(plan, computation.inputs);
  computation.check(results);
  const problem = testCase.checkReturned(computation.returned.flatMap((index) => results[index] ?? []));
  return problem === undefined ? { status: 'passed', message: '', work } : { status: 'failed', message: problem, work };
}

function transform(module: Operation, passes: string): void {
  const parsed = parsePassList(passes);
  if (parsed.kind === 'passes') runPasses(module, parsed.invocations, new DiagnosticSink());
}

/** Bytes of results that are constants of the compiled module, but were none in the case. */
function foldedBytes(func: Operation, ownConstants: ReadonlySet<number>): number {
  const outputs = func.region().block.terminator?.operands ?? [];
  return outputs.reduce((bytes, value, index) => bytes + (ownConstants.has(index) ? 0 : bytesOfConstant(value)), 0);
}

const views: ReadonlySet<string> = new Set(['stablehlo.reshape', 'stablehlo.optimization_barrier']);

/** 0 for what is no constant. */
function bytesOfConstant({ definingOp, index }: Value): number {
  if (definingOp === undefined) return 0;
  if (views.has(definingOp.name)) return bytesOfConstant(definingOp.operand(index));
  const value = definingOp.definition.traits.has('constant-like') ? definingOp.attribute('value') : undefined;
  if (value?.kind !== 'dense' && value?.kind !== 'dense-resource') return 0;
  const tensor = tensorOfConstant(value);
  return tensor instanceof Tensor ? tensor.values.byteLength : 0;
}

/** Kernel calls and copies of the plan; in loops and branches each once. */
function countSteps(steps: readonly PlanStep[]): Pick<TargetWork, 'kernels' | 'copies'> {
  let [kernels, copies] = [0, 0];
  for (const step of allSteps(steps)) {
    if (step.kind === 'call') kernels++;
    if (step.kind === 'copy') copies++;
  }
  return { kernels, copies };
}

function allSteps(steps: readonly PlanStep[]): readonly PlanStep[] {
  return steps.flatMap((step) => {
    if (step.kind === 'while') return [step, ...allSteps(step.before), ...allSteps(step.body)];
    return step.kind === 'case' ? [step, ...step.branches.flatMap(allSteps)] : [step];
  });
}

/** No result may be what memory happens to hold. */
function requireWritten(plan: Plan): void {
  const written = new Set<number>();
  for (const step of allSteps(plan.steps)) {
    const buffers =
      step.kind === 'copy'
        ? [step.to]
        : step.kind === 'call'
          ? step.buffers.filter((_, index) => step.kernel.buffers[index]?.access !== 'read')
          : [];
    for (const { place } of buffers) if (place.kind === 'output') written.add(place.index);
  }
  const missing = plan.outputs.findIndex((_, index) => !written.has(index));
  if (missing >= 0) throw new Error(`no step of the plan writes result ${missing}`);
}
