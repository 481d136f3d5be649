/** `--params FILE`: weights for the parameters of a model, from this machine's files. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import type { ModelParameters } from '../driver/model-parameters.ts';
import { readWeights as readFrom } from '../driver/weights.ts';
import { openBytes } from './read-file.ts';

/** By name; undefined when the file does not fit the model, and why is in the sink. No file gives no weights. */
export function readWeights(
  path: string | undefined,
  parameters: ModelParameters | undefined,
  sink: DiagnosticSink,
): ReadonlyMap<string, Tensor> | undefined {
  return readFrom({ path, parameters, open: openBytes }, sink);
}
