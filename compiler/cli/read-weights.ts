/** `--params FILE`: weights for the parameters of a model, checked against them by name. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { filesError } from '../driver/function-signature.ts';
import { matchWeights } from '../driver/match-weights.ts';
import type { ModelParameters } from '../driver/model-parameters.ts';
import { openWeights } from '../files/sharded-weights.ts';
import { openBytes } from './read-file.ts';

/** By name; undefined when the file does not fit the model, and why is in the sink. No file gives no weights. */
export function readWeights(
  path: string | undefined,
  parameters: ModelParameters | undefined,
  sink: DiagnosticSink,
): ReadonlyMap<string, Tensor> | undefined {
  if (path === undefined || sink.hasErrors) return new Map();
  try {
    if (parameters === undefined) {
      throw filesError('E5008', '--params is for programs of the language', {
        hint: 'the weights of a .mlir file are its constants, or inputs given with --in',
      });
    }
    return matchWeights(parameters, openWeights(path, openBytes), sink);
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
}
