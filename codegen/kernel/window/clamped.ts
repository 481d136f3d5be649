/**
 * Padding that changes nothing: around the greatest (or least) of a window lies what it begins with. The elements nearest to those outside
 * are in the window as well, so that an index may be moved to the edge instead of an image being made:
 *
 *     max pooling 3x3, padding 1:   in[max(y - 1, 0)], in[y], in[min(y + 1, 7)]
 *
 * Results whose window reaches over an end of the row are tiles of their own, which take only places that are there.
 */
import { guardsOf } from '../contraction/image.ts';
import type { Located, MemoryPlace } from '../contraction/operand.ts';
import { affineIndex } from '../lower-affine.ts';
import { axisOf, type LoweringContext, type Point } from '../lower-context.ts';
import {
  add, and, compare, constant, index, maximum, minimum, multiply, size, subtract,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr } from '../loop-ir.ts';
import { accessStride, addressOf, emitIndex } from '../lower-values.ts';
import { scalar } from '../value-type.ts';
import type { AxisId, Guard, Stage, StructuredKernel } from '../structured-kernel.ts';
import type { LoadValue } from './window-reads.ts';

/** A dimension that a window moves along: place `first + stride * x + k` of it, for the point x of an axis. */
interface PaddedDimension {
  readonly axis: AxisId | undefined;
  readonly stride: number;
  readonly first: number;
  readonly window: number;
  readonly size: number;
  readonly points: number;
}

/** Whether the load's guards may be done without. */
export function isClamped(kernel: StructuredKernel, stage: Stage, load: LoadValue, vector: AxisId): boolean {
  const { combiner, values } = stage;
  const [result] = combiner?.results ?? [];
  const isExtreme = result?.kind === 'binary' && (result.op === 'maximum' || result.op === 'minimum');
  const isNeutral = load.otherwise?.kind === 'constant' && Object.is(load.otherwise.value, combiner?.identity[0]);
  if (!isExtreme || !isNeutral || values.length !== 1 || values[0] !== load) return false;
  const shape = kernel.buffers.find(({ id }) => id === load.access.buffer)?.shape ?? [];
  return (
    guardsOf(load.access, shape) !== undefined &&
    load.access.guards.every((guard) => {
      const padded = paddedDimension(kernel, guard);
      return padded !== undefined && !affineIndex(guard.index)?.coefficients.has(vector) && meetsOperand(padded);
    })
  );
}

/** Undefined where more than one axis moves the window, or its places do not lie side by side. */
function paddedDimension(kernel: StructuredKernel, { index: expr, extent }: Guard): PaddedDimension | undefined {
  const affine = affineIndex(expr);
  const moves = [...(affine?.coefficients ?? [])].map(([id, factor]) => ({ axis: axisOf(kernel, id), factor }));
  const along = moves.filter(({ axis }) => axis.kind === 'parallel');
  const within = moves.filter(({ axis }) => axis.kind === 'reduction');
  const isPlain = moves.length === along.length + within.length && along.length <= 1 && within.length <= 1;
  const [slide] = along;
  const points = slide?.axis.extent ?? 1;
  const window = within[0]?.axis.extent ?? 1;
  const stride = slide?.factor ?? 0;
  if (!isPlain || (within[0]?.factor ?? 1) !== 1 || affine === undefined) return undefined;
  const { offset: first } = affine;
  if (typeof points !== 'number' || typeof window !== 'number' || typeof extent !== 'number') return undefined;
  if (typeof stride !== 'number' || typeof first !== 'number' || stride < 0) return undefined;
  return { axis: slide?.axis.id, stride, first, window, size: extent, points };
}

/** Each window has an element. */
function meetsOperand({ first, stride, window, size: whole, points }: PaddedDimension): boolean {
  return points > 0 && first + window > 0 && first + stride * (points - 1) < whole;
}

/** The points of the row whose windows lie inside: `from` to `to`. */
export function wholeWindows(
  kernel: StructuredKernel,
  { access }: LoadValue,
  row: AxisId,
): { readonly from: number; readonly to: number } | undefined {
  const padded = access.guards
    .map((guard) => paddedDimension(kernel, guard))
    .find((dimension) => dimension?.axis === row);
  return padded === undefined || padded.stride === 0 ? undefined : wholePoints(padded);
}

function wholePoints({ first, stride, window, size: whole, points }: PaddedDimension): {
  readonly from: number;
  readonly to: number;
} {
  const from = Math.min(points, Math.max(0, Math.ceil(-first / stride)));
  return { from, to: Math.max(from, Math.min(points, Math.floor((whole - window - first) / stride) + 1)) };
}

/** The dimensions that have padding; undefined where one of them is moved otherwise, or along lanes. */
function paddedDimensions(
  kernel: StructuredKernel,
  { access }: LoadValue,
  vector: AxisId,
): readonly PaddedDimension[] | undefined {
  const padded = access.guards.map((guard) => paddedDimension(kernel, guard));
  const isApart = access.guards.every(({ index: expr }) => !affineIndex(expr)?.coefficients.has(vector));
  const shape = kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  return isApart && guardsOf(access, shape) !== undefined && padded.every((each) => each !== undefined)
    ? padded
    : undefined;
}

/** Of the image's rows, those that are copied for rows of results whose windows reach over an end, at most. */
const mostBorder = 0.75;

/**
 * Whether few enough rows have padding that the others are better read where they lie. (Zen 5, depthwise 3x3, us: stride 2 112x112x32 56 -> 43,
 * 56x56x64 28 -> 17.5; stride 1 112x112x32 151 -> 127, 56x56x128 167 -> 133, 14x14x512 40 -> 38.)
 */
export function isMostlyInside(
  kernel: StructuredKernel,
  load: LoadValue,
  { row, vector, outer }: { readonly row: AxisId; readonly vector: AxisId; readonly outer: readonly AxisId[] },
): boolean {
  const padded = paddedDimensions(kernel, load, vector);
  const around = padded?.filter(({ axis }) => axis !== row) ?? [];
  const [dimension, ...others] = around;
  if (padded === undefined || others.length > 0) return false;
  if (dimension === undefined) return true;
  if (dimension.axis === undefined || dimension.axis !== outer.at(-1) || dimension.stride === 0) return false;
  const { points, window, stride } = dimension;
  const { from, to } = wholePoints(dimension);
  return (points - to + from) * window < mostBorder * ((points - 1) * stride + window);
}

/** Whether no place of the windows at a point lies in the padding, but along the row. */
export function isWholeRow(context: LoweringContext, point: Point, { access }: LoadValue, row: AxisId): Expr {
  const inside = access.guards
    .map((guard) => paddedDimension(context.kernel, guard))
    .filter((padded) => padded !== undefined && padded.axis !== row)
    .map((padded) => {
      const { axis, stride = 0, first = 0, window = 1, size: whole = 0 } = padded ?? {};
      const at = axis === undefined ? index(0) : (point.axes.get(axis) ?? index(0));
      const begin = add(multiply(at, stride), first);
      return and(compare('ge', begin, 0), compare('le', add(begin, window), whole));
    });
  return inside.reduce((a, b) => and(a, b), constant(scalar('i1'), 1));
}

/** The load where it lies, whatever its guards say. */
export function plainLocated(context: LoweringContext, place: MemoryPlace, { access }: LoadValue): Located {
  return {
    buffer: place.buffer,
    factor: undefined,
    address: (point) => addressOf(context, point, place, access),
    stride: (axis) => accessStride(place, access, axis),
  };
}

/** Whether a place of the window of a point is there, as far as the axis is one of these. */
export function isInside({ access }: LoadValue, at: ReadonlyMap<AxisId, number>): boolean {
  return access.guards.every(({ index: expr, extent }) => {
    const affine = affineIndex(expr);
    if (affine === undefined || ![...affine.coefficients.keys()].every((axis) => at.has(axis))) return true;
    const place = [...affine.coefficients].reduce(
      (sum, [axis, factor]) => sum + Number(factor) * (at.get(axis) ?? 0),
      Number(affine.offset),
    );
    return place >= 0 && place < Number(extent);
  });
}

/** The load with its guarded indices moved to the edges, but those that an axis of `free` moves. */
export function clampedLocated(
  context: LoweringContext,
  place: MemoryPlace,
  { access }: LoadValue,
  free: AxisId | undefined,
): Located {
  const shape = context.kernel.buffers.find(({ id }) => id === access.buffer)?.shape ?? [];
  const guards = guardsOf(access, shape) ?? new Map<number, Guard>();
  const indexAt = (point: Point, dimension: number): ReturnType<typeof index> => {
    const expr = access.indices[dimension];
    if (expr === undefined) return index(0);
    const at = emitIndex(context, point, expr);
    const guard = guards.get(dimension);
    if (guard === undefined || (free !== undefined && affineIndex(expr)?.coefficients.has(free) === true)) return at;
    return maximum(minimum(at, Number(guard.extent) - 1), 0);
  };
  return {
    buffer: place.buffer,
    factor: undefined,
    address: (point) =>
      place.layout.parts
        .map(({ dimension }, part) => multiply(indexAt(point, dimension), size(place.strides[part] ?? 0)))
        .reduce((a, b) => add(a, b), subtract(index(0), place.origin ?? index(0))),
    stride: (axis) => accessStride(place, access, axis),
  };
}
