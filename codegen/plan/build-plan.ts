/**
 * Makes the plan of a function whose computing ops are fusions (or single ops): an order of the ops, pieces of memory that share places
 * (in-place updates, views, carries of loops, results where the caller wants them), and places in one arena.
 */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import { storageBytes } from '../../ir/dtype.ts';
import type { Operation } from '../../ir/operation.ts';
import { maxSize } from '../kernel/size.ts';
import { type ArenaLayout, assignOffsets, largestLiveSet } from './assign-offsets.ts';
import { donatedArguments } from './donated-arguments.ts';
import { type Draft, type DraftOptions, draftPlan, type DraftStep } from './draft.ts';
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
  const orders = [false, true].flatMap((readBeforeOverwriting) => orderBlocks(graph, { readBeforeOverwriting }) ?? []);
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

/**
 * Of program order and the orders that were found, the one that takes the least memory and copying together, in bytes, and no larger an
 * arena than program order: the search saw a model only.
 */
function bestOrder(graph: MemoryGraph, orders: readonly BlockOrders[], options: DraftOptions): OrderedDraft {
  const [program, ...others] = [new Map(), ...orders].map((chosen: BlockOrders) => {
    const draft = draftPlan(graph, chosen, options);
    const arena = assignOffsets(draft.ranges);
    return { draft, arena, cost: arena.bytes + copiedBytes(draft.steps) };
  });
  invariant(program !== undefined, 'there is always program order');
  const fitting = others.filter(({ arena }) => arena.bytes <= program.arena.bytes);
  const best = fitting.reduce((least, each) => (each.cost < least.cost ? each : least), program);
  return { ...best, programOrderBytes: program.arena.bytes };
}

/** A guess, where it is not known. */
const tripsOfLoop = 8;

function copiedBytes(steps: readonly DraftStep[]): number {
  return steps.reduce((sum, step) => {
    if (step.kind === 'copy') return sum + (maxSize(step.from.size) ?? 0) * storageBytes(step.from.dtype);
    if (step.kind === 'while') return sum + tripsOfLoop * (copiedBytes(step.before) + copiedBytes(step.body));
    return step.kind === 'case' ? sum + Math.max(0, ...step.branches.map(copiedBytes)) : sum;
  }, 0);
}
