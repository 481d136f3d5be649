/**
 * A tensor for people to read: rows on lines of their own, columns aligned, floats with the fewest digits that tell them
 * apart, large ones with their middle left out.
 *
 *     [[0.5, -1.0],
 *      [2.0,  3.0]]
 */
import { dtypeInfo } from '../../ir/dtype.ts';
import type { Tensor } from '../../ir/evaluator/tensor.ts';
import { decodeFloat, floatFormats, isFloatFormatName, roundToFormat } from '../../ir/numerics/index.ts';

/** Elements kept at each end of an axis that is cut. */
const edge = 3;
const maxLineLength = 100;

export interface TensorTextOptions {
  /** Tensors of more elements are cut. */
  readonly limit: number;
}

export function tensorText(tensor: Tensor, { limit }: TensorTextOptions): string {
  const isCut = tensor.size > limit;
  const positions = tensor.shape.map((size) => shownPositions(size, isCut));
  const cells: string[] = [];
  collectCells(tensor, positions, 0, 0, cells);
  const width = Math.max(0, ...cells.map((cell) => cell.length));
  const next = cells.values();
  const take = (): string => (next.next().value ?? '').padStart(tensor.rank < 2 ? 0 : width);
  return layOut(tensor.shape, positions, 0, take);
}

/** Which indices of an axis are shown; -1 stands for those left out. */
function shownPositions(size: number, isCut: boolean): readonly number[] {
  const all = isCut && size > 2 * edge + 1;
  if (!all) return Array.from({ length: size }, (_, index) => index);
  return [0, 1, 2, -1, size - 3, size - 2, size - 1];
}

function collectCells(
  tensor: Tensor,
  positions: readonly (readonly number[])[],
  axis: number,
  start: number,
  cells: string[],
): void {
  if (axis === tensor.rank) {
    cells.push(elementText(tensor, start));
    return;
  }
  const size = tensor.shape[axis] ?? 1;
  for (const position of positions[axis] ?? []) {
    if (position >= 0) collectCells(tensor, positions, axis + 1, start * size + position, cells);
  }
}

function layOut(
  shape: readonly number[],
  positions: readonly (readonly number[])[],
  axis: number,
  take: () => string,
): string {
  if (axis === shape.length) return take();
  const parts = (positions[axis] ?? []).map((position) =>
    position < 0 ? '...' : layOut(shape, positions, axis + 1, take),
  );
  const indent = ' '.repeat(axis + 1);
  if (axis === shape.length - 1) return `[${wrap(parts, indent)}]`;
  // A blank line sets matrices of a stack apart.
  const gap = '\n'.repeat(Math.min(2, shape.length - 1 - axis));
  return `[${parts.join(`,${gap}${indent}`)}]`;
}

function wrap(parts: readonly string[], indent: string): string {
  let text = '';
  let column = indent.length;
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      const fits = column + part.length + 2 <= maxLineLength;
      text += fits ? ', ' : `,\n${indent}`;
      column = fits ? column + 2 : indent.length;
    }
    text += part;
    column += part.length;
  }
  return text;
}

function elementText(tensor: Tensor, element: number): string {
  const { kind, slots } = dtypeInfo(tensor.dtype);
  if (kind === 'boolean') return Number(tensor.values[element]) === 0 ? 'false' : 'true';
  if (kind === 'integer' || kind === 'unsigned') return String(tensor.values[element]);
  const parts = Array.from({ length: slots }, (_, part) => slotText(tensor, element * slots + part));
  return slots === 1 ? parts.join('') : `(${parts.join(', ')})`;
}

function slotText({ dtype, values }: Tensor, slot: number): string {
  const stored = Number(values[slot]);
  const { part } = dtypeInfo(dtype);
  if (!isFloatFormatName(part) || part === 'f64') return floatText(stored, (value) => value);
  const format = floatFormats[part];
  // The narrow formats are stored as bit patterns.
  const value = part === 'f32' ? stored : decodeFloat(stored, format);
  return floatText(value, (candidate) => roundToFormat(candidate, format));
}

/** The shortest decimal that `round` brings back to the value. */
function floatText(value: number, round: (value: number) => number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  for (let digits = 1; digits <= 17; digits++) {
    const shortened = Number(value.toPrecision(digits));
    if (round(shortened) === value) return withPoint(String(shortened));
  }
  return withPoint(String(value));
}

function withPoint(text: string): string {
  return /[.e]/.test(text) ? text : `${text}.0`;
}
