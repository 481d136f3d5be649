/**
 * Makes the plan of a function whose computing ops are fusions (or single ops): an order of the ops, pieces of memory that share places
 * (in-place updates, views, carries of loops, results where the caller wants them), and places in one arena.
 */
import type { Operation } from '../../ir/operation.ts';
import { type ArenaLayout, assignOffsets, largestLiveSet } from './assign-offsets.ts';
import { donatedArguments } from './donated-arguments.ts';
import { type Draft, type DraftOptions, draftPlan } from './draft.ts';
import { finishPlan } from './finish-plan.ts';
import type { KernelSource } from './kernel-source.ts';
import { type MemoryGraph, memoryGraph } from './memory-graph.ts';
import { orderBlocks } from './order-blocks.ts';
import type { Plan } from './plan.ts';
import type { BlockOrders } from './timeline.ts';
import { requireRowMajorBorders } from './row-major-borders.ts';

/** Throws DiagnosticErrors. The function is not changed. */
export function buildPlan(func: Operation, source: KernelSource): Plan {
  requireRowMajorBorders(func);
  const donations = donatedArguments(func);
  const graph = memoryGraph(func, donations, source);
  const orders = orderBlocks(graph);
  const single = bestOrder(graph, orders, { doubleBuffer: false });
  const hasLoops = graph.affinities.some(({ kind }) => kind === 'carry');
  const double = hasLoops ? bestOrder(graph, orders, { doubleBuffer: true }) : single;
  // Time for a little memory: two buffers where one and a temporary one were.
  const allowed = single.arena.bytes + Math.max(single.arena.bytes / 16, smallBytes);
  const { draft, arena, programOrderBytes } = double.arena.bytes <= allowed ? double : single;
  const lowerBoundBytes = largestLiveSet(draft.ranges);
  return finishPlan({ func, donations, draft, arena, lowerBoundBytes, programOrderBytes });
}

/** What nobody minds. */
const smallBytes = 1024;

interface OrderedDraft {
  readonly draft: Draft;
  readonly arena: ArenaLayout;
  readonly programOrderBytes: number;
}

/** The order that was found, if its arena is smaller than that of program order: the search saw a model only. */
function bestOrder(graph: MemoryGraph, orders: BlockOrders | undefined, options: DraftOptions): OrderedDraft {
  const placed = (chosen: BlockOrders): Omit<OrderedDraft, 'programOrderBytes'> => {
    const draft = draftPlan(graph, chosen, options);
    return { draft, arena: assignOffsets(draft.ranges) };
  };
  const program = placed(new Map());
  const found = orders === undefined ? program : placed(orders);
  const best = found.arena.bytes < program.arena.bytes ? found : program;
  return { ...best, programOrderBytes: program.arena.bytes };
}
