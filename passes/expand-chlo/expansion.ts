/** What the rule of an op is, and the usual ways to write one. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { type DType, dtypeInfo } from '../../ir/dtype.ts';
import type { Operation, Value } from '../../ir/operation.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { Formula, type Term } from './term.ts';

/** Makes what the op stands for before it: one value a result, or the reason why it cannot. */
export type Expand = (op: Operation, rewriter: Rewriter) => readonly Value[] | Unsupported;

export interface Unsupported {
  readonly unsupported: string;
}

export type Expansion = Expand | Unsupported;

/** The entry of an op that is left as it is, with the reason. */
export function unsupported(why: string): Unsupported {
  return { unsupported: why };
}

/** A function of real numbers, in one float format. */
export type RealFormula = (x: Term, ...others: readonly Term[]) => Term;

/** A complex number by its parts. */
export interface ComplexTerm {
  readonly re: Term;
  readonly im: Term;
}

export type ComplexFormula = (z: ComplexTerm) => ComplexTerm;

/** Floats by one formula, computed in f32 or f64; complex numbers by another. */
export function byFormula(real: RealFormula, complex?: ComplexFormula): Expand {
  return (op, rewriter) => {
    const { x, others } = operandTerms(op, rewriter);
    if (dtypeInfo(x.element).kind !== 'complex') return [inWorkingFormat(real, x, others).value];
    if (complex === undefined) return unsupported(`${op.name} of ${x.element}`);
    const { re, im } = complex({ re: x.re, im: x.im });
    return [re.withImaginary(im).value];
  };
}

/** A formula that holds in any format: no conversion around it. */
export function elementwise(formula: RealFormula): Expand {
  return (op, rewriter) => {
    const { x, others } = operandTerms(op, rewriter);
    return [formula(x, ...others).value];
  };
}

interface OperandTerms {
  readonly x: Term;
  readonly others: readonly Term[];
}

function operandTerms(op: Operation, rewriter: Rewriter): OperandTerms {
  const formula = new Formula(rewriter, op, op.operand(0));
  const [x, ...others] = op.operands.map((value) => formula.term(value));
  if (x === undefined) throw new InvariantError(`${op.name} has no operand`);
  return { x, others };
}

/** Formats narrower than f32 are computed in f32 and rounded once, at the end. */
function inWorkingFormat(formula: RealFormula, x: Term, others: readonly Term[]): Term {
  const working: DType = x.element === 'f64' ? 'f64' : 'f32';
  return formula(x.as(working), ...others.map((other) => other.as(working))).as(x.element);
}

/** What differs between the two working formats. */
export interface PerFormat<T> {
  readonly f32: T;
  readonly f64: T;
}

/** The entry of a term's format, which is f32 or f64. */
export function forFormat<T>(term: Term, table: PerFormat<T>): T {
  return term.element === 'f64' ? table.f64 : table.f32;
}
