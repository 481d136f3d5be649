/**
 * Algebraic simplification: the rules of `algebraic-simplify/`, applied to a fixed point. A rule holds bit by bit under the
 * condition it states.
 *
 *     %1 = stablehlo.negate %x : tensor<4xf32>
 *     %2 = stablehlo.subtract %y, %1 : tensor<4xf32>        ->   %2 = stablehlo.add %y, %x : tensor<4xf32>
 */
import { algebraicRules } from './algebraic-simplify/rules.ts';
import { rewriteGreedily } from './greedy-rewrite.ts';
import { definePass } from './pass.ts';

export const algebraicSimplify = definePass({
  name: 'algebraic-simplify',
  summary: 'replace ops by simpler ones of the same value, by a table of rules',
  run: (module, context) => rewriteGreedily(module, algebraicRules, context).changed,
});
