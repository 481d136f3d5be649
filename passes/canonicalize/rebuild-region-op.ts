/** Ops with regions that lose some of their results, operands and block arguments. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { Block, Operation, Region, type Value } from '../../ir/operation.ts';
import type { Rewriter } from '../../ir/rewriter.ts';

/**
 * Makes the op anew before itself with these operands and only the results `kept`; the ops of its regions move over. Where
 * `keepsArguments`, blocks keep the same arguments as results are kept, else all. Terminators are the caller's to cut.
 * Discardable attributes may speak of each result, and go. `others[i]` stands for result i where that is not kept.
 */
export function rebuildWithout(
  op: Operation,
  operands: readonly Value[],
  kept: readonly number[],
  others: readonly (Value | undefined)[],
  rewriter: Rewriter,
): void {
  const regions = op.regions.map((region) => new Region(takeBlock(region.block, kept)));
  const made = new Operation(op.definition, {
    operands,
    resultTypes: kept.map((index) => op.result(index).type),
    regions,
    location: op.location,
    span: op.span,
  });
  rewriter.insertBefore(op, made);
  const results = op.results.map((result, index) => {
    const position = kept.indexOf(index);
    const value = position < 0 ? others[index] : made.result(position);
    invariant(value !== undefined || !result.hasUses, `result ${index} of ${op.name} is used and goes`);
    return value ?? result;
  });
  rewriter.replace(op, results);
}

/** A block with the ops of another and those of its arguments that are kept; it must use no others any more. */
function takeBlock(from: Block, kept: readonly number[]): Block {
  const to = new Block();
  for (const [index, argument] of from.arguments.entries()) {
    if (!kept.includes(index)) invariant(!argument.hasUses, `block argument ${index} is used and goes`);
    else argument.replaceAllUsesWith(to.addArgument(argument.type));
  }
  for (const op of from.operations()) {
    op.detach();
    to.append(op);
  }
  return to;
}

/** Erases ops in the block that have no effect and no uses, last first; regions of ops that stay are left to the caller. */
export function eraseUnusedOps(block: Block, rewriter: Rewriter, isErasable: (op: Operation) => boolean): void {
  for (let op = block.last; op !== undefined;) {
    const { previous }: { readonly previous: Operation | undefined } = op;
    if (op.isUnused && isErasable(op)) rewriter.erase(op);
    op = previous;
  }
}
