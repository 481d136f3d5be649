/** The parameters of a program's model: what `tessera params` lists, with what they start from. */
import { readParameters } from '../driver/load-model.ts';
import type { ModelParameter } from '../driver/model-parameters.ts';
import { type OutputArray, outputArray } from './arrays.ts';
import { type ModelOptions, settingsOf } from './model-options.ts';
import { filesOf, type ModelSource } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface Parameter {
  /** The path of fields, which is its name in safetensors: `blocks.0.qkv.weight`. */
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** `state` is written by the model's own functions, `param` by a training step at most. */
  readonly role: 'param' | 'state';
  /** Its value before any training, from a seed and its name. */
  readonly initial: (seed?: number | bigint) => OutputArray;
}

export interface ParameterList extends Report {
  readonly ok: true;
  /** In the order of their declaration; none for StableHLO. */
  readonly parameters: readonly Parameter[];
}

/** No function is looked at, so no size has to be known. */
export function parameters(source: ModelSource, options: Pick<ModelOptions, 'settings'> = {}): ParameterList | Failure {
  const { sink, module, parameters: list } = readParameters(source.main, filesOf(source), settingsOf(options));
  if (module === undefined || sink.hasErrors) return failureOf(sink);
  return { ok: true, ...reportOf(sink), parameters: (list ?? []).map(parameterOf) };
}

function parameterOf({ name, dtype, shape, role, initial }: ModelParameter): Parameter {
  return { name, dtype, shape, role, initial: (seed = 0) => outputArray(initial(BigInt(seed))) };
}
