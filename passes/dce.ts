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
import { referencedByAttributes, referencedSymbols } from '../ir/symbol-references.ts';
import { symbolName } from '../ir/symbol-table.ts';
import { isErasable } from './greedy-rewrite.ts';
import { definePass } from './pass.ts';

export const dce = definePass({
  name: 'dce',
  summary: 'erase ops whose results are unused, and private functions that are not called',
  run(module, context) {
    const erasedOps = eraseUnused(module, (op) => context.at(op));
    return erasePrivateFunctions(module) || erasedOps;
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

/** Private functions that no public one, and nothing else in the module, leads to. */
function erasePrivateFunctions(module: Operation): boolean {
  const tops = module.regions.flatMap(({ block }) => [...block.operations()]);
  const needed = new Set<string>(referencedByAttributes(module));
  const waiting = new Map<string, Operation>();
  const work: Operation[] = [];
  for (const op of tops) {
    const name = privateName(op);
    if (name === undefined) work.push(op);
    else waiting.set(name, op);
  }
  for (const name of needed) release(name, waiting, work);
  for (let op = work.pop(); op !== undefined; op = work.pop()) {
    for (const name of referencedSymbols(op)) release(name, waiting, work);
  }
  for (const op of waiting.values()) op.erase();
  return waiting.size > 0;
}

/** What is referred to stays, and what it refers to in turn. */
function release(name: string, waiting: Map<string, Operation>, work: Operation[]): void {
  const op = waiting.get(name);
  if (op === undefined) return;
  waiting.delete(name);
  work.push(op);
}

function privateName(op: Operation): string | undefined {
  const visibility = op.attribute('sym_visibility');
  return visibility?.kind === 'string' && visibility.value === 'private' ? symbolName(op) : undefined;
}
