/** A model's path among files to artifacts: what `tessera compile` and the embedding API do. */
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import { type CompiledModel, type CompileRequest, compileVariants, type ModelVariant } from './compile-model.ts';
import { type DimensionChoices, variantsOf } from './dimensions.ts';
import { readModel } from './load-model.ts';
import type { ModelFiles } from './model-files.ts';
import { readWeights, type WeightsRequest } from './weights.ts';

export interface FilesRequest extends Omit<CompileRequest, 'weights'> {
  readonly path: string;
  readonly files: ModelFiles;
  readonly settings: ReadonlyMap<string, string>;
  /** Weights of a program's model. */
  readonly weights: Omit<WeightsRequest, 'parameters'>;
}

export interface CompiledFiles {
  readonly sink: DiagnosticSink;
  /** Undefined when something is wrong; what, is in the sink. */
  readonly compiled: CompiledModel | undefined;
}

/** The model is read once for each variant of its sizes: a list of sizes gives one for each. */
export function compileFiles(request: FilesRequest): CompiledFiles {
  const models = variantsOf(request.dimensions ?? new Map()).map((dimensions) => readVariant(request, dimensions));
  const [{ sink } = { sink: new DiagnosticSink() }] = models.filter((model) => model.sink.hasErrors).concat(models);
  const variants = models.flatMap(({ variant }) => (variant === undefined ? [] : [variant]));
  const isRead = variants.length === models.length && !sink.hasErrors;
  return { sink, compiled: isRead ? compileVariants(variants, request, sink) : undefined };
}

interface ReadVariant {
  readonly sink: DiagnosticSink;
  /** Undefined when something is wrong with the model. */
  readonly variant: ModelVariant | undefined;
}

function readVariant(request: FilesRequest, dimensions: DimensionChoices): ReadVariant {
  const { path, files, functionName, settings, onProgress } = request;
  onProgress?.(`reading ${path}`);
  const { sink, module, parameters } = readModel(path, files, { functionName, dimensions, settings });
  const weights = readWeights({ ...request.weights, parameters }, sink);
  if (module === undefined || weights === undefined) return { sink, variant: undefined };
  // The sizes of a program are bound when it is read.
  return { sink, variant: { module, weights, ...(parameters === undefined ? { dimensions } : {}) } };
}
