/** Copies an operand into an image, and says where a point of it lies there. */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import {
  add,
  and,
  compare,
  index,
  load,
  maximum,
  minimum,
  multiply,
  size,
  splat,
  subtract,
} from '../loop-expressions.ts';
import type { Expr, FlatBuffer } from '../loop-ir.ts';
import { axisOf, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { emitValue } from '../lower-values.ts';
import { maxSize } from '../size.ts';
import type { ValueExpr } from '../structured-kernel.ts';
import { knownIndex } from './axis-group.ts';
import { type ImageDimension, type ImageShape, imageStride } from './image.ts';
import { applyFactor, type Located, type MemoryPlace } from './operand.ts';
import { mainLoad } from './product.ts';

/** Where the image of a band is, and the first point of the band. */
export interface PlacedImage {
  readonly shape: ImageShape;
  readonly buffer: FlatBuffer;
  readonly first: Expr;
}

/** The image as what tiles read; the factor's arithmetic is done. */
export function imageLocated(image: PlacedImage): Located {
  return {
    buffer: image.buffer,
    factor: undefined,
    address: (point) => imageAddress(image, point),
    stride: (axis) => imageStride(image.shape, axis),
  };
}

/** The place of a point in the image. The axes of the image that are not bound are at their first point. */
function imageAddress({ shape, first }: PlacedImage, point: Point): Expr {
  let address: Expr = index(0);
  for (const axis of shape.axes) {
    const at = point.axes.get(axis);
    const stride = imageStride(shape, axis);
    if (at === undefined || stride === 0) continue;
    address = add(address, multiply(axis === shape.band ? subtract(at, first) : at, index(stride)));
  }
  // A window that is turned about begins at the far end.
  return add(
    address,
    shape.dimensions.reduce((sum, { offset, least, stride }) => sum + (offset - least) * stride, 0),
  );
}

interface Copy {
  readonly context: LoweringContext;
  readonly point: Point;
  readonly factor: ValueExpr;
  readonly from: MemoryPlace;
  readonly to: FlatBuffer;
  readonly lanes: number;
  readonly dimensions: readonly CopiedDimension[];
  /** Dimensions from here on lie in memory as they do in the image. */
  readonly leaf: number;
}

interface CopiedDimension extends ImageDimension {
  /** The index that is copied first; may be outside. */
  readonly begin: Expr;
  readonly count: Expr;
  readonly distance: Expr;
}

/** Fills the image for the band of `rows` points; axes that are not the image's are bound at the point. */
export function emitImage(
  context: LoweringContext,
  point: Point,
  factor: ValueExpr,
  { shape, buffer, first }: PlacedImage,
  rows: Expr,
  lanes: number,
): void {
  const main = mainLoad(factor);
  const from = main === undefined ? undefined : context.places.get(main.access.buffer);
  if (from?.kind !== 'memory')
    throw new InvariantError(`kernel ${context.kernel.name}: an image of what is not in memory`);
  const dimensions = shape.dimensions.map((dimension, position): CopiedDimension => ({
    ...dimension,
    begin: context.builder.let('begin', beginOf(shape, dimension, point, first)),
    count: context.builder.let('count', countOf(context, shape, dimension, rows)),
    distance: size(from.strides[position] ?? 1),
  }));
  const guarded = dimensions.findLastIndex(({ guard }) => guard !== undefined);
  // A tile may be given a part of the band.
  const partial = dimensions.findLastIndex(
    ({ extent, size: whole, begin, count }) =>
      extent !== whole || knownIndex(begin) !== 0 || knownIndex(count) !== extent,
  );
  const leaf = Math.max(0, guarded, partial);
  const source = subtract(index(0), from.origin ?? index(0));
  copyDimension({ context, point, factor, from, to: buffer, lanes, dimensions, leaf }, 0, source, index(0));
}

function beginOf(shape: ImageShape, { coefficients, least }: ImageDimension, point: Point, first: Expr): Expr {
  let begin: Expr = index(0);
  for (const [axis, factor] of coefficients) {
    const at = axis === shape.band ? first : shape.axes.includes(axis) ? undefined : point.axes.get(axis);
    if (at !== undefined) begin = add(begin, multiply(at, index(factor)));
  }
  return add(begin, least);
}

/** Places that are there: all but those of the points that the band, or an axis of late extent, lacks. */
function countOf(
  { kernel }: LoweringContext,
  { axes, band, bandRows }: ImageShape,
  { coefficients, extent }: ImageDimension,
  rows: Expr,
): Expr {
  let count: Expr = index(extent);
  for (const axis of axes) {
    const factor = coefficients.get(axis) ?? 0;
    const whole = axisOf(kernel, axis).extent;
    const most = axis === band ? bandRows : (maxSize(whole) ?? 1);
    const there = axis === band ? rows : size(whole);
    if (factor !== 0) count = subtract(count, multiply(subtract(index(most), there), index(factor)));
  }
  return count;
}

function copyDimension(copy: Copy, position: number, source: Expr, target: Expr): void {
  const dimension = copy.dimensions[position];
  if (dimension === undefined || position === copy.leaf) return copyLeaf(copy, dimension, source, target);
  const { builder } = copy.context;
  const { begin, count, distance, stride, guard, extent } = dimension;
  const at = (place: Expr): void => {
    const inside = add(begin, place);
    const to = add(target, multiply(place, index(stride)));
    const copyInside = (): void => copyDimension(copy, position + 1, add(source, multiply(inside, distance)), to);
    if (guard === undefined) return copyInside();
    const isInside = and(compare('ge', inside, 0), compare('lt', inside, size(dimension.size)));
    builder.if(isInside, copyInside, () => fill(copy, to, index(stride)));
  };
  if (extent === 1) at(index(0));
  else builder.for({ to: count, name: 'place' }, at);
}

/** A dimension and all inside it: what lies before the operand, in it, and behind it. */
function copyLeaf(copy: Copy, dimension: CopiedDimension | undefined, source: Expr, target: Expr): void {
  if (dimension === undefined) return copyRun(copy, source, target, index(1));
  const { builder } = copy.context;
  const { begin, count, distance, stride, guard, size: whole } = dimension;
  const run = (place: Expr, places: Expr): void =>
    copyRun(
      copy,
      add(source, multiply(add(begin, place), distance)),
      add(target, multiply(place, index(stride))),
      multiply(places, index(stride)),
    );
  if (guard === undefined) return run(index(0), count);
  const before = builder.let('before', minimum(maximum(subtract(index(0), begin), 0), count));
  const end = builder.let('behind', maximum(minimum(subtract(size(whole), begin), count), before));
  fill(copy, target, multiply(before, index(stride)));
  run(before, subtract(end, before));
  fill(copy, add(target, multiply(end, index(stride))), multiply(subtract(count, end), index(stride)));
}

/** Runs of at least so many elements are copied by the engine: a call, but with wider registers. */
const longRun = 256;

function copyRun(copy: Copy, source: Expr, target: Expr, count: Expr): void {
  const { context, point, factor, from, to, lanes } = copy;
  const known = knownIndex(count);
  if (known === 0) return;
  if (factor.kind === 'load' && from.buffer.dtype === to.dtype && (known === undefined || known >= longRun))
    return context.builder.copy(from.buffer, source, to, target, count);
  strip(copy, count, lanes, (at, width) => {
    const raw = context.builder.let('x', load(from.buffer, add(source, at), width));
    context.builder.store(to, add(target, at), applyFactor(context, point, factor, raw, width));
  });
}

/** What the guards give outside, through the factor's own arithmetic. */
function fill(copy: Copy, target: Expr, count: Expr): void {
  const { context, point, factor, to, lanes } = copy;
  const main = mainLoad(factor);
  if (knownIndex(count) === 0 || main?.otherwise === undefined) return;
  const inside = innerPoint(point);
  const raw = emitValue(context, inside, main.otherwise);
  const value = applyFactor(context, point, factor, raw, 1);
  strip(copy, count, lanes, (at, width) =>
    context.builder.store(to, add(target, at), width === 1 ? value : splat(value, width)),
  );
}

function strip({ context }: Copy, count: Expr, lanes: number, body: (at: Expr, lanes: number) => void): void {
  const { builder } = context;
  const known = knownIndex(count);
  const once = (from: number, to: number, width: number): void => {
    if (to - from === width) body(index(from), width);
    else if (to > from) builder.for({ from, to, step: width, name: 'i' }, (at) => body(at, width));
  };
  if (known !== undefined) {
    const whole = known - (known % lanes);
    once(0, whole, lanes);
    return once(whole, known, 1);
  }
  const rest = builder.let('rest', {
    kind: 'binary',
    type: count.type,
    op: 'remainder',
    lhs: count,
    rhs: index(lanes),
  });
  const whole = builder.let('whole', subtract(count, rest));
  builder.for({ to: whole, step: lanes, name: 'i' }, (at) => body(at, lanes));
  builder.for({ from: whole, to: count, name: 'i' }, (at) => body(at, 1));
}
