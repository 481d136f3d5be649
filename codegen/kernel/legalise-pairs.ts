/** `dot-pairs` as shifts, products and a sum, where the target has no instruction for it. */
import { rewriteKernel } from './legalise-walk.ts';
import { add, binary, multiply } from './loop-expressions.ts';
import type { Expr, LoopKernel } from './loop-ir.ts';
import { expressionsOf, walkExpr, walkStatements } from './loop-walk.ts';
import type { TargetInfo } from './target-info.ts';

export function expandPairs(kernel: LoopKernel, { hasPairProducts }: TargetInfo): LoopKernel {
  const isExpanded = (expr: Expr): boolean => expr.kind === 'binary' && expr.op === 'dot-pairs';
  if (hasPairProducts) return kernel;
  let isNeeded = false;
  walkStatements(kernel.body, (statement) => {
    for (const expr of expressionsOf(statement)) walkExpr(expr, (each) => (isNeeded ||= isExpanded(each)));
  });
  if (!isNeeded) return kernel;
  return rewriteKernel(kernel, (builder) => ({
    expr: (expr) => {
      if (expr.kind !== 'binary' || !isExpanded(expr)) return expr;
      const [x, y] = [builder.let('x', expr.lhs), builder.let('y', expr.rhs)];
      return add(multiply(low(x), low(y)), multiply(high(x), high(y)));
    },
  }));
}

const high = (word: Expr): Expr => binary('shift-right-arithmetic', word, 16);
const low = (word: Expr): Expr => high(binary('shift-left', word, 16));
