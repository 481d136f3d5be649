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
import type { Located } from '../contraction/operand.ts';
import { productOf } from '../contraction/product.ts';
import { affineIndex, walkValues } from '../lower-affine.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import {
  add, binary, constant, fma, index, load, minimum, subtract,
} from '../loop-expressions.ts'; // prettier-ignore
import type { Expr } from '../loop-ir.ts';
import { combine } from '../lower-reduction.ts';
import { emitValue, emitWrite, spread } from '../lower-values.ts';
import type { WindowSchedule } from '../schedule.ts';
import type { AxisId, Combiner, Stage, ValueExpr } from '../structured-kernel.ts';
import { isFloatKernelDType, vector } from '../value-type.ts';
import { windowImageAxes } from './choose-window.ts';
import { foldingOf } from './folding.ts';

type LoadValue = Extract<ValueExpr, { readonly kind: 'load' }>;

interface Window {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly combiner: Combiner;
  readonly schedule: WindowSchedule;
  readonly loads: readonly LoadValue[];
  /** Where the load that has guards is read from. */
  readonly image: { readonly of: LoadValue; readonly located: Located } | undefined;
}

export function lowerWindow(context: LoweringContext, point: Point, stage: Stage, schedule: WindowSchedule): void {
  const { combiner } = stage;
  if (combiner === undefined) throw new InvariantError(`kernel ${context.kernel.name}: no reduction has a window`);
  const loads: LoadValue[] = [];
  walkValues(stage.values, (value) => void (value.kind === 'load' && loads.push(value)));
  const window: Window = { context, stage, combiner, schedule, loads, image: undefined };
  const guarded = loads.find(({ access }) => access.guards.length > 0);
  const around = schedule.outer.slice(0, -1);
  if (guarded === undefined)
    return forAxes(context, point, around, (at) =>
      forBands(window, at, (first, count) => forRows(window, at, first, count)),
    );
  const shape = imageShape(context.kernel, guarded.access, windowImageAxes(schedule));
  if (shape === undefined) throw new InvariantError(`kernel ${context.kernel.name}: a window has no image`);
  const options = { name: 'image', dtype: guarded.dtype, size: shape.elements, alignment: 16 };
  context.builder.alloc(options, 'stack', (buffer) =>
    forAxes(context, point, around, (at) =>
      forBands(window, at, (first, count) => {
        const placed: PlacedImage = { shape, buffer, first };
        emitImage(context, innerPoint(at), guarded, placed, count, schedule.vector.lanes);
        forRows({ ...window, image: { of: guarded, located: imageLocated(placed) } }, at, first, count);
      }),
    ),
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

/** Whole tiles of a row, then one of what is left, or where that is bound late one result at a time. */
function forTiles(window: Window, point: Point): void {
  const { context, schedule } = window;
  const { builder } = context;
  const { row, tile } = schedule;
  const [range] = axisGroup(context, point, [row]).axes;
  if (range === undefined) return forVectors(window, point, index(0), 1);
  const { from, extent } = range;
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
  const rest = builder.let('rest', binary('remainder', extent, index(lanes)));
  const whole = builder.let('whole', subtract(extent, rest));
  const tile = (at: Expr, width: number): void =>
    emitWindow(window, bindAxis(point, axis, add(at, from), width), first, results, width);
  if (knownIndex(whole) !== 0) builder.for({ to: whole, step: lanes, name: 'c' }, (at) => tile(at, lanes));
  if (knownIndex(rest) !== 0) builder.for({ from: whole, to: extent, name: 'c' }, (at) => tile(at, 1));
}

/** A place of the window, of one result of the tile. */
interface Step {
  readonly result: number;
  readonly place: readonly number[];
}

function emitWindow(window: Window, point: Point, first: Expr, results: number, lanes: number): void {
  const { context, stage, schedule } = window;
  const { builder } = context;
  const reads = new WindowReads(window, point, first, lanes);
  const sums = foldColumns(window, reads, results, lanes) ?? sumInOrder(window, reads, results, lanes);
  for (const [result, accumulators] of sums.entries()) {
    const at = innerPoint(bindAxis(point, schedule.row, add(first, result)), { accumulators });
    const values = stage.finish?.map((value) => emitValue(context, at, value)) ?? accumulators;
    const named = stage.writes.length === 1 ? values : values.map((value) => builder.let('v', value));
    for (const [position, write] of stage.writes.entries()) {
      const value = named[position];
      if (value !== undefined) emitWrite(context, at, write, value);
    }
  }
}

type Sums = readonly (readonly Expr[])[];

function sumInOrder(window: Window, reads: WindowReads, results: number, lanes: number): Sums {
  const { context, combiner } = window;
  const sums: Expr[][] = Array.from({ length: results }, () =>
    combiner.dtypes.map((dtype, position) => constant(vector(dtype, lanes), combiner.identity[position] ?? 0)),
  );
  for (const { result, place } of stepsOf(window, results)) {
    const at = reads.pointOf(result, place);
    const next = accumulate(window, at, sums[result] ?? [], lanes);
    sums[result] = next.map((expr) => context.builder.let('s', expr));
  }
  return sums;
}

/** Of what may be folded in any order: the columns of the window first, which neighbours share. Undefined for what may not. */
function foldColumns(window: Window, reads: WindowReads, results: number, lanes: number): Sums | undefined {
  const { context, combiner, stage, loads } = window;
  const [value] = stage.values;
  const [main, ...others] = loads;
  const folding = foldingOf(combiner, context.target);
  if (folding === undefined || value === undefined || main === undefined || others.length > 0) return undefined;
  const columns = columnsOf(window);
  const name = (folded: Expr): Expr => context.builder.let('s', folded);
  const fold = (all: readonly Expr[]): Expr => all.reduce((a, b) => name(folding.join(a, b)));
  const [identity = 0] = combiner.identity;
  const first = Object.is(identity, folding.neutral)
    ? []
    : [folding.begin(constant(vector(combiner.dtypes[0] ?? 'f32', lanes), identity))];
  const known = new Map<string, Expr>();
  const elementAt = (result: number, place: readonly number[]): Expr => {
    const key = reads.keyOf(main, result, place);
    const element =
      known.get(key) ?? name(folding.begin(spread(emitValue(context, reads.pointOf(result, place), value), lanes)));
    known.set(key, element);
    return element;
  };
  return Array.from({ length: results }, (_, result) => {
    const own = columns.map((places) => {
      const key = `${places.map((place) => reads.keyOf(main, result, place)).join(';')};`;
      const column = known.get(key) ?? fold(places.map((place) => elementAt(result, place)));
      known.set(key, column);
      return column;
    });
    return [name(folding.end(fold([...first, ...own])))];
  });
}

/** The places of the window by what they add to the index that slides with the row. */
function columnsOf(window: Window): readonly (readonly (readonly number[])[])[] {
  const { factors } = slideOf(window);
  const columns = new Map<number, (readonly number[])[]>();
  for (const place of placesOf(window)) {
    const along = place.reduce((sum, at, axis) => sum + at * (factors[axis] ?? 0), 0);
    columns.set(along, [...(columns.get(along) ?? []), place]);
  }
  return [...columns.values()];
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
    place.map((at, axis) => (isOne && factors[axis] !== 0 ? at * (factors[axis] ?? 0) + result * shift : at));
  const keyed = steps.map((step) => ({ step, key: keyOf(step) }));
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ step }) => step);
}

/** All places of the window, in the order of the sums. */
function placesOf({ context, schedule }: Window): readonly (readonly number[])[] {
  const extents = schedule.k.map((axis) => Number(axisOf(context.kernel, axis).extent));
  return extents.reduce<readonly (readonly number[])[]>(
    (all, extent) => all.flatMap((place) => Array.from({ length: extent }, (_, at) => [...place, at])),
    [[]],
  );
}

/** The index that slides: how far a step of the row moves it, and one of each axis of the window. */
function slideOf({ schedule, loads }: Window): { readonly shift: number; readonly factors: readonly number[] } {
  const { k, row } = schedule;
  const moves = loads.flatMap(({ access }) => access.indices.map((each) => affineIndex(each)?.coefficients));
  const sliding = moves.find(
    (move) => move !== undefined && (move.get(row) ?? 0) !== 0 && k.some((axis) => move.has(axis)),
  );
  return { shift: Number(sliding?.get(row) ?? 0), factors: k.map((axis) => Number(sliding?.get(axis) ?? 0)) };
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, position) => value !== b[position]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** The loads of a tile, each element once. */
class WindowReads {
  readonly #window: Window;
  readonly #point: Point;
  readonly #first: Expr;
  readonly #lanes: number;
  readonly #known = new Map<LoadValue, Map<string, Expr>>();

  constructor(window: Window, point: Point, first: Expr, lanes: number) {
    this.#window = window;
    this.#point = point;
    this.#first = first;
    this.#lanes = lanes;
  }

  /** The point of a step, at which its loads have been emitted. */
  pointOf(result: number, place: readonly number[]): Point {
    const { schedule, loads } = this.#window;
    let point = bindAxis(this.#point, schedule.row, add(this.#first, result));
    for (const [position, axis] of schedule.k.entries()) point = bindAxis(point, axis, index(place[position] ?? 0));
    for (const value of loads) {
      const known = this.#known.get(value) ?? new Map<string, Expr>();
      this.#known.set(value, known);
      const key = this.keyOf(value, result, place);
      const expr = known.get(key) ?? this.#load(value, innerPoint(point));
      known.set(key, expr);
      point.emitted.set(value, expr);
    }
    return point;
  }

  /** Equal for steps that read the same element. */
  keyOf({ access }: LoadValue, result: number, place: readonly number[]): string {
    const { schedule } = this.#window;
    return access.indices
      .map((each) => {
        const moves = affineIndex(each)?.coefficients;
        const along = schedule.k.map((axis, position) => Number(moves?.get(axis) ?? 0) * (place[position] ?? 0));
        return along.reduce((sum, part) => sum + part, Number(moves?.get(schedule.row) ?? 0) * result);
      })
      .join();
  }

  #load(value: LoadValue, point: Point): Expr {
    const { context, image, schedule } = this.#window;
    const { builder } = context;
    if (image?.of !== value) return builder.let('x', spread(emitValue(context, point, value), this.#lanes));
    const { buffer, address, stride } = image.located;
    const width = stride(schedule.vector.axis) === 0 ? 1 : this.#lanes;
    return builder.let('x', spread(load(buffer, address(point), width), this.#lanes));
  }
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
