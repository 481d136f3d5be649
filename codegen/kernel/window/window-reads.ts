/** The loads of a tile of a window: each element once, from where it lies or from the image. */
import { knownIndex } from '../contraction/axis-group.ts';
import type { Located } from '../contraction/operand.ts';
import { affineIndex, axesOfAccess, walkValues } from '../lower-affine.ts';
import { axisOf, bindAxis, innerPoint, type LoweringContext, type Point } from '../lower-context.ts';
import { add, index, load } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { emitValue, spread } from '../lower-values.ts';
import { isInside } from './clamped.ts';
import type { WindowSchedule } from '../schedule.ts';
import type { Combiner, Stage, ValueExpr } from '../structured-kernel.ts';

export type LoadValue = Extract<ValueExpr, { readonly kind: 'load' }>;

/** Finishes and writes the accumulators of a result, at a point that all axes but those of the window are bound to. */
export type Finish = (point: Point, accumulators: readonly Expr[]) => void;

/** Where the load that has guards is read from: an image; where it lies, `clamped` or where no index along the row is outside. */
export interface Guarded {
  readonly of: LoadValue;
  readonly located: Located;
  readonly clamped?: Located;
  /** Read where it lies: places outside of the row are padding, and known as such where the first result of a tile is. */
  readonly isPadded?: boolean;
}

export interface Window {
  readonly context: LoweringContext;
  readonly stage: Stage;
  readonly combiner: Combiner;
  readonly schedule: WindowSchedule;
  readonly loads: readonly LoadValue[];
  /** Factors that have been packed along lanes. */
  readonly packed: ReadonlyMap<LoadValue, Located>;
  readonly guarded: Guarded | undefined;
}

/** All places of the window, in the order of the sums. */
export function placesOf({ context, schedule }: Window): readonly (readonly number[])[] {
  const extents = schedule.k.map((axis) => Number(axisOf(context.kernel, axis).extent));
  return extents.reduce<readonly (readonly number[])[]>(
    (all, extent) => all.flatMap((place) => Array.from({ length: extent }, (_, at) => [...place, at])),
    [[]],
  );
}

/** The index that slides: how far a step of the row moves it, and one of each axis of the window. */
export function slideOf({ schedule, loads }: Window): { readonly shift: number; readonly factors: readonly number[] } {
  const { k, row } = schedule;
  const moves = loads.flatMap(({ access }) => access.indices.map((each) => affineIndex(each)?.coefficients));
  const sliding = moves.find(
    (move) => move !== undefined && (move.get(row) ?? 0) !== 0 && k.some((axis) => move.has(axis)),
  );
  return { shift: Number(sliding?.get(row) ?? 0), factors: k.map((axis) => Number(sliding?.get(axis) ?? 0)) };
}

/** Sums of a result: one for each point of the axis beside it. */
export function besideOf({ context, schedule: { beside } }: Window): number {
  return beside === undefined ? 1 : Number(axisOf(context.kernel, beside).extent);
}

/** Of a sum of the tile: the result along the row, and the point beside. */
export function placeOfResult(window: Window, result: number): { readonly row: number; readonly beside: number } {
  const count = besideOf(window);
  return { row: Math.floor(result / count), beside: result % count };
}

/** The point of a sum of the tile. */
export function resultPoint(window: Window, point: Point, first: Expr, result: number): Point {
  const { row, beside } = window.schedule;
  const place = placeOfResult(window, result);
  const at = bindAxis(point, row, add(first, place.row));
  return beside === undefined ? at : bindAxis(at, beside, index(place.beside));
}

/** The loads of a tile, each element once. */
export class WindowReads {
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
    let point = resultPoint(this.#window, this.#point, this.#first, result);
    for (const [position, axis] of schedule.k.entries()) point = bindAxis(point, axis, index(place[position] ?? 0));
    for (const value of loads) {
      const known = this.#known.get(value) ?? new Map<string, Expr>();
      this.#known.set(value, known);
      const key = this.keyOf(value, result, place);
      const expr =
        known.get(key) ??
        this.#paddingAt(value, result, place) ??
        loadAt(this.#window, value, innerPoint(point), this.#lanes);
      known.set(key, expr);
      point.emitted.set(value, expr);
    }
    return point;
  }

  /** Of a place that is known to lie outside. */
  #paddingAt(value: LoadValue, result: number, place: readonly number[]): Expr | undefined {
    const { guarded, context, schedule } = this.#window;
    const first = knownIndex(this.#first);
    if (guarded?.of !== value || guarded.isPadded !== true || first === undefined) return undefined;
    const at = new Map([[schedule.row, first + placeOfResult(this.#window, result).row]]);
    for (const [position, axis] of schedule.k.entries()) at.set(axis, place[position] ?? 0);
    if (isInside(value, at) || value.otherwise === undefined) return undefined;
    return context.builder.let('x', spread(emitValue(context, innerPoint(this.#point), value.otherwise), this.#lanes));
  }

  /** Equal for steps that read the same element. */
  keyOf({ access }: LoadValue, result: number, place: readonly number[]): string {
    const { schedule } = this.#window;
    return access.indices
      .map((each) => {
        const moves = affineIndex(each)?.coefficients;
        const along = schedule.k.map((axis, position) => Number(moves?.get(axis) ?? 0) * (place[position] ?? 0));
        const { row, beside } = placeOfResult(this.#window, result);
        const ofBeside = schedule.beside === undefined ? 0 : Number(moves?.get(schedule.beside) ?? 0) * beside;
        return along.reduce((sum, part) => sum + part, Number(moves?.get(schedule.row) ?? 0) * row + ofBeside);
      })
      .join();
  }
}

/** An element at a point, to which all axes are bound. */
export function loadAt(
  { context, guarded, packed, schedule }: Window,
  value: LoadValue,
  point: Point,
  lanes: number,
): Expr {
  const { builder } = context;
  const located = packed.get(value) ?? (guarded?.of === value ? guarded.located : undefined);
  if (located === undefined) return builder.let('x', spread(emitValue(context, point, value), lanes));
  const { buffer, address, stride } = located;
  const width = point.vector === undefined || stride(schedule.vector.axis) === 0 ? 1 : lanes;
  return builder.let('x', spread(load(buffer, address(point), width), lanes));
}

/**
 * Whether the end of a result may read what has been written: an operand that moves with all that the write moves with may be in the place of
 * the output (sharing.ts). Then nothing may be written twice.
 */
export function mayReadResults({ context: { kernel }, stage: { finish = [], writes } }: Window): boolean {
  const written = writes.map((write) => [...axesOfAccess(write)].filter((axis) => axisOf(kernel, axis).extent !== 1));
  let reads = false;
  walkValues(finish, (value) => {
    if (value.kind !== 'load') return;
    const own = axesOfAccess(value.access);
    reads ||= written.some((axes) => axes.every((axis) => own.has(axis)));
  });
  return reads;
}
