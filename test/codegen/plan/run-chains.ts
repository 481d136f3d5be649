/** Functions planned with and without chains. */
import { chainFusions } from '../../../codegen/plan/chain-fusions.ts';
import type { ChainOptions } from '../../../codegen/plan/chain-judge.ts';
import { buildPlan } from '../../../codegen/plan/build-plan.ts';
import { kernelCompiler } from '../../../codegen/plan/compile-kernel.ts';
import type { Plan } from '../../../codegen/plan/plan.ts';
import { evaluateSize } from '../../../codegen/kernel/size.ts';
import { type TargetInfo, wasmTarget } from '../../../codegen/kernel/target-info.ts';
import { optimise } from '../../../compiler/driver/compile-module.ts';
import { findFunction } from '../../../compiler/driver/function-signature.ts';
import { loadModule } from '../../../compiler/driver/load-module.ts';
import { seededTensor } from '../../../compiler/driver/profile/seeded-tensor.ts';
import { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import { SourceFile } from '../../../ir/source.ts';

/** So small that a few rows of scores fill it. */
export const target: TargetInfo = { ...wasmTarget, caches: { l1: 1 << 10, l2: 4 << 10 } };

export interface Plans {
  readonly apart: Plan;
  readonly chained: Plan;
  readonly remarks: readonly string[];
}

/** All that may be chained is, unless `options` say that time decides. */
export function plansOf(text: string, of: TargetInfo = target, options: ChainOptions = { secondsPerByte: 1 }): Plans {
  const module = loaded(text);
  optimise(module, new DiagnosticSink());
  const { func } = findFunction(module, 'main');
  const remarks: string[] = [];
  const chained = chainFusions(func, of, { ...options, remark: (_, message) => remarks.push(message) });
  const source = kernelCompiler(of);
  return { apart: buildPlan(func, source), chained: buildPlan(chained, source), remarks };
}

export function loaded(text: string): NonNullable<ReturnType<typeof loadModule>> {
  const sink = new DiagnosticSink();
  const module = loadModule(new SourceFile('attention.mlir', text), sink);
  if (module === undefined) throw new Error(sink.all.map(({ message }) => message).join('\n'));
  return module;
}

export function inputsOf({ inputs }: Plan, n = 0): readonly Tensor[] {
  return inputs.map(({ dtype, shape }, index) =>
    seededTensor(
      dtype,
      shape.map((size) => evaluateSize(size, new Map([['n', n]])) ?? 0),
      index + 1,
    ),
  );
}

export function valuesOf(outputs: readonly Tensor[]): readonly unknown[] {
  return outputs.map(({ values }) => [...values]);
}
