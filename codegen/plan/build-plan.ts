/**
 * Makes the plan of a function whose computing ops are fusions (or single ops): an order of the ops, pieces of memory that share places
 * (in-place updates, views, carries of loops, results where the caller wants them), and places in one arena.
 */
import type { Operation } from '../../ir/operation.ts';
import { type ArenaLayout, assignOffsets, largestLiveSet } from './assign-offsets.ts';
import { donatedArguments } from './donated-arguments.ts';
import { type Draft, draftPlan } from './draft.ts';
import { finishPlan } from './finish-plan.ts';
import type { KernelSource } from './kernel-source.ts';
import { memoryGraph } from './memory-graph.ts';
import { orderBlocks } from './order-blocks.ts';
import type { Plan } from './plan.ts';
import { requireRowMajorBorders } from './row-major-borders.ts';

/** Throws DiagnosticErrors. The function is not changed. */
export function buildPlan(func: Operation, source: KernelSource): Plan {
  requireRowMajorBorders(func);
  const donations = donatedArguments(func);
  const graph = memoryGraph(func, donations, source);
  const program = placed(draftPlan(graph, new Map()));
  const orders = orderBlocks(graph);
  const ordered = orders === undefined ? program : placed(draftPlan(graph, orders));
  // What the search saw is a model; what counts is the arena.
  const chosen = ordered.arena.bytes < program.arena.bytes ? ordered : program;
  return finishPlan({
    func,
    donations,
    draft: chosen.draft,
    arena: chosen.arena,
    lowerBoundBytes: largestLiveSet(chosen.draft.ranges),
    programOrderBytes: program.arena.bytes,
  });
}

function placed(draft: Draft): { readonly draft: Draft; readonly arena: ArenaLayout } {
  return { draft, arena: assignOffsets(draft.ranges) };
}
