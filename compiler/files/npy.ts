/**
 * NumPy's .npy files to tensors and back. Format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html; versions 1, 2
 * and 3, either byte order, C or Fortran order. bf16 and the f8 formats have no NumPy dtype of their own: they are stored as
 * the ml_dtypes package does, as raw `V2` and `V1` elements, and take their meaning from the type that is expected. That package
 * saves f8E5M2 as `f1`, and its integers of 2 and 4 bits as `V1` with the bits above them clear; both are read.
 */
import { DiagnosticError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo, isFloatDType, isIntegerDType, storageBytes } from '../../ir/dtype.ts';
import { allocateElements, type ElementsArray, elementsBytes } from '../../ir/elements.ts';
import { shapeSize, Tensor } from '../../ir/evaluator/tensor.ts';
import { checkElementRange } from './element-range.ts';

/** An .npy file, decoded but for the meaning of its elements. */
export interface NpyFile {
  /** Without the byte order: `f4`, `b1`, `V2`. */
  readonly kind: string;
  readonly shape: readonly number[];
  /** Row-major elements in this machine's little-endian order. */
  readonly bytes: Uint8Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy's name of each dtype, without byte order. */
export function npyKind(dtype: DType): string {
  const { kind, bits } = dtypeInfo(dtype);
  const size = storageBytes(dtype);
  switch (kind) {
    case 'boolean':
      return 'b1';
    case 'integer':
      return `i${size}`;
    case 'unsigned':
      return `u${size}`;
    case 'complex':
      return `c${size}`;
    case 'float':
      return dtype === 'bf16' || bits <= 8 ? `V${size}` : `f${size}`;
    default:
      return kind satisfies never;
  }
}

/** Reads a file's bytes. Throws a DiagnosticError (E5001 to E5003) that names the file when they are not a usable .npy. */
export function decodeNpy(file: Uint8Array, name: string): NpyFile {
  const fail = (code: 'E5001' | 'E5002' | 'E5003', message: string): DiagnosticError =>
    new DiagnosticError({ code, message: `${name}: ${message}` });
  if (magic.some((byte, index) => file[index] !== byte)) {
    throw fail('E5001', 'not an .npy file: it does not start with the bytes \\x93NUMPY');
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const version = file[6] ?? 0;
  const prefix = version === 1 ? 10 : 12;
  if (version < 1 || version > 3) throw fail('E5002', `format version ${version} is not known; 1, 2 and 3 are`);
  if (file.length < prefix) throw fail('E5002', 'the file ends inside its header');
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (file.length < prefix + headerLength) throw fail('E5002', 'the file ends inside its header');
  const header = parseHeader(new TextDecoder().decode(file.subarray(prefix, prefix + headerLength)));
  if (typeof header === 'string') throw fail('E5002', header);
  const size = Number(header.kind.slice(1));
  const count = shapeSize(header.shape);
  const available = file.length - prefix - headerLength;
  if (!Number.isSafeInteger(count * size) || available < count * size) {
    throw fail(
      'E5003',
      `the header promises ${count} elements of ${size} bytes, the file has ${available} bytes of data`,
    );
  }
  const bytes = file.slice(prefix + headerLength, prefix + headerLength + count * size);
  if (header.isBigEndian) swapBytes(bytes, header.kind.startsWith('c') ? size / 2 : size);
  return {
    kind: header.kind,
    shape: header.shape,
    bytes: header.isFortran ? toRowMajor(bytes, header.shape, size) : bytes,
  };
}

interface Header {
  readonly kind: string;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
}

/** The Python dictionary in the header, or what is wrong with it. */
function parseHeader(text: string): Header | string {
  const descr = /['"]descr['"]\s*:\s*['"]([<>|=]?)([^'"]*)['"]/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (descr === null) {
    return /['"]descr['"]\s*:\s*\[/.test(text)
      ? 'records (structured dtypes) are not supported'
      : "the header has no usable 'descr'";
  }
  if (order === null || shape === null) return "the header lacks 'fortran_order' or 'shape'";
  const dims = (shape[1] ?? '').split(',').map((part) => part.replace('L', '').trim());
  const sizes = dims.filter((part) => part !== '').map(Number);
  if (sizes.some((size) => !Number.isSafeInteger(size))) return 'a dimension is not a usable number';
  const kind = descr[2] ?? '';
  if (!/^(b1|[iu][1248]|f[248]|c8|c16|f1|V[12])$/.test(kind)) return `the dtype '${kind}' is not supported`;
  return { kind, isBigEndian: descr[1] === '>', isFortran: order[1] === 'True', shape: sizes };
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

function toRowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const index = shape.map(() => 0);
  const strides: number[] = [];
  let stride = size;
  for (const dim of shape) {
    strides.push(stride);
    stride *= dim;
  }
  let from = 0;
  for (let to = 0; to < bytes.length; to += size) {
    result.set(bytes.subarray(from, from + size), to);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const at = (index[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if (at < (shape[axis] ?? 0)) {
        index[axis] = at;
        break;
      }
      from -= at * (strides[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return result;
}

/** The file as a tensor of `dtype`. Throws a DiagnosticError (E5004, E5005) when its elements are of another kind or out of range. */
export function npyToTensor(file: NpyFile, dtype: DType, name: string): Tensor {
  if (!isReadable(file.kind, dtype)) {
    const isRaw = file.kind.startsWith('V');
    throw new DiagnosticError({
      code: 'E5004',
      message: `${name}: the elements are '${file.kind}', but ${dtype} ('${npyKind(dtype)}') is wanted`,
      hint: isRaw ? undefined : `convert the array before saving it: x.astype(${numpyName(dtype)})`,
    });
  }
  const values = allocateElements(dtype, shapeSize(file.shape));
  elementsBytes(values).set(file.bytes);
  if (file.kind === 'V1' && isIntegerDType(dtype)) extendSign(values, dtype);
  checkElementRange(values, dtype, name);
  return new Tensor(dtype, file.shape, values);
}

function isReadable(kind: string, dtype: DType): boolean {
  if (kind === npyKind(dtype)) return true;
  const { bits } = dtypeInfo(dtype);
  return kind === 'f1' ? isFloatDType(dtype) && bits === 8 : kind === 'V1' && isIntegerDType(dtype) && bits < 8;
}

/** From the low bits of a byte to the number they stand for. */
function extendSign(values: ElementsArray, dtype: DType): void {
  const { bits, kind } = dtypeInfo(dtype);
  const unused = 32 - bits;
  for (const [index, value] of values.entries()) {
    const raised = Number(value) << unused;
    values[index] = kind === 'unsigned' ? raised >>> unused : raised >> unused;
  }
}

function numpyName(dtype: DType): string {
  const { kind, bits } = dtypeInfo(dtype);
  if (dtype === 'bf16') return 'ml_dtypes.bfloat16';
  if (kind === 'boolean') return 'bool';
  if (kind === 'complex') return `'complex${storageBytes(dtype) * 8}'`;
  if (isIntegerDType(dtype)) return `'${kind === 'unsigned' ? 'u' : ''}int${Math.max(8, bits)}'`;
  return bits >= 16 ? `'float${bits}'` : `ml_dtypes.${dtype.replace(/^f(\d)E/, 'float$1_e').toLowerCase()}`;
}

/** A version 1.0 file, little-endian, row-major, the data on a 64-byte boundary. */
export function encodeNpy(tensor: Tensor): Uint8Array {
  const kind = npyKind(tensor.dtype);
  const order = kind.endsWith('1') && kind !== 'f1' ? '|' : kind.startsWith('V') ? '|' : '<';
  const dims = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(', ');
  const text = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': (${dims}), }`;
  const headerLength = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const data = elementsBytes(tensor.values);
  const file = new Uint8Array(10 + headerLength + data.length);
  file.set([...magic, 1, 0, headerLength & 0xff, headerLength >> 8]);
  file.set(new TextEncoder().encode(`${text.padEnd(headerLength - 1)}\n`), 10);
  file.set(data, 10 + headerLength);
  return file;
}
