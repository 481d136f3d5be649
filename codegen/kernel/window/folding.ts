/**
 * Windows whose elements may be combined in any order: the greatest and the least. Columns of the window that two results share are
 * folded once. Floats are folded as integers, in three instructions an element where a maximum that keeps NaN apart needs eight:
 *
 * - the greatest of the bits as signed integers is the greatest float, or a NaN without sign, unless all have a sign;
 * - the least of the bits as unsigned integers is the greatest float if all have a sign: the one of the least magnitude;
 * - the greatest of the bits as unsigned integers is above those of -inf if there is a NaN with a sign.
 */
import { binary, bitcast, compare, constant, select } from '../loop-expressions.ts';
import type { Expr } from '../loop-ir.ts';
import type { Combiner } from '../structured-kernel.ts';
import { vector } from '../value-type.ts';

type Extreme = 'maximum' | 'minimum';

/** What is known of the elements met so far. */
export type Folded = readonly Expr[];

export interface Folding {
  readonly begin: (element: Expr) => Folded;
  readonly join: (a: Folded, b: Folded) => Folded;
  readonly end: (folded: Folded) => Expr;
}

/** Undefined when the order matters, or may. */
export function foldingOf({ dtypes, results }: Combiner): Folding | undefined {
  const [result] = results;
  const [dtype] = dtypes;
  if (results.length !== 1 || result?.kind !== 'binary') return undefined;
  const { op, lhs, rhs } = result;
  const kinds = [lhs.kind, rhs.kind];
  if (op !== 'maximum' && op !== 'minimum') return undefined;
  if (!kinds.includes('accumulator') || !kinds.includes('element')) return undefined;
  return dtype === 'f32' ? byIntegers(op) : bySelf(op);
}

function bySelf(op: Extreme): Folding {
  return {
    begin: (element) => [element],
    join: (a, b) => together(a, b, [op]),
    end: ([result]) => result ?? constant(vector('f32', 1), 0),
  };
}

function together(a: Folded, b: Folded, ops: readonly Extreme[]): Folded {
  return a.map((left, position) => binary(ops[position] ?? 'maximum', left, b[position] ?? left));
}

const signBit = -(2 ** 31);
const negativeInfinity = 0xff80_0000;
const nan = 0x7fc0_0000;

/** The least is the greatest of the negated. */
function byIntegers(op: Extreme): Folding {
  const turn = (bits: Expr): Expr => (op === 'minimum' ? binary('xor', bits, signBit) : bits);
  return {
    begin(element) {
      const signed = turn(bitcast(vector('i32', element.type.lanes), element));
      const unsigned = bitcast(vector('ui32', element.type.lanes), signed);
      return [signed, unsigned, unsigned];
    },
    join: (a, b) => together(a, b, ['maximum', 'minimum', 'maximum']),
    end([signed, least, most]) {
      if (signed === undefined || least === undefined || most === undefined) return constant(vector('f32', 1), 0);
      const { lanes } = signed.type;
      const greatest = select(compare('lt', signed, 0), bitcast(vector('i32', lanes), least), signed);
      const known = select(compare('gt', most, negativeInfinity), nan, turn(greatest));
      return bitcast(vector('f32', lanes), known);
    },
  };
}
