/** Floating-point elements as text, from values or from the bits that a payload holds. */
import { type DType, dtypeInfo } from '../dtype.ts';
import type { ElementsArray } from '../elements.ts';
import { InvariantError } from '../diagnostics/diagnostic.ts';
import {
  type FloatFormat,
  floatFormats,
  formatFloatBits,
  formatFloatValue,
  isFloatFormatName,
} from '../numerics/index.ts';

export function floatFormatOf(dtype: DType): FloatFormat {
  if (!isFloatFormatName(dtype)) throw new InvariantError(`${dtype} is not a floating-point type`);
  return floatFormats[dtype];
}

/** `1.000000e+00`; NaN as the canonical one of the type. */
export function floatText(value: number, dtype: DType): string {
  return formatFloatValue(value, floatFormatOf(dtype));
}

/** The slot `index` of a payload of floats, or of one part of a complex element; a NaN keeps its payload. */
export function floatSlotText(values: ElementsArray, index: number, part: DType): string {
  const format = floatFormatOf(part);
  const slot = Number(values[index]);
  if (dtypeInfo(part).storage !== 'f32' && dtypeInfo(part).storage !== 'f64') {
    return formatFloatBits(BigInt(slot), format);
  }
  if (!Number.isNaN(slot)) return formatFloatValue(slot, format);
  return formatFloatBits(nanBits(values, index), format);
}

/** Through the bytes: a number does not keep the payload of a NaN. */
function nanBits(values: ElementsArray, index: number): bigint {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return values.BYTES_PER_ELEMENT === 4 ? BigInt(view.getUint32(index * 4, true)) : view.getBigUint64(index * 8, true);
}
