/** A verified module to results: what `tessera run` does, and programs that evaluate a model. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { EvaluationOptions } from '../../ir/evaluator/interpreter.ts';
import type { RuntimeValue } from '../../ir/evaluator/runtime-value.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { Operation } from '../../ir/operation.ts';
import { bindInputs, checkRequest, type DimensionSizes, type GivenInput } from './bind-inputs.ts';
import { findFunction, type FunctionSignature, type NamedType } from './function-signature.ts';
import type { ThreadHost } from './run-wasm.ts';
import { type RunTarget, runOnTarget } from './run-target.ts';
import type { NamedTable } from './tuned-schedules.ts';

export interface RunRequest {
  /** `main`, or the only public one, unless given. */
  readonly functionName?: string | undefined;
  readonly inputs: ReadonlyMap<string, GivenInput>;
  /** Of parameters and state: what they are where they are not given. */
  readonly defaults?: ReadonlyMap<string, () => Tensor> | undefined;
  readonly sizes: DimensionSizes;
  /** Names of outputs that are asked for: a wrong one is an error before anything runs. */
  readonly outputs: readonly string[];
  readonly target: RunTarget;
  readonly evaluation?: EvaluationOptions;
  /** Threads for the target `wasm`. */
  readonly host?: ThreadHost | undefined;
  readonly schedules?: NamedTable | undefined;
}

export interface NamedResult extends NamedType {
  readonly value: RuntimeValue | undefined;
}

/** The outputs, in order; undefined when the function cannot be run like this, or stops: why is in the sink. */
export function runModel(
  module: Operation,
  { functionName, inputs: asked, defaults, sizes, outputs, target, evaluation = {}, host, schedules }: RunRequest,
  sink: DiagnosticSink,
): readonly NamedResult[] | undefined {
  try {
    const signature = findFunction(module, functionName);
    const given = withDefaults(signature, asked, defaults ?? new Map());
    checkRequest(signature, { inputs: [...given.keys()], outputs, sizes }, sink);
    if (sink.hasErrors) return undefined;
    const inputs = bindInputs(signature, given, sizes, sink);
    if (inputs === undefined) return undefined;
    const results = runOnTarget({
      module,
      functionName: signature.name,
      inputs,
      target,
      sink,
      evaluation,
      host,
      schedules,
    });
    return signature.outputs.map((output, index) => ({ ...output, value: results[index] }));
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
}

/** With the initial values of the parameters and the state that are not given. */
export function withDefaults(
  { inputs }: FunctionSignature,
  given: ReadonlyMap<string, GivenInput>,
  defaults: ReadonlyMap<string, () => Tensor>,
): ReadonlyMap<string, GivenInput> {
  const all = new Map(given);
  for (const { name, role } of inputs) {
    const initial = role === 'param' || role === 'state' ? defaults.get(name) : undefined;
    if (initial !== undefined && !all.has(name)) all.set(name, { place: name, read: initial });
  }
  return all;
}
