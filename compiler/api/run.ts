/** Running in memory: what `tessera run` does, with arrays in place of files. */
import { readModel } from '../driver/load-model.ts';
import { type NamedResult, runModel } from '../driver/run-model.ts';
import { type RunTarget, runTargets } from '../driver/run-target.ts';
import { defaultsWith, readWeights } from '../driver/weights.ts';
import { arrayInput, type InputArray, type OutputArray, outputArray } from './arrays.ts';
import { type DimensionSize, type ModelOptions, programOptions } from './model-options.ts';
import { filesOf, type ModelSource, weightsRequest } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface RunOptions extends ModelOptions {
  /** `reference` (the evaluator: slow and exact) unless given; `kernel`, `wasm`: compiled first. */
  readonly target?: RunTarget;
  /** Of the initial values of parameters and state that no input gives; 0 unless given. */
  readonly seed?: number | bigint;
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
  options: RunOptions = {},
): Run | Failure {
  const { fn, target = 'reference', dims = {}, seed = 0, print = () => {} } = options;
  if (!runTargets.includes(target)) {
    throw new TypeError(`target: '${target}' is none of ${runTargets.join(', ')}`);
  }
  const given = new Map(Object.entries(inputs).map(([name, input]) => [name, arrayInput(name, input)]));
  const asked = { ...programOptions(options), inputs: given };
  const { sink, module, parameters } = readModel(source.main, filesOf(source), asked);
  const weights = readWeights({ ...weightsRequest(source, options.params), parameters }, sink);
  const request = {
    functionName: fn,
    inputs: given,
    defaults: defaultsWith(weights ?? new Map(), parameters, BigInt(seed)),
    // The sizes of a program are bound when it is read.
    sizes: parameters === undefined ? sizesOf(dims) : new Map<string, number>(),
    outputs: [],
    target,
    evaluation: { host: { print } },
  };
  const results = module && weights && runModel(module, request, sink);
  if (results === undefined || sink.hasErrors) return failureOf(sink);
  return { ok: true, ...reportOf(sink), outputs: outputsOf(results) };
}

function sizesOf(dims: Readonly<Record<string, DimensionSize>>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [name, size] of Object.entries(dims)) {
    if (typeof size !== 'number') throw new TypeError(`dims: a run has one size for '${name}'`);
    sizes.set(name, size);
  }
  return sizes;
}

function outputsOf(results: readonly NamedResult[]): Readonly<Record<string, OutputArray>> {
  const outputs: Record<string, OutputArray> = {};
  for (const { name, value } of results) if (value?.kind === 'tensor') outputs[name] = outputArray(value);
  return outputs;
}
