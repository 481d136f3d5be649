/**
 * Canonical forms: of several ways to say the same, one, so that later passes need to know one. Constants stand right; what
 * only moves data is said with as few ops as possible; ops with constant shapes are static; `while`, `if` and `case` carry and
 * return only what is used.
 *
 *     %1 = stablehlo.add %c, %x : tensor<4xf32>
 *     %2 = stablehlo.reshape %1 : (tensor<4xf32>) -> tensor<2x2xf32>         %1 = stablehlo.add %x, %c : tensor<4xf32>
 *     %3 = stablehlo.reshape %2 : (tensor<2x2xf32>) -> tensor<4xf32>    ->   use(%1)
 *     use(%3)
 */
import { structuralRules } from './algebraic-simplify/rules.ts';
import { branchResults } from './canonicalize/branch-results.ts';
import { operandOrderRules } from './canonicalize/operand-order.ts';
import { staticFormRule } from './canonicalize/static-form-rule.ts';
import { whileCarries } from './canonicalize/while-carries.ts';
import { rewriteGreedily } from './greedy-rewrite.ts';
import { definePass } from './pass.ts';
import type { RewriteRule } from './rewrite-rule.ts';

const canonicalRules: readonly RewriteRule[] = [
  ...operandOrderRules,
  staticFormRule,
  ...structuralRules,
  branchResults,
  whileCarries,
];

export const canonicalize = definePass({
  name: 'canonicalize',
  summary: 'bring ops to canonical forms and remove copies, dead loop values and decided branches',
  run: (module, context) => rewriteGreedily(module, canonicalRules, context).changed,
});
