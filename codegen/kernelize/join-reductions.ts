/** Reductions over one domain as one, with a tuple of accumulators. */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import type { Combiner, ValueExpr } from '../kernel/structured-kernel.ts';
import { substituteLeaves } from './combiners.ts';
import { accumulatorValue, elementValue } from './expressions.ts';
import type { ReducerStage } from './reducer-rules.ts';

export function joinReductions(parts: readonly ReducerStage[]): ReducerStage {
  const [first] = parts;
  if (first === undefined) throw new InvariantError('a reducer without an op');
  if (parts.length === 1) return first;
  const values: ValueExpr[] = [];
  const finish: ValueExpr[] = [];
  const results: ValueExpr[] = [];
  const join: ValueExpr[] = [];
  let count = 0;
  for (const part of parts) {
    const base = count;
    const shift = (leaf: ValueExpr): ValueExpr => {
      if (leaf.kind === 'accumulator') return accumulatorValue(leaf.dtype, leaf.index + base);
      return leaf.kind === 'element' ? elementValue(leaf.dtype, leaf.index + base) : leaf;
    };
    values.push(...part.values);
    finish.push(...part.finish.map((value) => substituteLeaves(value, shift)));
    results.push(...part.combiner.results.map((value) => substituteLeaves(value, shift)));
    join.push(...(part.combiner.join ?? part.combiner.results).map((value) => substituteLeaves(value, shift)));
    count += part.combiner.dtypes.length;
  }
  const combiners = parts.map(({ combiner }) => combiner);
  const combiner: Combiner = {
    dtypes: combiners.flatMap(({ dtypes }) => dtypes),
    identity: combiners.flatMap(({ identity }) => identity),
    results,
    ...(combiners.some((each) => each.join !== undefined) ? { join } : {}),
    isAssociative: combiners.every(({ isAssociative }) => isAssociative),
    isCommutative: combiners.every(({ isCommutative }) => isCommutative),
    mayReassociate: combiners.every(({ mayReassociate }) => mayReassociate),
  };
  return { values, combiner, finish };
}
