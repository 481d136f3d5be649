/**
 * safetensors files: named tensors behind a JSON header. Format: github.com/huggingface/safetensors, "Format".
 *
 *     8 bytes    N, little-endian
 *     N bytes    {"NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [BEGIN, END]}, ..., "__metadata__": {...}}
 *     the rest   the tensors, row-major and little-endian; offsets count from here, without gaps or overlaps
 *
 * A header is not believed: sizes, offsets and names are checked before anything is read, and only tensors that are asked for are.
 */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo, storageBytes } from '../../ir/dtype.ts';
import { allocateElements, elementsBytes } from '../../ir/elements.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import type { WeightsCode } from '../diagnostics/catalog-weights.ts';
import type { ByteSource } from './byte-source.ts';
import { checkElementRange } from './element-range.ts';
import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseStrictJson } from './strict-json.ts';

/** A tensor that a file holds. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Reads its elements. Throws a DiagnosticError (E5005, E5013). */
  readonly read: () => Tensor;
}

export interface TensorFile {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** `__metadata__`: what whoever wrote the file had to say. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The format's names of dtypes. Its 4 and 6 bit floats are packed, which we do not read. */
const dtypesByName: ReadonlyMap<string, DType> = new Map([
  ['BOOL', 'i1'], ['I8', 'i8'], ['I16', 'i16'], ['I32', 'i32'], ['I64', 'i64'],
  ['U8', 'ui8'], ['U16', 'ui16'], ['U32', 'ui32'], ['U64', 'ui64'],
  ['F8_E4M3', 'f8E4M3FN'], ['F8_E5M2', 'f8E5M2'], ['F8_E8M0', 'f8E8M0FNU'],
  ['F16', 'f16'], ['BF16', 'bf16'], ['F32', 'f32'], ['F64', 'f64'], ['C64', 'complex<f32>'],
]); // prettier-ignore

const namesByDType: ReadonlyMap<DType, string> = new Map([...dtypesByName].map(([name, dtype]) => [dtype, name]));

/** Longer headers are refused, as the format's own library does. */
const maxHeaderBytes = 100_000_000;
const prefixBytes = 8;
const metadataName = '__metadata__';

export function weightsError(code: WeightsCode, message: string, hint?: string): DiagnosticError {
  return new DiagnosticError({ code, message, hint });
}

/** Reads the header. Throws a DiagnosticError (E5101 to E5104) that names the file when it is not a usable one. */
export function openSafetensors(source: ByteSource, path: string): TensorFile {
  const { header, dataStart } = readHeader(source, path);
  const placed: PlacedTensor[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of header) {
    if (name === metadataName) metadata = readMetadata(entry, path);
    else placed.push(readEntry(name, entry, path));
  }
  checkPlaces(placed, source.size - dataStart, path);
  const stored = placed.map((tensor): readonly [string, StoredTensor] => [
    tensor.name,
    {
      name: tensor.name,
      dtype: tensor.dtype,
      shape: tensor.shape,
      read: () => readTensor(tensor, source, dataStart, path),
    },
  ]);
  return { path, tensors: new Map(stored), metadata };
}

interface PlacedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(source: ByteSource, path: string): { readonly header: JsonObject; readonly dataStart: number } {
  const fail = (message: string): DiagnosticError => weightsError('E5101', `${path}: ${message}`);
  if (source.size < prefixBytes)
    throw fail(`not a safetensors file: it has ${source.size} bytes, fewer than its length field`);
  const prefix = source.read(0, prefixBytes);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, prefixBytes).getBigUint64(0, true));
  if (length > maxHeaderBytes) {
    throw fail(
      `not a safetensors file: its first 8 bytes promise a header of ${length} bytes; ${maxHeaderBytes} are allowed`,
    );
  }
  if (prefixBytes + length > source.size) {
    throw fail(`the file ends inside its header: ${length} bytes are promised, ${source.size - prefixBytes} are there`);
  }
  const header = parseHeader(source.read(prefixBytes, prefixBytes + length), path);
  return { header, dataStart: prefixBytes + length };
}

function parseHeader(bytes: Uint8Array, path: string): JsonObject {
  if (bytes[0] !== 0x7b) throw weightsError('E5101', `${path}: the header does not start with '{'`);
  let value: JsonValue;
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof JsonError) throw jsonProblem(error, path);
    // What TextDecoder throws.
    if (error instanceof TypeError) throw weightsError('E5101', `${path}: the header is not UTF-8 text`);
    throw error;
  }
  if (!isJsonObject(value)) throw weightsError('E5101', `${path}: the header is not a JSON object`);
  return value;
}

function jsonProblem({ message, offset, duplicate }: JsonError, path: string): DiagnosticError {
  return duplicate === undefined
    ? weightsError('E5101', `${path}: the header is not JSON: at character ${offset}, ${message}`)
    : weightsError('E5103', `${path}: the header gives '${duplicate}' twice`);
}

function readMetadata(value: JsonValue, path: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  if (!isJsonObject(value)) throw weightsError('E5101', `${path}: ${metadataName} is not an object`);
  for (const [name, text] of value) {
    if (typeof text !== 'string') throw weightsError('E5101', `${path}: ${metadataName}: '${name}' is not a string`);
    entries.set(name, text);
  }
  return entries;
}

function readEntry(name: string, entry: JsonValue, path: string): PlacedTensor {
  const fail = (code: WeightsCode, message: string): DiagnosticError =>
    weightsError(code, `${path}: tensor '${name}': ${message}`);
  if (!isJsonObject(entry)) throw fail('E5101', 'its entry is not an object');
  const kind = entry.get('dtype');
  const dtype = typeof kind === 'string' ? dtypesByName.get(kind) : undefined;
  if (typeof kind !== 'string') throw fail('E5101', "its entry has no 'dtype'");
  if (dtype === undefined)
    throw fail('E5104', `the dtype '${kind}' is not one of ${[...dtypesByName.keys()].join(', ')}`);
  const shape = sizesOf(entry.get('shape'));
  if (shape === undefined) throw fail('E5101', "its 'shape' is not a list of sizes");
  const [begin, end, ...more] = sizesOf(entry.get('data_offsets')) ?? [];
  if (begin === undefined || end === undefined || more.length > 0) {
    throw fail('E5101', "its 'data_offsets' are not two offsets");
  }
  const bytes = shapeSize(shape) * storageBytes(dtype);
  if (begin > end || end - begin !== bytes) {
    throw fail('E5102', `${kind} [${shape.join(', ')}] takes ${bytes} bytes, but it has those from ${begin} to ${end}`);
  }
  return { name, dtype, shape, begin, end };
}

function sizesOf(value: JsonValue | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const sizes = value.filter((size): size is number => Number.isSafeInteger(size) && size >= 0);
  return sizes.length === value.length ? sizes : undefined;
}

/** Every byte of the data belongs to one tensor: overlaps would let two share memory, gaps hide something. */
function checkPlaces(tensors: readonly PlacedTensor[], dataBytes: number, path: string): void {
  const ordered = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  let before = '';
  for (const { name, begin, end } of ordered) {
    if (begin < at) throw weightsError('E5102', `${path}: tensors '${before}' and '${name}' overlap at byte ${begin}`);
    if (begin > at)
      throw weightsError('E5102', `${path}: no tensor has the bytes from ${at} to ${begin}, before '${name}'`);
    at = end;
    before = name;
  }
  if (at > dataBytes) {
    throw weightsError(
      'E5102',
      `${path}: tensor '${before}' ends at byte ${at} of the data, of which there are ${dataBytes}`,
    );
  }
  if (at < dataBytes)
    throw weightsError('E5102', `${path}: ${dataBytes - at} bytes after the last tensor belong to none`);
}

function readTensor(
  { name, dtype, shape, begin, end }: PlacedTensor,
  source: ByteSource,
  dataStart: number,
  path: string,
): Tensor {
  const values = allocateElements(dtype, shapeSize(shape));
  elementsBytes(values).set(source.read(dataStart + begin, dataStart + end));
  checkElementRange(values, dtype, `${path}: tensor '${name}'`);
  return new Tensor(dtype, shape, values);
}

/** The file in pieces, one after another, sharing memory with the tensors. The same tensors give the same bytes. Throws a DiagnosticError (E5104). */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): readonly Uint8Array[] {
  const ordered = [...tensors].sort(inFileOrder);
  const entries: (readonly [string, unknown])[] = [];
  if (metadata.size > 0) entries.push([metadataName, Object.fromEntries(metadata)]);
  let at = 0;
  for (const [name, { dtype, shape, values }] of ordered) {
    const end = at + values.byteLength;
    entries.push([name, { dtype: fileDType(name, dtype), shape, data_offsets: [at, end] }]);
    at = end;
  }
  // Not an object: names such as `0` would come first there, and `__proto__` be lost.
  const text = `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`;
  return [headerBytes(text), ...ordered.map(([, { values }]) => elementsBytes(values))];
}

/** Widest elements first, so that every tensor is aligned; then by name. */
function inFileOrder(
  [a, { dtype: left }]: readonly [string, Tensor],
  [b, { dtype: right }]: readonly [string, Tensor],
): number {
  return dtypeInfo(right).bits - dtypeInfo(left).bits || (a < b ? -1 : 1);
}

function fileDType(name: string, dtype: DType): string {
  const found = namesByDType.get(dtype);
  if (found !== undefined) return found;
  throw weightsError('E5104', `tensor '${name}': a safetensors file cannot hold ${dtype}`);
}

/** Length and header, padded with blanks so that the data starts at a multiple of 8. */
function headerBytes(text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(prefixBytes + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, prefixBytes);
  return bytes;
}
