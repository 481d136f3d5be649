/** A case on a compiled target: compiled with its constants as arguments, run, and then checked. */
import { kernelCompiler } from '../../codegen/plan/compile-kernel.ts';
import { buildPlan } from '../../codegen/plan/build-plan.ts';
import { interpretPlan } from '../../codegen/plan/interpret-plan.ts';
import { type Plan, planKernels } from '../../codegen/plan/plan.ts';
import { WasmProgram } from '../../compiler/driver/run-wasm.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { wasmTarget } from '../../codegen/kernel/target-info.ts';
import { DiagnosticError, DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { SymbolTable } from '../../ir/symbol-table.ts';
import { parsePassList } from '../../passes/pass-list.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import { pipelinePasses } from '../../passes/pipeline.ts';
import type { CachedVerdict } from './cache.ts';
import { extractComputation } from './extract-computation.ts';

/** `kernel`: the kernels run in the interpreter of loop IR. `wasm`: the plan as WebAssembly, without relaxed SIMD. */
export const compiledTargets = ['kernel', 'wasm'] as const;
export type CompiledTarget = (typeof compiledTargets)[number];

const run: Readonly<Record<CompiledTarget, (plan: Plan, inputs: readonly Tensor[]) => readonly Tensor[]>> = {
  kernel: (plan, inputs) => interpretPlan(plan, inputs).outputs,
  wasm: (plan, inputs) => new WasmProgram(plan).run(inputs),
};

export function isCompiledTarget(target: string): target is CompiledTarget {
  return target in run;
}

/** Runs the function `entry` of the module, which is changed. A check that needed no kernel counts as not run. */
export function runCompiled(module: Operation, entry: string, target: CompiledTarget): CachedVerdict {
  transform(module, 'inline');
  const func = new SymbolTable(module).lookup(entry);
  const computation = func === undefined ? undefined : extractComputation(func);
  if (func === undefined || computation === undefined)
    return { status: 'unsupported', message: 'nothing in it is computed and checked' };
  const sink = new DiagnosticSink();
  runPasses(module, pipelinePasses('compile'), sink);
  const [error] = sink.all.filter(({ severity }) => severity === 'error');
  if (error !== undefined) throw new DiagnosticError(error);
  const plan = buildPlan(func, kernelCompiler(wasmTarget));
  const kernels = planKernels(plan).length;
  if (kernels === 0) return { status: 'unsupported', message: 'no kernel is run: the result is an argument' };
  computation.check(run[target](plan, computation.inputs));
  return { status: 'passed', message: `${kernels} kernels, ${computation.constantBytes} bytes constant` };
}

function transform(module: Operation, passes: string): void {
  const parsed = parsePassList(passes);
  if (parsed.kind === 'passes') runPasses(module, parsed.invocations, new DiagnosticSink());
}
