/**
 * Lowers a stage under a window schedule. A tile is `tile` results along the axis that slides, one vector of each; the window is unrolled,
 * and an element that several results read is loaded once:
 *
 *     out[x], out[x + 1] of 3 places:   a = in[x], b = in[x + 1], c = in[x + 2], d = in[x + 3]
 *                                       s = a w0 + b w1 + c w2,   t = b w0 + c w1 + d w2
 *
 * Each sum is taken in the order of the window. Guards are those of padding: what has them is read from an image (contraction/image.ts).
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { axisGroup, knownIndex } from '../contraction/axis-group.ts';
import { emitImage, imageLocated, type PlacedImage } from '../contraction/emit-image.ts';
import { imageShape } from '../contraction/image.ts';
import type { MemoryPlace } from '../contraction/operand.ts';
import { productOf } from '../contraction/product.ts';
import { affineIndex, walkValues } from '../lower-affine.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import {
  add, binary, compare, constant, extract, fma, index, minimum, subtract,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr } from '../loop-ir.ts';
import { combine } from '../lower-accumulators.ts';
import { emitValue, emitWrite, spread } from '../lower-values.ts';
import type { WindowSchedule } from '../schedule.ts';
import type { AxisId, Stage, ValueExpr } from '../structured-kernel.ts';
import { isFloatKernelDType, vector } from '../value-type.ts';
import { windowImageAxes } from './choose-window.ts';
import { clampedLocated, isClamped, isWholeRow, plainLocated, wholeWindows } from './clamped.ts';
import { foldWindow, type WindowTile } from './fold-window.ts';
import { wideLanes } from './folding.ts';
import { lowerApart } from './lower-apart.ts';
import { factorsToPack, withPacked } from './pack-factor.ts';
import {
  besideOf,
  mayReadResults,
  type Finish,
  type LoadValue,
  placeOfResult,
  placesOf,
  resultPoint,
  slideOf,
  type Window,
  WindowReads,
} from './window-reads.ts';
import { writeTogether } from './write-together.ts';

export function lowerWindow(context: LoweringContext, point: Point, stage: Stage, schedule: WindowSchedule): void {
  const { combiner } = stage;
  if (combiner === undefined) throw new InvariantError(`kernel ${context.kernel.name}: no reduction has a window`);
  const loads: LoadValue[] = [];
  walkValues(stage.values, (value) => void (value.kind === 'load' && loads.push(value)));
  const window: Window = { context, stage, combiner, schedule, loads, packed: new Map(), guarded: undefined };
  if (schedule.apart !== undefined) return lowerApart(window, point, finishOf(window));
  withPacked(window, factorsToPack(window), point, (packed) => lowerPlaced(packed, point));
}

/** Where padding needs one, with an image of each band of rows. */
function lowerPlaced(window: Window, point: Point): void {
  const { context, stage, schedule, loads } = window;
  const guarded = loads.find(({ access }) => access.guards.length > 0);
  if (guarded === undefined) return forOuter(window, point, forRows);
  const place = context.places.get(guarded.access.buffer);
  if (isClamped(context.kernel, stage, guarded, schedule.vector.axis) && place?.kind === 'memory') {
    const located = clampedLocated(context, place, guarded, schedule.row);
    const clamped = clampedLocated(context, place, guarded, undefined);
    return forOuter({ ...window, guarded: { of: guarded, located, clamped } }, point, forRows);
  }
  if (schedule.isDirect === true && place?.kind === 'memory') return lowerDirect(window, point, guarded, place);
  withImages(window, guarded, (emit) => forOuter(window, point, (_, at, first, count) => emit(at, first, count)));
}

/** What copies the image of a band and runs over its rows. */
type EmitBand = (point: Point, first: Expr, count: Expr) => void;

function withImages(window: Window, guarded: LoadValue, body: (emit: EmitBand) => void): void {
  const { context, schedule } = window;
  const shape = imageShape(context.kernel, guarded.access, windowImageAxes(schedule));
  if (shape === undefined) throw new InvariantError(`kernel ${context.kernel.name}: a window has no image`);
  const options = { name: 'image', dtype: guarded.dtype, size: shape.elements, alignment: 16 };
  context.builder.alloc(options, 'stack', (buffer) =>
    body((at, first, count) => {
      const placed: PlacedImage = { shape, buffer, first };
      emitImage(context, innerPoint(at), guarded, placed, count, schedule.vector.lanes);
      forRows({ ...window, guarded: { of: guarded, located: imageLocated(placed) } }, at, first, count);
    }),
  );
}

/** Rows whose windows lie inside from where they are, the others from an image each. */
function lowerDirect(window: Window, point: Point, guarded: LoadValue, place: MemoryPlace): void {
  const { context, schedule } = window;
  const { row, outer } = schedule;
  const located = plainLocated(context, place, guarded);
  const direct: Window = { ...window, guarded: { of: guarded, located, isPadded: true } };
  if (guarded.access.guards.every((guard) => affineIndex(guard.index)?.coefficients.has(row)))
    return forAxes(context, point, outer, (at) => forTiles(direct, at));
  const band = outer.at(-1);
  withImages(window, guarded, (emit) =>
    forAxes(context, point, outer, (at) =>
      context.builder.if(
        isWholeRow(context, at, guarded, row),
        () => forTiles(direct, innerPoint(at)),
        () => emit(innerPoint(at), (band === undefined ? undefined : at.axes.get(band)) ?? index(0), index(1)),
      ),
    ),
  );
}

/** The axes around the rows, the innermost of them in bands. */
function forOuter(
  window: Window,
  point: Point,
  body: (window: Window, point: Point, first: Expr, count: Expr) => void,
): void {
  forAxes(window.context, point, window.schedule.outer.slice(0, -1), (at) =>
    forBands(window, at, (first, count) => body(window, at, first, count)),
  );
}

function forAxes(context: LoweringContext, point: Point, axes: readonly AxisId[], body: (point: Point) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) return body(innerPoint(point));
  const [range] = axisGroup(context, point, [axis]).axes;
  if (range === undefined) return forAxes(context, point, rest, body);
  context.builder.for({ to: range.extent, name: axisOf(context.kernel, axis).name }, (at) =>
    forAxes(context, bindAxis(point, axis, add(at, range.from)), rest, body),
  );
}

/** Parts of the axis around the rows; one part of one point where there is none. */
function forBands({ context, schedule }: Window, point: Point, body: (first: Expr, count: Expr) => void): void {
  const { outer, bandRows } = schedule;
  const band = outer.at(-1);
  const [range] = band === undefined ? [] : axisGroup(context, point, [band]).axes;
  if (range === undefined) return body(index(0), index(1));
  const { from, extent } = range;
  const known = knownIndex(extent);
  if (known !== undefined && known <= bandRows) return body(from, extent);
  context.builder.for({ to: extent, step: bandRows, name: 'band' }, (at) => {
    const count =
      known !== undefined && known % bandRows === 0 ? index(bandRows) : minimum(subtract(extent, at), bandRows);
    body(add(from, at), context.builder.let('rows', count));
  });
}

function forRows(window: Window, point: Point, first: Expr, count: Expr): void {
  const { context, schedule } = window;
  const band = schedule.outer.at(-1);
  const rowAt = (at: Point): void => forTiles(window, at);
  if (band === undefined || point.axes.has(band)) return rowAt(point);
  context.builder.for({ to: count, name: axisOf(context.kernel, band).name }, (at) =>
    rowAt(bindAxis(point, band, add(at, first))),
  );
}

/** Windows that reach over an end of the row, and those between. */
function forTiles(window: Window, point: Point): void {
  const { context, schedule, guarded } = window;
  const [range] = axisGroup(context, point, [schedule.row]).axes;
  if (range === undefined) return forVectors(window, point, index(0), 1);
  const { from, extent } = range;
  const hasEnds = guarded?.clamped !== undefined || guarded?.isPadded === true;
  const whole = hasEnds ? wholeWindows(context.kernel, guarded.of, schedule.row) : undefined;
  const known = knownIndex(extent);
  if (whole !== undefined && known !== undefined && guarded?.isPadded === true)
    return forPaddedTiles(window, point, whole, known);
  if (whole === undefined || known === undefined) return forWholeTiles(window, point, from, extent);
  if (whole.from > 0) forVectors(window, point, index(0), whole.from);
  if (whole.to > whole.from) forWholeTiles(window, point, index(whole.from), index(whole.to - whole.from));
  if (known > whole.to) forVectors(window, point, index(whole.to), known - whole.to);
}

/** Tiles at the ends have places of their own, with the padding that is known to be there; a loop runs over those between. */
function forPaddedTiles(
  window: Window,
  point: Point,
  whole: { readonly from: number; readonly to: number },
  extent: number,
): void {
  const { tile } = window.schedule;
  const begin = Math.min(extent, Math.ceil(whole.from / tile) * tile);
  const end = Math.max(begin, Math.floor(whole.to / tile) * tile);
  const at = (from: number, to: number): void => {
    for (let first = from; first < to; first += tile)
      forVectors(window, point, index(first), Math.min(tile, to - first));
  };
  at(0, begin);
  const inside = { from: begin, to: end, step: tile, name: 'x' };
  if (end - begin > tile) window.context.builder.for(inside, (first) => forVectors(window, point, first, tile));
  else at(begin, end);
  at(end, extent);
}

/** Whole tiles of a row, then one of what is left, or where that is bound late one result at a time. */
function forWholeTiles(window: Window, point: Point, from: Expr, extent: Expr): void {
  const { builder } = window.context;
  const { tile } = window.schedule;
  const known = knownIndex(extent);
  const rest =
    known === undefined ? builder.let('rest', binary('remainder', extent, index(tile))) : index(known % tile);
  const whole = builder.let('whole', subtract(extent, rest));
  const at = (first: Expr, results: number): void => forVectors(window, point, add(first, from), results);
  if (knownIndex(whole) === tile) at(index(0), tile);
  else if (knownIndex(whole) !== 0) builder.for({ to: whole, step: tile, name: 'x' }, (first) => at(first, tile));
  const left = knownIndex(rest);
  if (left === undefined) builder.for({ from: whole, to: extent, name: 'x' }, (first) => at(first, 1));
  else if (left > 0) at(whole, left);
}

function forVectors(window: Window, point: Point, first: Expr, results: number): void {
  const { context, schedule } = window;
  const { builder } = context;
  const { axis, lanes } = schedule.vector;
  const [range] = axisGroup(context, point, [axis]).axes;
  if (range === undefined) throw new InvariantError(`kernel ${context.kernel.name}: the axis of lanes is bound`);
  const { from, extent } = range;
  const tile = (at: Expr, width: number): void =>
    emitWindow(window, bindAxis(point, axis, add(at, from), width), first, results, width);
  const known = knownIndex(extent);
  const alone = (begin: Expr): void => builder.for({ from: begin, to: extent, name: 'c' }, (at) => tile(at, 1));
  if (lanes === 1) return alone(index(0));
  if (known !== undefined && known % lanes === 0)
    return builder.for({ to: extent, step: lanes, name: 'c' }, (at) => tile(at, lanes));
  if (mayReadResults(window)) {
    const whole = builder.let('whole', subtract(extent, binary('remainder', extent, index(lanes))));
    builder.for({ to: whole, step: lanes, name: 'c' }, (at) => tile(at, lanes));
    return alone(whole);
  }
  // The last vector has lanes of the one before again.
  const last = builder.let('last', subtract(extent, lanes));
  const vectors = (): void =>
    builder.for({ to: extent, step: lanes, name: 'c' }, (at) => tile(builder.let('c', minimum(at, last)), lanes));
  if (known !== undefined) return known < lanes ? alone(index(0)) : vectors();
  builder.if(compare('ge', last, 0), vectors, () => alone(index(0)));
}

/** A place of the window, of one result of the tile. */
interface Step {
  readonly result: number;
  readonly place: readonly number[];
}

function finishOf({ context, stage }: Window): Finish {
  return (point, accumulators) => {
    const at = innerPoint(point, { accumulators });
    const values = stage.finish?.map((value) => emitValue(context, at, value)) ?? accumulators;
    const named = stage.writes.length === 1 ? values : values.map((value) => context.builder.let('v', value));
    for (const [position, write] of stage.writes.entries()) {
      const value = named[position];
      if (value !== undefined) emitWrite(context, at, write, value);
    }
  };
}

function emitWindow(window: Window, point: Point, first: Expr, results: number, lanes: number): void {
  const { schedule } = window;
  const finishAt = finishOf(window);
  const finish = (result: Expr, accumulators: readonly Expr[]): void =>
    finishAt(bindAxis(point, schedule.row, add(first, result)), accumulators);
  const tileOf = (width: number): Omit<WindowTile, 'finish'> => {
    const reads = new WindowReads(window, point, first, width);
    return { window, reads, point, first, results, lanes: width };
  };
  const tile = { ...tileOf(lanes), finish };
  const wide = wideLanes(window.combiner, window.context.target, lanes);
  const ofLane = (result: Expr, folded: readonly Expr[]): void =>
    finish(
      result,
      folded.map((each) => extract(each, 0)),
    );
  if (foldWindow(wide === lanes ? tile : { ...tileOf(wide), finish: ofLane })) return;
  const sums = sumsOf(tile);
  const count = besideOf(window);
  for (let result = 0; result < sums.length; result += count) {
    const points = Array.from({ length: count }, (_, at) => resultPoint(window, point, first, result + at));
    const together = sums.slice(result, result + count);
    if (!writeTogether(window, points, together))
      for (const [at, each] of points.entries()) finishAt(each, together[at] ?? []);
  }
}

type Sums = readonly (readonly Expr[])[];

/** The outermost axes of the window in loops, which carry the sums. */
function sumsOf({ window, point, first, results, lanes }: WindowTile): Sums {
  const { context, combiner, schedule } = window;
  const { k, rolled = 0 } = schedule;
  const inner: Window = { ...window, schedule: { ...schedule, k: k.slice(rolled) } };
  const count = combiner.dtypes.length;
  const sumAt = (at: Point, axes: readonly AxisId[], sums: Sums): Sums => {
    const [axis, ...rest] = axes;
    if (axis === undefined) return sumInOrder(inner, new WindowReads(inner, at, first, lanes), sums, lanes);
    const { extent, name } = axisOf(context.kernel, axis);
    const carried = context.builder.for({ to: Number(extent), name }, sums.flat(), (place, flat) =>
      sumAt(bindAxis(at, axis, place), rest, grouped(flat, count)).flat(),
    );
    return grouped(carried, count);
  };
  const initial = Array.from({ length: results * besideOf(window) }, () =>
    combiner.dtypes.map((dtype, position) => constant(vector(dtype, lanes), combiner.identity[position] ?? 0)),
  );
  return sumAt(point, k.slice(0, rolled), initial);
}

function grouped(flat: readonly Expr[], size: number): Sums {
  return Array.from({ length: flat.length / size }, (_, group) => flat.slice(group * size, (group + 1) * size));
}

function sumInOrder(window: Window, reads: WindowReads, initial: Sums, lanes: number): Sums {
  const { context } = window;
  const sums = initial.map((each) => [...each]);
  for (const { result, place } of stepsOf(window, sums.length)) {
    const at = reads.pointOf(result, place);
    const next = accumulate(window, at, sums[result] ?? [], lanes);
    sums[result] = next.map((expr) => context.builder.let('s', expr));
  }
  return sums;
}

/**
 * In the order in which the elements that slide are read: by the place of the window, but the axes that move with the row by what they add
 * to that. So few elements are alive at a time, and the order within each result is that of the window.
 */
function stepsOf(window: Window, results: number): readonly Step[] {
  const { shift, factors } = slideOf(window);
  const isOne =
    factors.filter((factor) => factor !== 0).length === 1 && shift > 0 && factors.every((each) => each >= 0);
  const places = placesOf(window);
  const steps = Array.from({ length: results }, (_, result) => places.map((place) => ({ result, place }))).flat();
  const keyOf = ({ result, place }: Step): readonly number[] =>
    place.map((at, axis) =>
      isOne && factors[axis] !== 0 ? at * (factors[axis] ?? 0) + placeOfResult(window, result).row * shift : at,
    );
  const keyed = steps.map((step) => ({ step, key: keyOf(step) }));
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ step }) => step);
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, position) => value !== b[position]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function accumulate(
  { context, stage, combiner }: Window,
  point: Point,
  sums: readonly Expr[],
  lanes: number,
): readonly Expr[] {
  const [value] = stage.values;
  const [sum] = sums;
  const isProduct = productOf(stage) !== undefined && value?.kind === 'binary' && sum !== undefined;
  if (isProduct && isFloatKernelDType(sum.type.dtype)) {
    const factor = (each: ValueExpr): Expr => spread(emitValue(context, point, each), lanes);
    return [fma(factor(value.lhs), factor(value.rhs), sum)];
  }
  const elements = stage.values.map((each) => emitValue(context, point, each));
  return combine(context, point, combiner, sums, elements);
}
