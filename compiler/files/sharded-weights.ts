/**
 * Weights in one file or in several: `model.safetensors`, or `model.safetensors.index.json`, which says which file beside it holds which
 * tensor. Format: huggingface.co/docs/safetensors, "weight_map".
 */
import type { ByteSource } from './byte-source.ts';
import { openSafetensors, type StoredTensor, type TensorFile, weightsError } from './safetensors.ts';
import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseStrictJson } from './strict-json.ts';

/** Opens a file by its path. Throws a DiagnosticError (E5013). */
export type OpenBytes = (path: string) => ByteSource;

/** An index is text, and short. */
const maxIndexBytes = 100_000_000;

/** Throws a DiagnosticError (E5101 to E5105) for files that are not usable. Elements are read when they are asked for. */
export function openWeights(path: string, open: OpenBytes): TensorFile {
  return path.endsWith('.json') ? openIndex(path, open) : openSafetensors(open(path), path);
}

function openIndex(path: string, open: OpenBytes): TensorFile {
  const shards = new Map<string, TensorFile>();
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shard] of readIndex(path, open(path))) {
    const file = shards.get(shard) ?? openSafetensors(open(shard), shard);
    shards.set(shard, file);
    const tensor = file.tensors.get(name);
    if (tensor === undefined)
      throw weightsError('E5105', `${path}: '${name}' should be in ${shard}, which does not have it`);
    tensors.set(name, tensor);
  }
  const metadata = new Map([...shards.values()].flatMap((file) => [...file.metadata]));
  return { path, tensors, metadata };
}

/** Tensor -> path of the shard that holds it. */
function readIndex(path: string, source: ByteSource): ReadonlyMap<string, string> {
  const fail = (message: string, hint?: string): Error => weightsError('E5105', `${path}: ${message}`, hint);
  if (source.size > maxIndexBytes) throw fail(`an index of ${source.size} bytes is too long`);
  const map = parseIndex(source, fail).get('weight_map');
  if (!isJsonObject(map))
    throw fail("the index has no 'weight_map'", 'weights in one file are read as NAME.safetensors');
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const shards = new Map<string, string>();
  for (const [name, shard] of map) {
    // A file that came from elsewhere does not get to name files outside its own folder.
    const isPlain = typeof shard === 'string' && /^[^/\\:]+$/.test(shard) && shard !== '.' && shard !== '..';
    if (!isPlain) throw fail(`the shard of '${name}' is not the name of a file beside the index`);
    shards.set(name, `${folder}${shard}`);
  }
  return shards;
}

function parseIndex(source: ByteSource, fail: (message: string) => Error): JsonObject {
  let value: JsonValue;
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(source.read(0, source.size)));
  } catch (error) {
    if (error instanceof JsonError) throw fail(`not JSON: at character ${error.offset}, ${error.message}`);
    if (error instanceof TypeError) throw fail('not UTF-8 text');
    throw error;
  }
  if (!isJsonObject(value)) throw fail('not a JSON object');
  return value;
}
