/**
 * A composite becomes a call of its decomposition, which `inline` makes the body:
 *
 *     %1 = stablehlo.composite "my.op" %0 {decomposition = @my.op.impl} : (tensor<f32>) -> tensor<f32>
 *       ->
 *     %1 = call @my.op.impl(%0) : (tensor<f32>) -> tensor<f32>
 *
 * The name, version and attributes of the composite are dropped: a back end that knows it must look before this pass.
 */
import { attrsOf } from './match.ts';
import { call } from '../ir/ops/func/call.ts';
import { composite } from '../ir/ops/stablehlo/composite.ts';
import { runExpansions } from './expansions.ts';
import { definePass } from './pass.ts';

export const expandComposite = definePass({
  name: 'expand-composite',
  summary: 'replace composites by calls of their decompositions',
  run: (module, context) =>
    runExpansions(
      module,
      context,
      new Map([
        [
          composite.name,
          ({ rewriter }, op) => {
            const attrs = attrsOf(op, composite);
            if (attrs === undefined) return undefined;
            const resultTypes = op.results.map(({ type }) => type);
            return rewriter.createBefore(op, call, op.operands, { callee: attrs.decomposition }, { resultTypes })
              .results;
          },
        ],
      ]),
    ),
});
