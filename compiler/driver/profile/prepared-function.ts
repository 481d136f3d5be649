/** A model's path to the plan of one function and arguments to run it on: what `tessera profile` and `tessera tune` begin with. */
import type { ScheduleSource } from '../../../codegen/kernel/compile-kernel.ts';
import type { TargetInfo } from '../../../codegen/kernel/target-info.ts';
import { sizeGuess } from '../../../codegen/kernel/cost/execution-counts.ts';
import type { Plan, PlanValue } from '../../../codegen/plan/plan.ts';
import { storageDType } from '../../../ir/elements.ts';
import type { DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../../ir/evaluator/tensor.ts';
import type { Operation } from '../../../ir/operation.ts';
import { bindInputs, checkNamesGiven, type GivenInput } from '../bind-inputs.ts';
import { prepareVariant } from '../compile-model.ts';
import { planFunction } from '../compile-module.ts';
import type { DimensionChoices } from '../dimensions.ts';
import { findFunction } from '../function-signature.ts';
import { readModel } from '../load-model.ts';
import type { ModelFiles } from '../model-files.ts';
import { defaultsWith, readWeights, type WeightsRequest } from '../weights.ts';
import { seededTensor } from './seeded-tensor.ts';

export interface FunctionRequest {
  readonly path: string;
  readonly files: ModelFiles;
  readonly functionName?: string | undefined;
  readonly dimensions: DimensionChoices;
  readonly settings: ReadonlyMap<string, string>;
  /** Folded into the code, as `compile` does it. */
  readonly weights: Omit<WeightsRequest, 'parameters'>;
  /** By name; all others are made up. */
  readonly inputs: ReadonlyMap<string, GivenInput>;
  readonly seed: bigint;
}

export interface PreparedFunction {
  readonly module: Operation;
  readonly functionName: string;
  readonly defaults: ReadonlyMap<string, () => Tensor>;
}

/** Read, bound and optimised; undefined when something is wrong, which is in the sink. */
export function prepareFunction(request: FunctionRequest): {
  readonly sink: DiagnosticSink;
  readonly prepared: PreparedFunction | undefined;
} {
  const { path, files, functionName, dimensions, settings, inputs, seed } = request;
  const { sink, module, parameters } = readModel(path, files, { functionName, dimensions, settings, inputs });
  const weights = readWeights({ ...request.weights, parameters }, sink);
  if (module === undefined || weights === undefined || sink.hasErrors) return { sink, prepared: undefined };
  try {
    // The sizes of a program are bound when it is read.
    const bound = parameters === undefined ? dimensions : undefined;
    const name = prepareVariant({ module, dimensions: bound, weights }, functionName, sink);
    if (sink.hasErrors) return { sink, prepared: undefined };
    return { sink, prepared: { module, functionName: name, defaults: defaultsWith(new Map(), parameters, seed) } };
  } catch (error) {
    sink.catch(error);
    return { sink, prepared: undefined };
  }
}

/** Throws DiagnosticErrors; undefined when what is given does not fit, which is in the sink. */
export function argumentsOf(
  { module, functionName, defaults }: PreparedFunction,
  plan: Plan,
  { inputs: asked }: FunctionRequest,
  sink: DiagnosticSink,
): readonly Tensor[] | undefined {
  const signature = findFunction(module, functionName);
  const sizes = new Map<string, number>();
  checkNamesGiven(signature, { inputs: [...asked.keys()], outputs: [], sizes }, sink);
  if (sink.hasErrors) return undefined;
  const given = new Map(asked);
  // The sizes of the files first: what is made up fits them.
  if (bindInputs(signature, given, sizes, sink) === undefined) return undefined;
  for (const [index, { name, role }] of signature.inputs.entries()) {
    const value = plan.inputs[index];
    if (given.has(name) || value === undefined) continue;
    const initial = role === 'param' || role === 'state' ? defaults.get(name) : undefined;
    given.set(name, { place: name, read: initial ?? (() => madeUp(value, sizes, index)) });
  }
  const values = bindInputs(signature, given, sizes, sink);
  return values?.filter((value): value is Tensor => value.kind === 'tensor');
}

function madeUp({ dtype, shape }: PlanValue, sizes: ReadonlyMap<string, number>, index: number): Tensor {
  return seededTensor(
    storageDType(dtype),
    shape.map((size) => sizeGuess(size, sizes)),
    index + 1,
  );
}

export function planFor({ module, functionName }: PreparedFunction, target: TargetInfo, tuned?: ScheduleSource): Plan {
  return planFunction(module, functionName, target, { tuned });
}
