/** Runs a function of a module on a target. */
import { wasmTarget, withThreads } from '../../codegen/kernel/target-info.ts';
import { interpretPlan } from '../../codegen/plan/interpret-plan.ts';
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction, type EvaluationOptions } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { optimise, planFunction } from './compile-module.ts';
import { bindDimensions, sizesOfInputs } from './dimensions.ts';
import { findFunction } from './function-signature.ts';
import { type ThreadHost, WasmProgram } from './run-wasm.ts';
import { type NamedTable, withSchedules } from './tuned-schedules.ts';

/** `kernel`: compiled, its kernels run by the interpreter of loop IR. `wasm`: compiled to WebAssembly, which this process runs. */
export const runTargets = ['reference', 'kernel', 'wasm'] as const;
export type RunTarget = (typeof runTargets)[number];

export interface TargetRun {
  readonly module: Operation;
  readonly functionName: string;
  readonly inputs: readonly RuntimeValue[];
  readonly target: RunTarget;
  /** What passes report. */
  readonly sink?: DiagnosticSink;
  readonly evaluation?: EvaluationOptions;
  /** For `wasm`. */
  readonly host?: ThreadHost | undefined;
  readonly schedules?: NamedTable | undefined;
}

/** The module is changed, unless the target is `reference`: sizes without a bound become those of the inputs, and it is optimised. Throws DiagnosticErrors. */
export function runOnTarget({
  module,
  functionName,
  inputs,
  target,
  sink = new DiagnosticSink(),
  evaluation,
  host,
  schedules,
}: TargetRun): readonly RuntimeValue[] {
  if (target === 'reference') return evaluateFunction(module, functionName, inputs, evaluation);
  bindDimensions(module, functionName, sizesOfInputs(findFunction(module, functionName), inputs));
  optimise(module, sink);
  const tensors = inputs.filter((input): input is Tensor => input.kind === 'tensor');
  const machine = host === undefined ? wasmTarget : withThreads(wasmTarget);
  const plan = withSchedules(schedules, sink, (tuned) => planFunction(module, functionName, machine, { tuned, sink }));
  return target === 'wasm'
    ? new WasmProgram(plan, undefined, { host }).run(tensors)
    : interpretPlan(plan, tensors).outputs;
}
