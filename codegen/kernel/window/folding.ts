/**
 * Windows whose elements may be combined in any order: the greatest and the least. Columns of the window that two results share are
 * folded once. Where a maximum takes many instructions, floats are folded to the least of the negated (negate-maxima.ts says why): of a
 * window each element is negated once, however many results it has part in.
 */
import { binary, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { Combiner } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';

/** How elements become what is folded, how two of these do, and how the result comes of it. */
export interface Folding {
  /** Changes no element: need not be folded. */
  readonly neutral: number;
  readonly begin: (element: Expr) => Expr;
  readonly join: (a: Expr, b: Expr) => Expr;
  readonly end: (folded: Expr) => Expr;
}

/** Undefined when the order matters, or may. */
export function foldingOf({ dtypes, results }: Combiner, { hasMaximum }: TargetInfo): Folding | undefined {
  const [result] = results;
  const [dtype] = dtypes;
  if (results.length !== 1 || result?.kind !== 'binary') return undefined;
  const { op, lhs, rhs } = result;
  const kinds = [lhs.kind, rhs.kind];
  if (op !== 'maximum' && op !== 'minimum') return undefined;
  if (!kinds.includes('accumulator') || !kinds.includes('element')) return undefined;
  const isNegated = op === 'maximum' && !hasMaximum && (dtype === 'f32' || dtype === 'f64');
  const turn = (value: Expr): Expr => (isNegated ? unary('negate', value) : value);
  return {
    neutral: op === 'maximum' ? -Infinity : Infinity,
    begin: turn,
    join: (a, b) => binary(isNegated ? 'minimum' : op, a, b),
    end: turn,
  };
}
