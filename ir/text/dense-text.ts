/**
 * `dense<...>`: one element when it is a splat, nested lists up to 100 elements, else the raw little-endian bytes in hex as MLIR
 * prints them (`dense<"0x...">`), in pieces, so that no string grows with the payload.
 */
import { type DType, dtypeInfo, integerRange } from '../dtype.ts';
import { elementsBytes, type ElementsArray, type ElementsData, storageDType } from '../elements.ts';
import type { TensorType } from '../types.ts';
import { floatSlotText } from './float-text.ts';
import type { TextSink } from './text-sink.ts';

/** MLIR's `--mlir-print-elementsattrs-with-hex-if-larger`. */
const MAX_LISTED_ELEMENTS = 100;

/** Without the type. */
export function writeDense(sink: TextSink, type: TensorType, data: ElementsData): void {
  const dtype = storageDType(type.element);
  const count = data.values.length / dtypeInfo(dtype).slots;
  sink.write('dense<');
  if (data.splat) sink.write(elementText(data.values, 0, dtype));
  else if (count > MAX_LISTED_ELEMENTS) writeHex(sink, data.values, dtype);
  else if (count > 0) writeList(sink, type.shape.map(Number), data.values, dtype);
  sink.write('>');
}

function elementText(values: ElementsArray, index: number, dtype: DType): string {
  const { kind, part } = dtypeInfo(dtype);
  switch (kind) {
    case 'boolean':
      return Number(values[index]) === 0 ? 'false' : 'true';
    case 'integer':
    case 'unsigned':
      return String(values[index]);
    case 'float':
      return floatSlotText(values, index, dtype);
    case 'complex':
      return `(${floatSlotText(values, 2 * index, part)},${floatSlotText(values, 2 * index + 1, part)})`;
    default:
      return kind satisfies never;
  }
}

/** A bracket opens where an index of an inner dimension starts over, and closes where it ends. */
function writeList(sink: TextSink, shape: readonly number[], values: ElementsArray, dtype: DType): void {
  const count = shape.reduce((product, size) => product * size, 1);
  for (let index = 0; index < count; index++) {
    if (index > 0) sink.write(', ');
    sink.write('['.repeat(alignedDimensions(shape, index)));
    sink.write(elementText(values, index, dtype));
    sink.write(']'.repeat(alignedDimensions(shape, index + 1)));
  }
}

/** How many trailing dimensions have whole blocks before `index`. */
function alignedDimensions(shape: readonly number[], index: number): number {
  let block = 1;
  let dimensions = 0;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    block *= shape[dimension] ?? 1;
    if (index % block !== 0) break;
    dimensions++;
  }
  return dimensions;
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
);

/** Bytes of one piece. */
const HEX_PIECE = 1 << 14;

function writeHex(sink: TextSink, values: ElementsArray, dtype: DType): void {
  const bytes = elementsBytes(values);
  const mask = byteMask(dtype);
  sink.write('"0x');
  for (let start = 0; start < bytes.length; start += HEX_PIECE) writeHexPiece(sink, bytes, start, mask);
  sink.write('"');
}

function writeHexPiece(sink: TextSink, bytes: Uint8Array, start: number, mask: number): void {
  const end = Math.min(bytes.length, start + HEX_PIECE);
  let text = '';
  for (let at = start; at < end; at++) text += hexOfByte[(bytes[at] ?? 0) & mask] ?? '';
  sink.write(text);
}

/** MLIR keeps a sub-byte integer zero-extended in its byte, whatever its sign. */
function byteMask(dtype: DType): number {
  const { bits, kind } = dtypeInfo(dtype);
  return kind === 'integer' && bits < 8 ? Number(integerRange(dtype)[1]) * 2 + 1 : 0xff;
}

/** The payload of a `dense_resource` in the `dialect_resources` section: alignment word and bytes in hex. */
export function writeResourceBlob(sink: TextSink, alignment: number, bytes: Uint8Array): void {
  const word = new Uint8Array(4);
  new DataView(word.buffer).setUint32(0, alignment, true);
  sink.write('"0x');
  writeHexPiece(sink, word, 0, 0xff);
  for (let start = 0; start < bytes.length; start += HEX_PIECE) writeHexPiece(sink, bytes, start, 0xff);
  sink.write('"');
}
