/**
 * Windows whose elements may be combined in any order: the greatest and the least. Columns of the window that two results share are
 * folded once. Where a maximum takes many instructions, floats are folded to the least of the negated (negate-maxima.ts says why): of a
 * window each element is negated once, however many results it has part in. Most floats need less: {@link quickFolding}.
 */
import { add, binary, bitcast, compare, constant, fma, laneReduce, select, unary } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { Combiner } from '../structured-kernel.ts';
import type { TargetInfo } from '../target-info.ts';
import { vector } from '../value-type.ts';

/** How elements become what is folded, how two of these do, and how the result comes of it. */
export interface Folding {
  /** Changes no element: need not be folded. */
  readonly neutral: number;
  readonly begin: (element: Expr) => Expr;
  readonly join: (a: Expr, b: Expr) => Expr;
  readonly end: (folded: Expr) => Expr;
}

/** Undefined when the order matters, or may. Of scalars either costs the same. */
export function foldingOf(
  { dtypes, results }: Combiner,
  { hasMaximum }: TargetInfo,
  lanes: number,
): Folding | undefined {
  const [result] = results;
  const [dtype] = dtypes;
  if (results.length !== 1 || result?.kind !== 'binary') return undefined;
  const { op, lhs, rhs } = result;
  const kinds = [lhs.kind, rhs.kind];
  if (op !== 'maximum' && op !== 'minimum') return undefined;
  if (!kinds.includes('accumulator') || !kinds.includes('element')) return undefined;
  const isNegated = op === 'maximum' && !hasMaximum && lanes > 1 && (dtype === 'f32' || dtype === 'f64');
  const turn = (value: Expr): Expr => (isNegated ? unary('negate', value) : value);
  return {
    neutral: op === 'maximum' ? -Infinity : Infinity,
    begin: turn,
    join: (a, b) => binary(isNegated ? 'minimum' : op, a, b),
    end: turn,
  };
}

/** A folding that may be wrong, and what tells whether it was. */
export interface QuickFolding {
  readonly join: (a: Expr, b: Expr) => Expr;
  /** Two elements, or what came of them: a NaN in either is one in the result. */
  readonly addElements: (a: Expr, b: Expr) => Expr;
  /** Two results as those of which zeros are told. */
  readonly addResults: (a: Expr, b: Expr) => Expr;
  readonly noteResult: (result: Expr) => Expr;
  /** Of all elements and all results: whether the exact folding may give anything else. */
  readonly isDoubtful: (elements: Expr, results: Expr) => Expr;
}

/**
 * The greatest by `a < b ? b : a`, one instruction, which only goes wrong on a NaN as b and on a -0 as a beside a 0 as b. So it is right
 * where the sum of all elements is no NaN (of infinities of both signs it is one without need) and no result is -0, whose bits are the
 * least of all integers. Undefined where the exact folding is as quick.
 */
export function quickFolding(
  { dtypes: [dtype], identity, results: [result] }: Combiner,
  { hasMaximum, fma: multiplyAdds }: TargetInfo,
  lanes: number,
): QuickFolding | undefined {
  const isGreatest = result?.kind === 'binary' && result.op === 'maximum' && identity[0] === -Infinity;
  if (hasMaximum || !isGreatest || dtype !== 'f32' || lanes === 1) return undefined;
  const one = constant(vector('f32', lanes), 1);
  const bits = { dtype: 'i32', lanes } as const;
  return {
    join: (a, b) => select(compare('lt', a, b), b, a),
    addElements: (sum, element) => (multiplyAdds === 'none' ? add(sum, element) : fma(element, one, sum)),
    addResults: (a, b) => binary('minimum', a, b),
    noteResult: (value) => bitcast(bits, value),
    isDoubtful: (elements, least) =>
      laneReduce(
        'or',
        binary('or', compare('ne', elements, elements), compare('eq', least, constant(bits, -(2 ** 31)))),
      ),
  };
}

/** Of what is neither the greatest nor the least, where any order will do. */
export function inAnyOrder({ results: [result] }: Combiner): Folding {
  const keep = (value: Expr): Expr => value;
  const op = result?.kind === 'binary' ? result.op : 'add';
  return { neutral: 0, begin: keep, join: (a, b) => binary(op, a, b), end: keep };
}

/**
 * The lanes in which a float alone is folded: those of a whole vector of it, since its greatest takes a branch that data decide. (Zen 5, 3x3,
 * stride 2, of 112x112x3 137 -> 11 us.)
 */
export function wideLanes(
  { dtypes: [dtype], results: [result] }: Combiner,
  { vectorBits }: TargetInfo,
  lanes: number,
): number {
  const isExtreme = result?.kind === 'binary' && (result.op === 'maximum' || result.op === 'minimum');
  return lanes === 1 && dtype === 'f32' && isExtreme ? vectorBits / 32 : lanes;
}
