/** What the fuzzer knows of an op: how to make one, and how far a compiled target may be from the evaluator. */
import type { ProgramWriter } from './program-writer.ts';

/**
 * How a result that compiled code computes may differ from the evaluator's, for operands that are the same; and what becomes of a
 * difference that operands have already (error-bounds.ts, docs/numerics.md).
 *
 * - `exact`: not at all. `through` says how differences of operands go on: `corners`, the op being monotone in each operand, as far as
 *   its results at the ends of their intervals; `spoils`, to any value, in the same element of an elementwise op, else in all.
 * - `moves`: not at all, and differences go on with the elements they belong to. Operands from `data[0]` up to `data[1]` are moved;
 *   the others say where.
 * - `ulps`: an elementary function, by so many units in the last place.
 * - `sums`: by the rounding of sums in another order.
 * - `normwise`: ops made of many others; by `factor` roundings of the greatest number around.
 */
export type Rounding =
  | { readonly kind: 'exact'; readonly through: 'corners' | 'spoils' }
  | { readonly kind: 'moves'; readonly data: readonly [from: number, to: number] }
  | { readonly kind: 'ulps'; readonly ulps: number; readonly through: 'corners' | 'spoils' }
  | { readonly kind: 'sums' }
  | { readonly kind: 'normwise'; readonly factor: number };

export interface GeneratedOp {
  readonly kind: 'generated';
  /** How often it is made, beside others. */
  readonly weight: number;
  readonly rounding: Rounding;
  /** Makes the op `name` from values in scope, with what it needs beside. */
  readonly generate: (writer: ProgramWriter, name: string) => void;
}

export interface UnsupportedOp {
  readonly kind: 'unsupported';
  readonly why: string;
}

export type FuzzOp = GeneratedOp | UnsupportedOp;

export const moves: Rounding = { kind: 'moves', data: [0, Infinity] };

/** Operands from `from` up to `to` are moved. */
export function movesOperands(from: number, to: number): Rounding {
  return { kind: 'moves', data: [from, to] };
}

export const corners: Rounding = { kind: 'exact', through: 'corners' };
export const exact: Rounding = { kind: 'exact', through: 'spoils' };
export const sums: Rounding = { kind: 'sums' };

export function ulps(count: number, through: 'corners' | 'spoils' = 'corners'): Rounding {
  return { kind: 'ulps', ulps: count, through };
}

export function normwise(factor: number): Rounding {
  return { kind: 'normwise', factor };
}

export function generated(rounding: Rounding, generate: GeneratedOp['generate'], weight = 2): GeneratedOp {
  return { kind: 'generated', weight, rounding, generate };
}

/** An op that no compiled target has, or that is no op of a function body, and why. */
export function unsupported(why: string): UnsupportedOp {
  return { kind: 'unsupported', why };
}
