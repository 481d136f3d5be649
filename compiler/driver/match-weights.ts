/** Weights from a file to the parameters of a model, by name. What does not fit is named, with what was probably meant. */
import type { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { nearest } from '../../ir/text/edit-distance.ts';
import type { StoredTensor, TensorFile } from '../files/safetensors.ts';
import type { ModelParameter } from './model-parameters.ts';

export type ExpectedTensor = Pick<ModelParameter, 'name' | 'dtype' | 'shape'>;

/**
 * One tensor a parameter. Undefined when some are missing (E5111), unknown (E5112), of another shape (E5113) or dtype (E5114): all of them
 * are in the sink, and nothing of the data has been read.
 */
export function matchWeights(
  expected: readonly ExpectedTensor[],
  file: TensorFile,
  sink: DiagnosticSink,
): ReadonlyMap<string, Tensor> | undefined {
  const before = sink.errorCount;
  const known = new Set(expected.map(({ name }) => name));
  const missing = expected.filter(({ name }) => !file.tensors.has(name)).map(({ name }) => name);
  const extra = [...file.tensors.keys()].filter((name) => !known.has(name));
  reportNames(missing, extra, file.path, sink);
  for (const wanted of expected) {
    const stored = file.tensors.get(wanted.name);
    if (stored !== undefined) checkTensor(wanted, stored, file.path, sink);
  }
  return sink.errorCount === before ? readAll(expected, file, sink) : undefined;
}

function readAll(
  expected: readonly ExpectedTensor[],
  file: TensorFile,
  sink: DiagnosticSink,
): ReadonlyMap<string, Tensor> | undefined {
  const tensors = new Map<string, Tensor>();
  try {
    for (const { name } of expected) {
      const stored = file.tensors.get(name);
      if (stored !== undefined) tensors.set(name, stored.read());
    }
    return tensors;
  } catch (error) {
    sink.catch(error);
    return undefined;
  }
}

function reportNames(missing: readonly string[], extra: readonly string[], path: string, sink: DiagnosticSink): void {
  const prefix = commonPrefix(missing, extra);
  const meant = new Set<string>();
  for (const name of missing) {
    // Looking for names that are near takes time, and what the sink does not keep needs none.
    const closest = sink.isFull ? undefined : prefix === undefined ? nearest(name, extra) : `${prefix}${name}`;
    const hint = closest === undefined ? undefined : `did you mean '${closest}', which the file has?`;
    sink.report({ code: 'E5111', message: `${path}: the tensor '${name}' is missing`, hint });
    if (closest !== undefined) meant.add(closest);
  }
  for (const name of extra) {
    // One mistake is reported once: what a missing tensor was taken for is named there.
    if (!meant.has(name)) sink.report({ code: 'E5112', message: `${path}: the model has no parameter '${name}'` });
  }
}

/** What stands before all missing names in the file, when the file was saved from a model around this one: `model.`. */
function commonPrefix(missing: readonly string[], extra: readonly string[]): string | undefined {
  const [first] = missing;
  if (first === undefined) return undefined;
  const names = new Set(extra);
  const candidates = extra.filter((name) => name.endsWith(`.${first}`)).map((name) => name.slice(0, -first.length));
  return candidates.find((prefix) => missing.every((name) => names.has(`${prefix}${name}`)));
}

function checkTensor(wanted: ExpectedTensor, stored: StoredTensor, path: string, sink: DiagnosticSink): void {
  const start = `${path}: the tensor '${wanted.name}' is`;
  if (wanted.shape.join() !== stored.shape.join()) {
    sink.report({
      code: 'E5113',
      message: `${start} [${stored.shape.join(', ')}], but the model's parameter is [${wanted.shape.join(', ')}]`,
      hint: isTransposed(wanted, stored) ? 'the file seems to hold it transposed' : undefined,
    });
  } else if (wanted.dtype !== stored.dtype) {
    sink.report({ code: 'E5114', message: `${start} ${stored.dtype}, but the model's parameter is ${wanted.dtype}` });
  }
}

function isTransposed({ shape }: ExpectedTensor, stored: StoredTensor): boolean {
  return shape.length === 2 && stored.shape.length === 2 && [...shape].reverse().join() === stored.shape.join();
}
