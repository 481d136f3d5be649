/** A verified module to the plan of one of its functions: passes, then kernels, then memory. The module is changed. */
import { buildPlan } from '../../codegen/plan/build-plan.ts';
import type { ScheduleSource } from '../../codegen/kernel/compile-kernel.ts';
import { kernelCompiler } from '../../codegen/plan/compile-kernel.ts';
import type { Plan } from '../../codegen/plan/plan.ts';
import type { TargetInfo } from '../../codegen/kernel/target-info.ts';
import { DiagnosticError, type DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { type PassManagerOptions, runPasses } from '../../passes/pass-manager.ts';
import { pipelinePasses } from '../../passes/pipeline.ts';
import { winograd } from '../../passes/winograd.ts';
import { chainFusions } from '../../codegen/plan/chain-fusions.ts';
import { findFunction } from './function-signature.ts';

export interface OptimiseOptions extends PassManagerOptions {
  /** Convolutions stay the sums that they are (docs/numerics.md). */
  readonly directSums?: boolean | undefined;
}

/** The passes every target runs; what a pass reports is in the sink, and an error of the user's ends it with a DiagnosticError. */
export function optimise(module: Operation, sink: DiagnosticSink, options: OptimiseOptions = {}): void {
  const isWanted = options.directSums === true ? (name: string) => name !== winograd.name : () => true;
  runPasses(
    module,
    pipelinePasses('compile').filter(({ pass }) => isWanted(pass.name)),
    sink,
    options,
  );
  const [error] = sink.all.filter(({ severity }) => severity === 'error');
  if (error !== undefined) throw new DiagnosticError(error);
}

export interface PlanOptions {
  /** Which kernels have another schedule than the heuristic's. */
  readonly tuned?: ScheduleSource | undefined;
  /** Told what was chained, or why not. */
  readonly sink?: DiagnosticSink | undefined;
}

/** The plan of `@name` of an optimised module for a target. Throws DiagnosticErrors, mostly unsupported ones that name op and place. */
export function planFunction(
  module: Operation,
  name: string,
  target: TargetInfo,
  { tuned, sink }: PlanOptions = {},
): Plan {
  const remark = ({ span, location }: Operation, message: string): void =>
    sink?.report({
      code: 'R3000',
      severity: 'remark',
      message: `chains of ${target.name}: ${message}`,
      span,
      location,
    });
  return buildPlan(chainFusions(findFunction(module, name).func, target, { remark }), kernelCompiler(target, tuned));
}
