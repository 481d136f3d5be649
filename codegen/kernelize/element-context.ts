/** What a rule sees while the expression for one element is built. */
import type { Operation, Value } from '../../ir/operation.ts';
import type { IndexExpr, ValueExpr } from '../kernel/structured-kernel.ts';
import type { GuardSet, IndexAlgebra } from './index-algebra.ts';

/** Where an element is asked for: one index a dimension, all in range where the guards hold. */
export interface Place {
  readonly indices: readonly IndexExpr[];
  readonly guards: GuardSet;
}

export interface ElementContext {
  readonly algebra: IndexAlgebra;
  /** The element of a value of the fusion at a place; undefined garbage, but a safe read, where a guard fails. */
  element(value: Value, place: Place): ValueExpr;
  /** Results of a scalar region for these arguments. */
  applyRegion(op: Operation, args: readonly ValueExpr[], place: Place): readonly ValueExpr[];
}

/** Gives an element of an op's result, from elements of its operands. */
export type ElementRule = (op: Operation, place: Place, context: ElementContext) => ValueExpr;
