/** The canonical text of a quantised type; types are interned by it. */
import { dtypeInfo, integerRange } from '../dtype.ts';
import type { QuantizedType } from '../types.ts';

type Parts = Omit<QuantizedType, 'kind' | 'text'>;

export function quantizedTypeText(type: Parts): string {
  return `!quant.uniform<${storageText(type)}:${type.expressed}${axesText(type)}, ${scalesText(type)}>`;
}

/** `i8`, `u8<0:250>`: the range where it is not the full one. */
function storageText({ storage, storageMin, storageMax }: Parts): string {
  const name = dtypeInfo(storage).kind === 'unsigned' ? `u${storage.slice(2)}` : storage;
  const [min, max] = integerRange(storage);
  return storageMin === min && storageMax === max ? name : `${name}<${storageMin}:${storageMax}>`;
}

function axesText({ dimension, blockSizes }: Parts): string {
  if (blockSizes !== undefined) return `:{${blockSizes.map(([axis, size]) => `${axis}:${size}`).join(', ')}}`;
  return dimension === undefined ? '' : `:${dimension}`;
}

/** One scale bare, those of an axis in braces, those of blocks in nested braces. */
function scalesText({ scales, zeroPoints, dimension, blockSizes, scaleShape }: Parts): string {
  const texts = scales.map((scale, index) => scaleText(scale, zeroPoints[index] ?? 0n));
  if (dimension === undefined && blockSizes === undefined) return texts.join('');
  return nestedText(texts, scaleShape ?? [texts.length]);
}

/** `{{a, b}, {c, d}}` for the shape [2, 2]. */
function nestedText(texts: readonly string[], shape: readonly number[]): string {
  let level = texts;
  for (const size of shape.toReversed()) {
    const groups = Array.from({ length: level.length / Math.max(size, 1) }, (_, index) =>
      level.slice(index * size, (index + 1) * size),
    );
    level = groups.map((group) => `{${group.join(', ')}}`);
  }
  return level.join(', ');
}

function scaleText(scale: number, zeroPoint: bigint): string {
  return zeroPoint === 0n ? floatText(scale) : `${floatText(scale)}:${zeroPoint}`;
}

/** The shortest decimal that reads back to the same f64, with the point that MLIR's float literals need. */
function floatText(value: number): string {
  const text = String(value);
  if (text.includes('.')) return text;
  const exponent = text.indexOf('e');
  return exponent === -1 ? `${text}.0` : `${text.slice(0, exponent)}.0${text.slice(exponent)}`;
}
