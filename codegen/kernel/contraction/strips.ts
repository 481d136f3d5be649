/** Divides a block of rows or columns into whole tiles and exact remainders. */
import { add, and, binary, compare, index, minimum, select, subtract } from '../loop-expressions.ts';
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
  const { extent, known } = group;
  if (known !== undefined && known % tile === 0) return { range: { from, to }, atRest: () => undefined };
  const count =
    known === undefined ? builder.let('rest', binary('remainder', extent, index(tile))) : index(known % tile);
  const end = builder.let('whole', subtract(extent, count));
  const isAll = to === extent;
  const isLast = compare('eq', to, extent);
  const isSome = known === undefined ? compare('gt', count, 0) : isLast;
  const hasRest = isAll || known !== undefined ? isSome : and(isLast, isSome);
  return {
    range: { from, to: isAll ? end : builder.let('end', minimum(to, end)) },
    atRest: (body) => (isAll && known !== undefined ? body(end, count) : builder.if(hasRest, () => body(end, count))),
  };
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

const aligned = index(0);

/**
 * Column strips of at most `nr`. Panels have zeros in their last columns, so they are computed whole and `valid` says how many exist; what
 * is read directly gets strips of whole vectors, then of single columns.
 */
export function forColumnStrips(
  builder: LoopBuilder,
  group: AxisGroup,
  range: Range,
  { nr, lanes, isDirect }: { readonly nr: number; readonly lanes: number; readonly isDirect: boolean },
  body: (strip: Strip, valid: Expr) => void,
): void {
  const whole = wholeTiles(builder, group, range, nr);
  const strip = (first: Expr, count: number, width = lanes): Strip => ({ first, count, lanes: width, offset: aligned });
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

/** Row strips of `mr`; the remainder as one strip where it is known, else as strips of falling powers of two. */
export function forRowStrips(
  builder: LoopBuilder,
  group: AxisGroup,
  range: Range,
  mr: number,
  body: (strip: Strip) => void,
): void {
  const whole = wholeTiles(builder, group, range, mr);
  forTiles(builder, whole.range, mr, 'm', (first) => body({ first, count: mr, lanes: 1, offset: aligned }));
  whole.atRest((from, count) => {
    const known = knownIndex(count);
    if (known !== undefined) return body({ first: from, count: known, lanes: 1, offset: aligned });
    let offset: Expr = aligned;
    for (const rows of powersBelow(mr)) {
      const fits = builder.let('fits', compare('ge', subtract(count, offset), rows));
      const here = offset;
      builder.if(fits, () => body({ first: builder.let('m', add(from, here)), count: rows, lanes: 1, offset: here }));
      offset = builder.let('offset', select(fits, add(here, rows), here));
    }
  });
}

/** The powers of two below a number, largest first. */
function powersBelow(limit: number): readonly number[] {
  const powers: number[] = [];
  for (let power = 1; power < limit; power *= 2) powers.unshift(power);
  return powers;
}
