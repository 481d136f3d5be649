/**
 * A tile of a window whose elements may be folded in any order: the columns of the window first, which neighbours share.
 *
 *     max 3x3, stride 2:   a = max of column 0, b of column 1, ..., e of column 4;   out[x] = max(a, b, c),   out[x + 1] = max(c, d, e)
 */
import { axisOf, bindAxis, innerPoint, type Point } from '../lower-context.ts';
import { add, constant, index } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import { emitValue, spread } from '../lower-values.ts';
import { vector } from '../value-type.ts';
import { knownIndex } from '../contraction/axis-group.ts';
import { isInside } from './clamped.ts';
import { type Folding, foldingOf, quickFolding, type QuickFolding } from './folding.ts';
import {
  loadAt,
  type LoadValue,
  mayReadResults,
  placesOf,
  slideOf,
  type Window,
  type WindowReads,
} from './window-reads.ts';

export interface WindowTile {
  readonly window: Window;
  readonly reads: WindowReads;
  /** Binds all axes but those of the row and the window. */
  readonly point: Point;
  readonly first: Expr;
  readonly results: number;
  readonly lanes: number;
  /** Finishes and writes a result. */
  readonly finish: (result: Expr, accumulators: readonly Expr[]) => void;
}

/** False, and nothing emitted, where the order matters. */
export function foldWindow(tile: WindowTile): boolean {
  const { context, combiner, loads } = tile.window;
  const folding = foldingOf(combiner, context.target, tile.lanes);
  const [main, ...others] = loads;
  if (folding === undefined || main === undefined || others.length > 0) return false;
  // What is not right is written again: nothing that is read may lie there.
  const quick = mayReadResults(tile.window) ? undefined : quickFolding(combiner, context.target, tile.lanes);
  if (quick === undefined) foldExactly(tile, folding, main);
  else foldQuickly(tile, quick, folding, main);
  return true;
}

function foldExactly(tile: WindowTile, folding: Folding, main: LoadValue): void {
  const first = identityOf(tile, folding);
  foldColumns(tile, main, folding.begin, folding.join, (result, folded) =>
    tile.finish(index(result), [folding.end(first === undefined ? folded : folding.join(first, folded))]),
  );
}

/** The identity, where an element could be less. */
function identityOf({ window: { combiner }, lanes }: WindowTile, folding: Folding): Expr | undefined {
  const [identity = 0] = combiner.identity;
  if (Object.is(identity, folding.neutral)) return undefined;
  return folding.begin(constant(vector(combiner.dtypes[0] ?? 'f32', lanes), identity));
}

/** Sums of elements that grow side by side: each waits for the one before. */
const sumsAtOnce = 4;

function foldQuickly(tile: WindowTile, quick: QuickFolding, folding: Folding, main: LoadValue): void {
  const { builder } = tile.window.context;
  const sums: Expr[] = [];
  let count = 0;
  const begin = (element: Expr): Expr => {
    const at = count % sumsAtOnce;
    const sum = sums[at];
    sums[at] = sum === undefined ? element : builder.let('nan', quick.addElements(sum, element));
    count += 1;
    return element;
  };
  let noted: Expr | undefined;
  foldColumns(tile, main, begin, quick.join, (result, folded) => {
    const note = quick.noteResult(folded);
    noted = noted === undefined ? note : builder.let('zero', quick.addResults(noted, note));
    tile.finish(index(result), [folded]);
  });
  const elements = builder.let(
    'nan',
    sums.reduce((a, b) => quick.addElements(a, b)),
  );
  if (noted === undefined) return;
  const again = (): readonly [] => {
    foldEach(tile, folding, main);
    return [];
  };
  builder.chooseRarely(quick.isDoubtful(elements, noted), again, () => []);
}

/** Each result by itself, in loops: little code for what hardly ever runs. */
function foldEach(tile: WindowTile, folding: Folding, main: LoadValue): void {
  const { point, first, results, lanes } = tile;
  const { guarded } = tile.window;
  const window =
    guarded?.clamped === undefined ? tile.window : { ...tile.window, guarded: { of: main, located: guarded.clamped } };
  const { context, schedule, combiner } = window;
  const neutral = folding.begin(constant(vector(combiner.dtypes[0] ?? 'f32', lanes), folding.neutral));
  context.builder.for({ to: results, name: 'result' }, (result) => {
    const fold = (at: Point, axes: Window['schedule']['k'], folded: Expr): Expr => {
      const [axis, ...rest] = axes;
      if (axis === undefined)
        return folding.join(folded, folding.begin(elementAt(window, main, innerPoint(at), lanes)));
      const { extent, name } = axisOf(context.kernel, axis);
      const [next] = context.builder.for({ to: Number(extent), name }, [folded], (place, [sum]) => [
        fold(bindAxis(at, axis, place), rest, sum),
      ]);
      return next;
    };
    const folded = fold(bindAxis(point, schedule.row, add(first, result)), schedule.k, neutral);
    tile.finish(result, [folding.end(folded)]);
  });
}

function elementAt(window: Window, main: LoadValue, point: Point, lanes: number): Expr {
  const { context, stage } = window;
  const [value] = stage.values;
  point.emitted.set(main, loadAt(window, main, point, lanes));
  return value === undefined ? index(0) : spread(emitValue(context, point, value), lanes);
}

/** Each result as soon as its columns are folded. */
function foldColumns(
  { window, reads, first, results, lanes }: WindowTile,
  main: LoadValue,
  begin: (element: Expr) => Expr,
  join: (a: Expr, b: Expr) => Expr,
  visit: (result: number, folded: Expr) => void,
): void {
  const { context, stage, guarded } = window;
  const [value] = stage.values;
  if (value === undefined) return;
  const at = knownIndex(first);
  const isThere = (result: number, place: readonly number[]): boolean =>
    guarded?.clamped === undefined || at === undefined || isInRow(window, main, at + result, place);
  const name = (folded: Expr): Expr => context.builder.let('s', folded);
  const fold = (all: readonly Expr[]): Expr => all.reduce((a, b) => name(join(a, b)));
  const known = new Map<string, Expr>();
  const once = (key: string, make: () => Expr): Expr => {
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  };
  const elementOf = (result: number, place: readonly number[]): Expr =>
    once(reads.keyOf(main, result, place), () =>
      name(begin(spread(emitValue(context, reads.pointOf(result, place), value), lanes))),
    );
  const columns = columnsOf(window);
  for (let result = 0; result < results; result += 1) {
    const there = columns.map((places) => places.filter((place) => isThere(result, place)));
    const own = there.flatMap((places) =>
      places.length === 0
        ? []
        : [
            once(`${places.map((place) => reads.keyOf(main, result, place)).join(';')};`, () =>
              fold(places.map((place) => elementOf(result, place))),
            ),
          ],
    );
    visit(result, fold(own));
  }
}

/** Of a load whose indices are clamped: whether a place of the window of a result is between the ends of the row. */
function isInRow({ schedule }: Window, main: LoadValue, result: number, place: readonly number[]): boolean {
  const at = new Map([
    [schedule.row, result],
    ...schedule.k.map((axis, position) => [axis, place[position] ?? 0] as const),
  ]);
  return isInside(main, at);
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
