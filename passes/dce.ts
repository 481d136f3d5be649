/**
 * Dead-code elimination: ops without effect whose results nobody uses go, and with them the ops only they used; so do
 * private functions nobody calls.
 *
 *     %0 = stablehlo.add %a, %b : tensor<4xf32>       // unused
 *     return %a                                       ->   return %a
 *
 * One backward sweep a block: an op's users come after it, so each op is looked at once.
 */
import type { Operation } from '../ir/operation.ts';
import { referencedSymbols } from '../ir/symbol-references.ts';
import { symbolName } from '../ir/symbol-table.ts';
import { isErasable } from './greedy-rewrite.ts';
import { definePass } from './pass.ts';

export const dce = definePass({
  name: 'dce',
  summary: 'erase ops whose results are unused, and private functions that are not called',
  run(module, context) {
    let erased = eraseUnused(module, (op) => context.at(op));
    while (erasePrivateFunctions(module)) erased = true;
    return erased;
  },
});

/** Erases unused ops inside `op`; true when there were any. */
export function eraseUnused(op: Operation, visit: (op: Operation) => void = () => {}): boolean {
  let erased = false;
  for (const region of op.regions) {
    for (let inner = region.block.last; inner !== undefined;) {
      const { previous }: { readonly previous: Operation | undefined } = inner;
      visit(inner);
      if (inner.isUnused && isErasable(inner)) {
        inner.erase();
        erased = true;
      } else if (inner.regions.length > 0) erased = eraseUnused(inner, visit) || erased;
      inner = previous;
    }
  }
  return erased;
}

function erasePrivateFunctions(module: Operation): boolean {
  const referenced = referencedSymbols(module);
  let erased = false;
  for (const region of module.regions) {
    for (const op of region.block.operations()) {
      const visibility = op.attribute('sym_visibility');
      const isPrivate = visibility?.kind === 'string' && visibility.value === 'private';
      const name = symbolName(op);
      if (!isPrivate || name === undefined || referenced.has(name)) continue;
      op.erase();
      erased = true;
    }
  }
  return erased;
}
