/** Running in memory: what `tessera run` does, with arrays in place of files. */
import { readModel } from '../driver/load-model.ts';
import { type NamedResult, runModel } from '../driver/run-model.ts';
import { type RunTarget, runTargets } from '../driver/run-target.ts';
import { arrayInput, type InputArray, type OutputArray, outputArray } from './arrays.ts';
import { filesOf, type ModelSource } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface RunOptions {
  /** The function to run: `main`, or the only public one, unless given. */
  readonly fn?: string;
  /** `reference` (the evaluator: slow and exact) unless given; `kernel`, `wasm`: compiled first. */
  readonly target?: RunTarget;
  /** Sizes of named dimensions that no input says. */
  readonly dims?: Readonly<Record<string, number>>;
  /** Takes what the model prints. */
  readonly print?: (line: string) => void;
}

export interface Run extends Report {
  readonly ok: true;
  /** By name: `out0`, `out1`, ... for StableHLO. Values that are no tensors are left out. */
  readonly outputs: Readonly<Record<string, OutputArray>>;
}

/** Runs a function of a model once. To call a model often, compile it and `instantiate()`. */
export function run(
  source: ModelSource,
  inputs: Readonly<Record<string, InputArray>>,
  { fn, target = 'reference', dims = {}, print = () => {} }: RunOptions = {},
): Run | Failure {
  if (!runTargets.includes(target)) {
    throw new TypeError(`target: '${target}' is none of ${runTargets.join(', ')}`);
  }
  const { sink, module } = readModel(source.main, filesOf(source));
  const given = new Map(Object.entries(inputs).map(([name, input]) => [name, arrayInput(name, input)]));
  const request = {
    functionName: fn,
    inputs: given,
    sizes: new Map(Object.entries(dims)),
    outputs: [],
    target,
    evaluation: { host: { print } },
  };
  const results = module && runModel(module, request, sink);
  if (results === undefined || sink.hasErrors) return failureOf(sink);
  return { ok: true, ...reportOf(sink), outputs: outputsOf(results) };
}

function outputsOf(results: readonly NamedResult[]): Readonly<Record<string, OutputArray>> {
  const outputs: Record<string, OutputArray> = {};
  for (const { name, value } of results) if (value?.kind === 'tensor') outputs[name] = outputArray(value);
  return outputs;
}
