/** Divides a block of rows or columns into whole tiles and exact remainders. */
import {
  add,
  and,
  binary,
  compare,
  divide,
  index,
  maximum,
  minimum,
  multiply,
  select,
  subtract,
} from '../loop-expressions.ts';
import type { LoopBuilder } from '../loop-builder.ts';
import type { Expr } from '../loop-ir.ts';
import { type AxisGroup, knownIndex } from './axis-group.ts';
import type { Strip } from './operand.ts';

export interface Range {
  readonly from: Expr;
  readonly to: Expr;
}

/** The tiles of a block that are whole, and what is left at the end of the last block. */
export interface WholeTiles {
  readonly range: Range;
  /** Emits for the remainder where there is one: its beginning and its extent, a constant where the group's is. */
  readonly atRest: (body: (from: Expr, count: Expr) => void) => void;
}

export function wholeTiles(builder: LoopBuilder, group: AxisGroup, { from, to }: Range, tile: number): WholeTiles {
  const { extent, known, possible } = group;
  if (possible?.every((each) => each % tile === 0) === true) return { range: { from, to }, atRest: () => undefined };
  if (possible !== undefined && to === extent) return possibleTiles(builder, group, from, possible, tile);
  const count =
    known === undefined ? builder.let('rest', binary('remainder', extent, index(tile))) : index(known % tile);
  const end = builder.let('whole', subtract(extent, count));
  const isAll = to === extent;
  const isLast = compare('eq', to, extent);
  const isSome = known === undefined ? compare('gt', count, 0) : isLast;
  const hasRest = isAll || known !== undefined ? isSome : and(isLast, isSome);
  return {
    range: { from, to: isAll ? end : builder.let('end', minimum(to, end)) },
    atRest: (body) => builder.if(hasRest, () => body(end, count)),
  };
}

/** Each of the extents has code of its own for what is left, and there is code for no others. */
function possibleTiles(
  builder: LoopBuilder,
  group: AxisGroup,
  from: Expr,
  possible: readonly number[],
  tile: number,
): WholeTiles {
  const rests = possible.filter((each) => each % tile > 0);
  const whole = chosenByExtent(
    builder,
    group,
    possible.map((each): [number, number] => [each, each - (each % tile)]),
  );
  return {
    range: { from, to: whole },
    atRest: (body) =>
      forPossibleExtents(builder, group, rests, (each) => body(index(each - (each % tile)), index(each % tile))),
  };
}

function forPossibleExtents(
  builder: LoopBuilder,
  { extent, known }: AxisGroup,
  extents: readonly number[],
  body: (extent: number) => void,
): void {
  for (const each of extents) {
    if (known === each) body(each);
    else builder.if(compare('eq', extent, each), () => body(each));
  }
}

/** The number that goes with the extent there is. */
function chosenByExtent(
  builder: LoopBuilder,
  { extent }: AxisGroup,
  numbers: readonly (readonly [extent: number, number: number])[],
): Expr {
  const [last, ...others] = numbers.toReversed();
  const chosen = others.reduce<Expr>(
    (rest, [each, number]) => select(compare('eq', extent, each), index(number), rest),
    index(last?.[1] ?? 0),
  );
  return builder.let('whole', chosen);
}

/** A loop over tiles; no loop for one. */
export function forTiles(
  builder: LoopBuilder,
  { from, to }: Range,
  step: number,
  name: string,
  body: (at: Expr) => void,
): void {
  const known = { from: knownIndex(from), to: knownIndex(to) };
  if (known.from !== undefined && known.to !== undefined && known.to - known.from <= step)
    return known.to > known.from ? body(from) : undefined;
  builder.for({ from, to, step, name }, body);
}

export interface ColumnWidths {
  readonly nr: number;
  /** Panels that a strip takes at once where there are as many. */
  readonly panels: number;
  readonly lanes: number;
  readonly isDirect: boolean;
}

/**
 * Column strips of `nr`, or of several panels. Panels have zeros in their last columns, so they are computed whole and `valid` says how many
 * exist; what is read directly gets strips of whole vectors, then of single columns.
 */
export function forColumnStrips(
  builder: LoopBuilder,
  group: AxisGroup,
  { from, to }: Range,
  { panels, ...widths }: ColumnWidths,
  body: (strip: Strip, valid: Expr) => void,
): void {
  const { nr, lanes } = widths;
  const wide = panels * nr;
  const isOneBlock = group.known !== undefined && knownIndex(from) === 0 && knownIndex(to) === group.known;
  if (panels === 1 || isOneBlock) return forPanelStrips(builder, group, { from, to }, { ...widths, nr: wide }, body);
  const end = builder.let('wide', subtract(to, binary('remainder', subtract(to, from), index(wide))));
  forTiles(builder, { from, to: end }, wide, 'n', (first) => body({ first, count: wide / lanes, lanes }, index(wide)));
  forPanelStrips(builder, group, { from: end, to }, widths, body);
}

function forPanelStrips(
  builder: LoopBuilder,
  group: AxisGroup,
  range: Range,
  { nr, lanes, isDirect }: Omit<ColumnWidths, 'panels'>,
  body: (strip: Strip, valid: Expr) => void,
): void {
  const whole = wholeTiles(builder, group, range, nr);
  const strip = (first: Expr, count: number, width = lanes): Strip => ({ first, count, lanes: width });
  forTiles(builder, whole.range, nr, 'n', (first) => body(strip(first, nr / lanes), index(nr)));
  whole.atRest((from, count) => {
    const known = knownIndex(count);
    if (!isDirect) return body(strip(from, known === undefined ? nr / lanes : Math.ceil(known / lanes)), count);
    const single = binary('remainder', count, index(lanes));
    const vectors = subtract(count, single);
    const exact = knownIndex(vectors);
    const end = builder.let('end', add(from, count));
    const middle = builder.let('middle', add(from, vectors));
    if (exact === undefined)
      forTiles(builder, { from, to: middle }, lanes, 'n', (n) => body(strip(n, 1), index(lanes)));
    else if (exact > 0) body(strip(from, exact / lanes), vectors);
    const rest = knownIndex(single);
    if (rest === undefined) forTiles(builder, { from: middle, to: end }, 1, 'n', (n) => body(strip(n, 1, 1), index(1)));
    else if (rest > 0) body(strip(middle, rest, 1), single);
  });
}

/** Rows in tiles of `mr`, then what is left: one strip of fewer rows, or two. */
export interface RowDivision {
  readonly whole: Range;
  /** Emits for the strips that are left: the first row and the number of rows of each, which is a constant where the extent is. */
  readonly atRest: (body: (first: Expr, rows: Expr) => void) => void;
}

/**
 * A strip of one or two rows takes as long as one of four: its sums wait for each other. So a short rest is taken together with the tile
 * before it, in two strips of about one height (11 rows in tiles of 5 are 5, 3 and 3), unless rows lie in panels of `mr` (`isPaneled`).
 */
export function divideRows(
  builder: LoopBuilder,
  group: AxisGroup,
  range: Range,
  mr: number,
  { isPaneled }: { readonly isPaneled: boolean },
): RowDivision {
  const { known, extent, possible } = group;
  const isOneBlock = range.to === extent && knownIndex(range.from) === 0;
  if (possible !== undefined && isOneBlock) return dividePossibleRows(builder, group, range, possible, mr, isPaneled);
  if (known === undefined) return divideLateRows(builder, range, extent, mr, isPaneled);
  const whole = wholeTiles(builder, group, range, mr);
  return { whole: whole.range, atRest: (body) => whole.atRest(body) };
}

/** Rows after the last whole tile: where they begin, and the strips they make. */
interface RestRows {
  readonly begin: number;
  readonly strips: readonly number[];
}

function restRows(rows: number, mr: number, isPaneled: boolean): RestRows {
  const rest = rows % mr;
  const isPulled = !isPaneled && rest > 0 && rest < mr - 1 && rows > mr;
  if (!isPulled) return { begin: rows - rest, strips: rest === 0 ? [] : [rest] };
  const upper = Math.ceil((rest + mr) / 2);
  return { begin: rows - rest - mr, strips: [upper, rest + mr - upper] };
}

function dividePossibleRows(
  builder: LoopBuilder,
  group: AxisGroup,
  { from }: Range,
  possible: readonly number[],
  mr: number,
  isPaneled: boolean,
): RowDivision {
  const rests = new Map(possible.map((rows): [number, RestRows] => [rows, restRows(rows, mr, isPaneled)]));
  const whole = chosenByExtent(
    builder,
    group,
    possible.map((rows): [number, number] => [rows, rests.get(rows)?.begin ?? rows]),
  );
  return {
    whole: { from, to: whole },
    atRest(body) {
      forPossibleExtents(builder, group, possible, (rows) => {
        const { begin, strips } = rests.get(rows) ?? { begin: rows, strips: [] };
        let first = begin;
        for (const count of strips) {
          body(index(first), index(count));
          first += count;
        }
      });
    },
  };
}

function divideLateRows(
  builder: LoopBuilder,
  { from, to }: Range,
  extent: Expr,
  mr: number,
  isPaneled: boolean,
): RowDivision {
  if (mr === 1) return { whole: { from, to }, atRest: () => undefined };
  const last = binary('remainder', extent, index(mr));
  const rest = builder.let('rest', to === extent ? last : select(compare('eq', to, extent), last, index(0)));
  const isShort = and(compare('gt', rest, 0), compare('lt', rest, mr - 1));
  const isPulled = and(isShort, compare('gt', subtract(to, from), mr));
  const left = isPaneled || mr < 3 ? rest : builder.let('left', select(isPulled, add(rest, mr), rest));
  const begin = builder.let('begin', subtract(to, left));
  return {
    whole: { from, to: begin },
    atRest(body) {
      const strips = builder.let('strips', divide(add(left, mr - 1), index(mr)));
      const most = builder.let('most', divide(add(left, subtract(strips, 1)), maximum(strips, 1)));
      builder.for({ to: strips, name: 'strip' }, (strip) => {
        const first = builder.let('m', add(begin, multiply(strip, most)));
        body(first, builder.let('rows', minimum(most, subtract(to, first))));
      });
    },
  };
}

/** What is left of a division, each strip with a constant number of rows. */
export function forRestStrips(
  builder: LoopBuilder,
  { atRest }: RowDivision,
  mr: number,
  body: (strip: Strip) => void,
): void {
  atRest((first, rows) => {
    const known = knownIndex(rows);
    if (known !== undefined) return body({ first, count: known, lanes: 1 });
    for (let count = mr - 1; count > 0; count -= 1)
      builder.if(compare('eq', rows, count), () => body({ first, count, lanes: 1 }));
  });
}
