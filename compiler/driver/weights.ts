/** Weights from safetensors files for the parameters of a model, checked against them by name. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { type OpenBytes, openWeights } from '../files/sharded-weights.ts';
import { filesError } from './function-signature.ts';
import { matchWeights } from './match-weights.ts';
import { defaultsOf, type ModelParameters } from './model-parameters.ts';

export interface WeightsRequest {
  /** A file, or the index of several; no file gives no weights, unless there is a seed. */
  readonly path: string | undefined;
  /** What weights are drawn by where there is no file. */
  readonly seed?: bigint | undefined;
  /** Undefined for a model that is no program of the language. */
  readonly parameters: ModelParameters | undefined;
  readonly open: OpenBytes;
}

/** By name; undefined when the file does not fit the model, and why is in the sink. */
export function readWeights(
  { path, seed, parameters, open }: WeightsRequest,
  sink: DiagnosticSink,
): ReadonlyMap<string, Tensor> | undefined {
  if ((path ?? seed) === undefined || sink.hasErrors) return new Map();
  try {
    if (parameters === undefined) {
      throw filesError('E5008', `--${path === undefined ? 'seed' : 'params'} is for programs of the language`, {
        hint: 'the weights of a .mlir file are its constants, or inputs given with --in',
      });
    }
    if (path === undefined) return new Map(parameters.map(({ name, initial }) => [name, initial(seed ?? 0n)]));
    return matchWeights(parameters, openWeights(path, open), sink);
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
}

/** What a run takes for parameters that no input gives: their weights, else what they start from. */
export function defaultsWith(
  weights: ReadonlyMap<string, Tensor>,
  parameters: ModelParameters | undefined,
  seed: bigint,
): ReadonlyMap<string, () => Tensor> {
  const fixed = [...weights].map(([name, tensor]) => [name, () => tensor] as const);
  return new Map([...defaultsOf(parameters ?? [], seed), ...fixed]);
}
