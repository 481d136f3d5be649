/**
 * Marks that only differentiation reads, when it is over:
 *
 *     %1 = tessera.stop_gradient %0                 ->   %0 in its place
 *     %1 = tessera.checkpoint { ... return %x }     ->   the body's ops, and %x in its place
 */
import type { Operation } from '../ir/operation.ts';
import { checkpoint } from '../ir/ops/tessera/checkpoint.ts';
import { stopGradient } from '../ir/ops/tessera/stop-gradient.ts';
import { type ExpansionRule, runExpansions } from './expansions.ts';
import { definePass } from './pass.ts';

export const expandCheckpoint = definePass({
  name: 'expand-checkpoint',
  summary: 'remove marks that only differentiation reads',
  run: (module, context) =>
    runExpansions(
      module,
      context,
      new Map([
        [stopGradient.name, (_, op) => op.operands],
        [checkpoint.name, bodyInPlace],
      ]),
    ),
});

const bodyInPlace: ExpansionRule = (_, op) => {
  const { block } = op.region();
  const results = block.terminator?.operands ?? [];
  const { terminator } = block;
  for (const inner of block.operations()) if (inner !== terminator) moveBefore(inner, op);
  return results;
};

function moveBefore(inner: Operation, op: Operation): void {
  inner.detach();
  op.block?.insertBefore(inner, op);
}
