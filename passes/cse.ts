/**
 * Common-subexpression elimination: of two equal ops without effect, where the first dominates the second, the second goes.
 *
 *     %0 = stablehlo.add %a, %b                       %0 = stablehlo.add %a, %b
 *     %1 = stablehlo.add %a, %b                  ->   %2 = stablehlo.multiply %0, %0
 *     %2 = stablehlo.multiply %0, %1
 *
 * Scoped by region: what a region computes is not visible outside; what surrounds it is visible inside `while`, `if` and `case`.
 * The regions of other ops (reducers, comparators) use nothing from outside afterwards that they did not before: whoever
 * looks at them finds them whole.
 */
import { equalComputations, hashComputation } from '../ir/equality.ts';
import type { Operation } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { hasNoEffect, isErasable } from './greedy-rewrite.ts';
import { definePass } from './pass.ts';

const seesOutside: ReadonlySet<string> = new Set(['stablehlo.while', 'stablehlo.if', 'stablehlo.case']);

type Scope = { readonly parent: Scope | undefined; readonly known: Map<number, Operation[]> };

export const cse = definePass({
  name: 'cse',
  summary: 'merge equal ops',
  run(module, context) {
    const rewriter = new Rewriter();
    const visitRegions = (op: Operation, outer: Scope | undefined): void => {
      const parent = seesOutside.has(op.name) ? outer : undefined;
      for (const region of op.regions) {
        const scope: Scope = { parent, known: new Map() };
        for (const inner of region.block.operations()) {
          context.at(inner);
          visitRegions(inner, scope);
          mergeOrRemember(inner, scope, rewriter);
        }
      }
    };
    visitRegions(module, undefined);
    return rewriter.changes > 0;
  },
});

function mergeOrRemember(op: Operation, scope: Scope, rewriter: Rewriter): void {
  if (op.results.length === 0 || !isErasable(op) || !hasNoEffect(op)) return;
  const hash = hashComputation(op);
  const first = find(op, hash, scope);
  if (first === undefined) {
    const bucket = scope.known.get(hash);
    if (bucket === undefined) scope.known.set(hash, [op]);
    else bucket.push(op);
    return;
  }
  rewriter.mergeLocations(first, [op]);
  rewriter.replace(op, first.results);
}

function find(op: Operation, hash: number, scope: Scope): Operation | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.known.get(hash)?.find((candidate) => equalComputations(candidate, op));
    if (found !== undefined) return found;
  }
  return undefined;
}
