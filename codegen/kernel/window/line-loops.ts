/** Loops over results, positions and columns of a line, around which notes are carried (telling.ts). */
import { knownIndex } from '../contraction/axis-group.ts';
import { add, binary, index, maximum, minimum, subtract } from '../loop-expressions.ts';
import type { LoopBuilder } from '../loop-builder.ts';
import type { Expr } from '../loop-ir.ts';
import type { Point } from '../lower-context.ts';
import type { Notes } from './telling.ts';

export interface Range {
  readonly from: Expr;
  readonly to: Expr;
}

/** Where lines are combined. */
export interface Place {
  readonly point: Point;
  /** Of each line: the result, where it has been or is combined, else the position, counted from the first element of the padding. */
  readonly at: readonly Expr[];
  readonly lanes: number;
}

/** Parts of a range: all of it where that is known to be no more than one. */
export function forParts(
  builder: LoopBuilder,
  { from, to }: Range,
  step: number,
  body: (from: Expr, to: Expr) => void,
): void {
  const count = knownIndex(subtract(to, from));
  if (count !== undefined && count <= step) return count > 0 ? body(from, to) : undefined;
  builder.for({ from, to, step, name: 'block' }, (first) => {
    const isExact = count !== undefined && count % step === 0;
    const end = isExact ? add(first, step) : builder.let('end', minimum(add(first, step), to));
    body(first, end);
  });
}

/** Nothing where there is nothing, and no loop around one. */
export function forNoted(
  builder: LoopBuilder,
  { from, to }: Range,
  step: number,
  notes: Notes,
  body: (at: Expr, notes: Notes) => Notes,
): Notes {
  if (knownIndex(subtract(to, from)) === step) return body(from, notes);
  if (knownIndex(maximum(subtract(to, from), 0)) === 0) return notes;
  return builder.for({ from, to, step, name: 'at' }, [...notes], (at, carried) => [...body(at, carried)]);
}

/** A tile and what is left of a known number of results; else smaller and smaller tiles. */
export function tileSizes(count: Expr, most: number): readonly number[] {
  const known = knownIndex(count);
  if (known !== undefined) {
    const tile = Math.min(most, Math.ceil(known / Math.max(1, Math.ceil(known / most))));
    return [tile, known % Math.max(1, tile)].filter((each) => each > 0);
  }
  return [...new Set([most, Math.ceil(most / 4), 1])];
}

/** Of what lies along lanes: where its number is not known, so many at least, in steps of which all but the last are whole. */
export interface Lanes {
  readonly lanes: number;
  readonly least: number;
  readonly step: number;
  /** The last vector may have lanes of the one before again. */
  readonly canRepeat: boolean;
}

/** Whole vectors, the last of which has lanes of the one before again; one by one where there may be too few for one. */
export function forLanes(
  builder: LoopBuilder,
  { from, to }: Range,
  { lanes, least: leastCount, step, canRepeat }: Lanes,
  notes: Notes,
  body: (at: Expr, lanes: number, notes: Notes) => Notes,
): Notes {
  const count = knownIndex(subtract(to, from));
  const least = count ?? leastCount;
  const isWhole = (count ?? step) % lanes === 0 && least % lanes === 0;
  if (lanes > 1 && least >= lanes && (isWhole || canRepeat)) {
    const last = subtract(to, lanes);
    return forNoted(builder, { from, to }, lanes, notes, (at, carried) =>
      body(isWhole ? at : builder.let('c', minimum(at, last)), lanes, carried),
    );
  }
  const all = maximum(subtract(to, from), 0);
  const rest = builder.let('rest', binary('remainder', all, index(lanes)));
  const whole = builder.let('whole', add(from, subtract(all, rest)));
  const noted = forNoted(builder, { from, to: whole }, lanes, notes, (at, carried) => body(at, lanes, carried));
  if (knownIndex(rest) === 0) return noted;
  return forNoted(builder, { from: whole, to }, 1, noted, (at, carried) => body(at, 1, carried));
}
