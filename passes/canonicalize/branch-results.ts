/**
 * Results of `if` and `case` that nobody uses, or that all branches take from outside alike.
 *
 *     %0:2 = if(%p) { return %a, %x }                   %0 = if(%p) { return %a }
 *            else { return %b, %x }               ->         else { return %b }
 *     use(%0#0), use(%0#1)                              use(%0), use(%x)
 */
import type { Operation, Value } from '../../ir/operation.ts';
import { caseOp } from '../../ir/ops/stablehlo/case.ts';
import { ifOp } from '../../ir/ops/stablehlo/if.ts';
import { hasNoEffect, isErasable } from '../greedy-rewrite.ts';
import { isDefinedInside } from '../region-values.ts';
import { movesData, ruleFor } from '../rewrite-rule.ts';
import { eraseUnusedOps, rebuildWithout } from './rebuild-region-op.ts';

export const branchResults = ruleFor([ifOp, caseOp], {
  name: 'branch-results',
  equation: 'a result that all branches take from outside is that value; one without uses goes',
  floatingPoint: movesData,
  rewrite({ op, rewriter }) {
    const common = op.results.map((_, index) => commonValue(op, index));
    const kept = op.results.flatMap((result, index) => (result.hasUses && common[index] === undefined ? [index] : []));
    if (kept.length === op.results.length) return undefined;
    if (kept.length === 0 && hasNoEffect(op)) {
      rewriter.replace(
        op,
        common.map((value, index) => value ?? op.result(index)),
      );
      return 'changed';
    }
    for (const { block } of op.regions) {
      const { terminator } = block;
      if (terminator === undefined) continue;
      const operands = kept.map((index) => terminator.operand(index));
      rewriter.setOperands(terminator, operands);
      eraseUnusedOps(block, rewriter, isErasable);
    }
    rebuildWithout(op, op.operands, kept, common, rewriter);
    return 'changed';
  },
});

/** The value from outside that every branch returns as this result. */
function commonValue(op: Operation, index: number): Value | undefined {
  const [first, ...rest] = op.regions.map(({ block }) => block.terminator?.operands[index]);
  if (first === undefined || first.type !== op.result(index).type || isDefinedInside(first, op)) return undefined;
  return rest.every((value) => value === first) ? first : undefined;
}
