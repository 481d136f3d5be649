/**
 * An image: the part of an operand that a band of rows reads, copied once, padding included, so that loops over windows read it without
 * guards, each row of a register tile at a constant distance from the one before. Panels would hold an element once for each place of the
 * window that covers it.
 *
 *     input [8, 8, c], window 3x3, padding 1, a band of 4 rows   ->   image [6, 10, c]
 */
import { affineIndex } from '../lower-affine.ts';
import type { ContractionSchedule } from '../schedule.ts';
import { mostPoints as most } from '../extent.ts';
import { equalSizes, maxSize, type Size } from '../size.ts';
import type { Access, AxisId, Guard, IndexExpr, StructuredKernel } from '../structured-kernel.ts';

/** What is copied of one dimension. */
export interface ImageDimension {
  /** Of the operand's own dimension. */
  readonly size: Size;
  /** The guard of its index, which the copy tests. */
  readonly guard: Guard | undefined;
  /** The index: `sum of coefficient * axis + offset`. */
  readonly coefficients: ReadonlyMap<AxisId, number>;
  readonly offset: number;
  /** The offset and the least that the axes of the image add. */
  readonly least: number;
  /** Places copied, of a whole band. */
  readonly extent: number;
  /** Distance of two places of it in the image, in elements. */
  readonly stride: number;
}

export interface ImageShape {
  readonly dimensions: readonly ImageDimension[];
  readonly elements: number;
  readonly axes: readonly AxisId[];
  /** Of this axis the image holds `bandRows` points; of the others all. */
  readonly band: AxisId | undefined;
  readonly bandRows: number;
}

/** The axes that an image covers, and how much of one. */
export type ImageAxes = Pick<ImageShape, 'axes' | 'band' | 'bandRows'>;

/** Undefined when an index is not a sum of axes, a guard is not that of its dimension, or an extent has no bound. */
export function imageShape(kernel: StructuredKernel, access: Access, covered: ImageAxes): ImageShape | undefined {
  const shape = kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  const counts = pointsOf(kernel, covered);
  const guards = guardsOf(access, shape);
  if (counts === undefined || guards === undefined) return undefined;
  const dimensions: ImageDimension[] = [];
  let stride = 1;
  for (const [dimension, expr] of [...access.indices.entries()].reverse()) {
    const moves = movesOf(expr, counts);
    if (moves === undefined || turnsPart(kernel, moves, covered)) return undefined;
    dimensions.unshift({ size: shape[dimension] ?? 1, guard: guards.get(dimension), stride, ...moves });
    stride *= moves.extent;
  }
  return { dimensions, elements: stride, ...covered };
}

/** Where only a part of an axis is there, it must begin at the image's first place. */
function turnsPart(kernel: StructuredKernel, { coefficients }: Moves, { band }: ImageAxes): boolean {
  return [...coefficients].some(([id, factor]) => {
    const extent = kernel.axes.find((axis) => axis.id === id)?.extent;
    return factor < 0 && (id === band || typeof extent !== 'number');
  });
}

/** Of axes that are bound late, the most. */
function pointsOf(
  kernel: StructuredKernel,
  { axes, band, bandRows }: ImageAxes,
): ReadonlyMap<AxisId, number> | undefined {
  const counts = new Map<AxisId, number>();
  for (const id of axes) {
    const most = id === band ? bandRows : maxSize(kernel.axes.find((axis) => axis.id === id)?.extent ?? 1);
    if (most === undefined || most < 1) return undefined;
    counts.set(id, most);
  }
  return counts;
}

type Moves = Pick<ImageDimension, 'coefficients' | 'offset' | 'least' | 'extent'>;

function movesOf(expr: IndexExpr, counts: ReadonlyMap<AxisId, number>): Moves | undefined {
  const affine = affineIndex(expr);
  if (affine === undefined || typeof affine.offset !== 'number') return undefined;
  const { offset } = affine;
  const coefficients = new Map<AxisId, number>();
  let [least, most] = [offset, offset];
  for (const [axis, factor] of affine.coefficients) {
    if (typeof factor !== 'number') return undefined;
    coefficients.set(axis, factor);
    const far = factor * ((counts.get(axis) ?? 1) - 1);
    least += Math.min(0, far);
    most += Math.max(0, far);
  }
  return { coefficients, offset, least, extent: most - least + 1 };
}

/** The guard of each dimension that has one; undefined when a guard is not that of a dimension. */
export function guardsOf({ indices, guards }: Access, shape: readonly Size[]): ReadonlyMap<number, Guard> | undefined {
  const found = new Map<number, Guard>();
  for (const guard of guards) {
    const dimension = indices.findIndex((expr) => expr === guard.index || isSameIndex(expr, guard.index));
    if (dimension < 0 || !equalSizes(shape[dimension] ?? 1, guard.extent)) return undefined;
    found.set(dimension, guard);
  }
  return found;
}

function isSameIndex(a: IndexExpr, b: IndexExpr): boolean {
  const [left, right] = [affineIndex(a), affineIndex(b)];
  if (left === undefined || right === undefined || !equalSizes(left.offset, right.offset)) return false;
  return [...new Set([...left.coefficients.keys(), ...right.coefficients.keys()])].every((axis) =>
    equalSizes(left.coefficients.get(axis) ?? 0, right.coefficients.get(axis) ?? 0),
  );
}

/** Distance in the image of two points next to each other along an axis. */
export function imageStride({ dimensions }: ImageShape, axis: AxisId): number {
  return dimensions.reduce((sum, { coefficients, stride }) => sum + (coefficients.get(axis) ?? 0) * stride, 0);
}

type Rows = Pick<ContractionSchedule, 'm' | 'k' | 'rowAxes'>;

/** The axes of the rows of a tile, and the one around them, of which an image covers a band; of the rows themselves where there is none. */
function axesOfImage({ m, rowAxes = 1 }: Rows): {
  readonly rows: readonly AxisId[];
  readonly band: AxisId | undefined;
} {
  const rows = m.slice(-rowAxes);
  return { rows, band: m.at(-rowAxes - 1) ?? rows[0] };
}

/**
 * What an image of a contraction's rows covers: k, the rows of a tile, and a band of the axis around them, or of the rows themselves: all of
 * these where tiles run across axes.
 */
export function imageAxes(kernel: StructuredKernel, schedule: ContractionSchedule): ImageAxes | undefined {
  const { k, mc, mr } = schedule;
  const { rows, band } = axesOfImage(schedule);
  if (band === undefined) return undefined;
  const all = most(kernel, [band]);
  const ofRows = rows.length > 1 ? all : Math.ceil(mc / mr) * mr;
  const around = band === rows[0] ? ofRows : Math.floor(mc / Math.max(1, most(kernel, rows)));
  const bandRows = Math.max(1, Math.min(around, all));
  return { axes: [...new Set([band, ...rows, ...k])], band, bandRows };
}

/** Elements of an image for each point of its band, and those that it has besides: `rows * perRow + besides`. */
export function imageElements(
  kernel: StructuredKernel,
  access: Access,
  walk: Rows,
): { readonly perRow: number; readonly besides: number } | undefined {
  const { rows, band } = axesOfImage(walk);
  const axes = [...new Set([...(band === undefined ? [] : [band]), ...rows, ...walk.k])];
  const one = imageShape(kernel, access, { axes, band, bandRows: 1 })?.elements;
  const two = imageShape(kernel, access, { axes, band, bandRows: 2 })?.elements;
  if (one === undefined || two === undefined) return undefined;
  return { perRow: two - one, besides: 2 * one - two };
}
