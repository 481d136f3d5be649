/**
 * Loop-invariant code motion: ops in a `while` that use nothing the loop computes move before it.
 *
 *     stablehlo.while(%i = %0) ... do {                     %c = stablehlo.multiply %a, %a
 *       %c = stablehlo.multiply %a, %a                ->    stablehlo.while(%i = %0) ... do {
 *       %d = stablehlo.add %i, %c                             %d = stablehlo.add %i, %c
 *
 * Only ops without effect move, and they may run although the loop would not have: no StableHLO op without effect traps.
 * Moving lengthens the life of the result, so what is larger than what it is computed from (a broadcast, an iota, a constant
 * splat) stays, unless `grow` allows it.
 */
import { dimMax } from '../ir/dimension.ts';
import { shapeSize } from '../ir/evaluator/tensor.ts';
import type { Block, Operation, Value } from '../ir/operation.ts';
import { Rewriter } from '../ir/rewriter.ts';
import { isTensor } from '../ir/types.ts';
import { hasNoEffect } from './greedy-rewrite.ts';
import { definePass } from './pass.ts';

export const loopInvariantCodeMotion = definePass({
  name: 'loop-invariant-code-motion',
  summary: 'move what a loop computes anew each time, but always the same, before the loop',
  options: { grow: false },
  run(module, context, options) {
    const rewriter = new Rewriter();
    const loops: Operation[] = [];
    module.walk((op) => {
      if (op.name === 'stablehlo.while') loops.push(op);
    });
    // Inner loops first, so that an op may leave several.
    for (const loop of loops.reverse()) {
      context.at(loop);
      for (const region of loop.regions) hoistFrom(region.block, loop, rewriter, options.grow);
    }
    return rewriter.changes > 0;
  },
});

function hoistFrom(block: Block, loop: Operation, rewriter: Rewriter, mayGrow: boolean): void {
  for (const op of block.operations()) {
    if (op.definition.traits.has('terminator') || !hasNoEffect(op)) continue;
    if (!usesOnlyOutside(op, loop) || !(mayGrow || keepsMemory(op))) continue;
    rewriter.moveBefore(op, loop);
  }
}

/** True when no value that `op` or its regions use is defined inside `loop` but outside `op`. */
function usesOnlyOutside(op: Operation, loop: Operation): boolean {
  let isInvariant = true;
  op.walk((inner) => {
    for (const use of inner.operandUses) isInvariant &&= !isInside(use.value, loop) || isInside(use.value, op);
  });
  return isInvariant;
}

function isInside(value: Value, op: Operation): boolean {
  const home = value.definingOp ?? value.argumentOf?.region?.parentOp;
  return home !== undefined && home !== op ? op.isAncestorOf(home) : home === op && value.definingOp === undefined;
}

/** True when the results take no more memory than the operands, which live through the loop anyway. */
function keepsMemory(op: Operation): boolean {
  if (op.definition.traits.has('constant-like')) return true;
  return totalSize(op.results) <= totalSize(op.operands);
}

/** Elements, open sizes at their bound; one without a bound counts for nothing. */
function totalSize(values: readonly Value[]): number {
  let size = 0;
  for (const { type } of values) if (isTensor(type)) size += shapeSize(type.shape.map((dim) => dimMax(dim) ?? 0));
  return size;
}
