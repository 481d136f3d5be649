/**
 * Constant folding: an op whose operands are constants becomes its value, computed by the reference evaluator.
 *
 *     %0 = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
 *     %1 = stablehlo.add %0, %0 : tensor<2xi32>             ->   %1 = stablehlo.constant dense<[2, 4]> : tensor<2xi32>
 *
 * A splat stays one element: what works element by element is folded on one, and what only moves elements keeps it. Results
 * of more than `bytes` (unless they replace as much) and computations of more than `work` scalar operations stay, with a remark;
 * so does everything once the pass has made `total-bytes` or done `total-work`, which no sensible program comes near.
 * A broadcast of a constant stays too, beyond a kilobyte: kernels repeat elements at no cost.
 * Effects, collectives, random numbers, barriers, calls and loops stay as well. One sweep in program order is enough.
 */
import type { Operation } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { type ConstantAttr, createConstant } from './constants.ts';
import { FoldBudget } from './fold-budget.ts';
import { foldOperation, mayFold } from './fold-operation.ts';
import { definePass, type PassContext } from './pass.ts';

export const constantFold = definePass({
  name: 'constant-fold',
  summary: 'compute ops whose operands are constants',
  options: { ...FoldBudget.defaults },
  run(module, context, options) {
    const rewriter = new Rewriter();
    foldInside(module, rewriter, context, new FoldBudget(options));
    return rewriter.changes > 0;
  },
});

function foldInside(parent: Operation, rewriter: Rewriter, context: PassContext, budget: FoldBudget): void {
  for (const region of parent.regions) {
    for (const op of region.block.operations()) {
      if (op.regions.length > 0) foldInside(op, rewriter, context, budget);
      if (!mayFold(op)) continue;
      context.at(op);
      const folded = foldOperation(op, context, budget);
      if (folded !== undefined) replaceByConstants(op, folded, rewriter);
    }
  }
}

/** Constants that now have no use go at once, so that a chain of ops does not pile them up. */
function replaceByConstants(op: Operation, folded: readonly ConstantAttr[], rewriter: Rewriter): void {
  const operands = new Set(op.operands.map((value) => value.definingOp));
  const values = folded.map((attribute) => createConstant(rewriter, op, attribute));
  rewriter.replace(op, values);
  for (const operand of operands) {
    if (operand?.definition.traits.has('constant-like') === true && operand.isUnused) rewriter.erase(operand);
  }
}
