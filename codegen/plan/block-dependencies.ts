/** What each op of a block needs to be done before it: what it reads, effects in their order, and readers of what it overwrites. */
import { opSite } from '../../ir/op-site.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';
import type { Affinity, MemoryGraph, Piece } from './memory-graph.ts';
import { PriorityQueue } from './order/priority-queue.ts';
import { programOrder } from './timeline.ts';

export interface BlockDependencies {
  /** Each after all it needs; else as in the program. */
  readonly ops: readonly Operation[];
  /** By position in `ops`. */
  readonly predecessors: readonly (readonly number[])[];
  readonly successors: readonly (readonly number[])[];
}

/** For each op, the pieces that it would overwrite in place if nothing read them afterwards. */
export function overwrittenPieces(graph: MemoryGraph): ReadonlyMap<Operation, readonly Piece[]> {
  const overwritten = new Map<Operation, Piece[]>();
  for (const affinity of graph.affinities) {
    const writer = writerOf(affinity);
    if (writer === undefined) continue;
    const pieces = overwritten.get(writer.op) ?? [];
    pieces.push(writer.piece);
    overwritten.set(writer.op, pieces);
  }
  return overwritten;
}

function writerOf({ kind, from, to, at }: Affinity): { readonly op: Operation; readonly piece: Piece } | undefined {
  if (kind === 'update' || (kind === 'carry' && at === to.op)) return { op: at, piece: from };
  if (kind !== 'carry' && kind !== 'donate') return undefined;
  return from.kind === 'result' && from.op !== undefined ? { op: from.op, piece: to } : undefined;
}

/** The op of the block that is `inner`, or has it in a region. */
export function opInBlock(inner: Operation, block: Block): Operation | undefined {
  let op: Operation | undefined = inner;
  while (op !== undefined && op.block !== block) op = op.parentOp;
  return op;
}

export function blockDependencies(
  block: Block,
  graph: MemoryGraph,
  overwritten: ReadonlyMap<Operation, readonly Piece[]>,
): BlockDependencies {
  const ops = programOrder(block);
  const builder = new EdgeBuilder(ops);
  builder.addUses();
  for (const op of ops) {
    for (const piece of overwritten.get(op) ?? [])
      for (const value of piece.values)
        for (const { owner } of value.uses())
          if (!graph.isSilent(owner)) builder.addReader(opInBlock(owner, block), op);
  }
  return builder.finish();
}

/** Edges that the search for a circle may look at, in one block. */
const circleBudget = 2_000_000;

class EdgeBuilder {
  readonly #ops: readonly Operation[];
  readonly #nodes: ReadonlyMap<Operation, number>;
  readonly #before: readonly Set<number>[];
  readonly #after: readonly Set<number>[];
  #budget = circleBudget;

  constructor(ops: readonly Operation[]) {
    this.#ops = ops;
    this.#nodes = new Map(ops.map((op, index) => [op, index]));
    this.#before = ops.map(() => new Set<number>());
    this.#after = ops.map(() => new Set<number>());
  }

  #add(first: number, second: number): void {
    this.#before[second]?.add(first);
    this.#after[first]?.add(second);
  }

  /** Regions included. */
  addUses(): void {
    let lastEffect: number | undefined;
    for (const [index, op] of this.#ops.entries()) {
      const need = ({ definingOp }: Value): void => {
        const node = definingOp && this.#nodes.get(definingOp);
        if (node !== undefined && node !== index) this.#add(node, index);
      };
      op.walk((inner) => inner.operandUses.forEach(({ value }) => need(value)));
      if (!hasEffect(op)) continue;
      if (lastEffect !== undefined) this.#add(lastEffect, index);
      lastEffect = index;
    }
  }

  /** The reader comes first, unless it needs what the writer makes. */
  addReader(reader: Operation | undefined, writer: Operation): void {
    const first = reader && this.#nodes.get(reader);
    const second = this.#nodes.get(writer);
    if (first === undefined || second === undefined || first === second || this.#before[second]?.has(first)) return;
    if (!this.#reaches(second, first)) this.#add(first, second);
  }

  /** True as well when it would take too long to find out. */
  #reaches(from: number, to: number): boolean {
    const seen = new Set([from]);
    const pending = [from];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      for (const next of this.#after[node] ?? []) {
        if (next === to || --this.#budget < 0) return true;
        if (!seen.has(next)) pending.push(next);
        seen.add(next);
      }
    }
    return false;
  }

  finish(): BlockDependencies {
    const missing = this.#before.map(({ size }) => size);
    const ready = new PriorityQueue<number>();
    for (const [node, count] of missing.entries()) if (count === 0) ready.push(node, [node, 0, 0]);
    const order: number[] = [];
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      order.push(node);
      for (const next of this.#after[node] ?? []) {
        const left = (missing[next] ?? 0) - 1;
        missing[next] = left;
        if (left === 0) ready.push(next, [next, 0, 0]);
      }
    }
    const places = new Map(order.map((node, place) => [node, place]));
    const placed = (nodes: ReadonlySet<number> | undefined): number[] =>
      [...(nodes ?? [])].map((node) => places.get(node) ?? 0);
    return {
      ops: order.flatMap((node) => this.#ops[node] ?? []),
      predecessors: order.map((node) => placed(this.#before[node])),
      successors: order.map((node) => placed(this.#after[node])),
    };
  }
}

/** Terminators apart: they say nothing but where a region ends. */
function hasEffect(op: Operation): boolean {
  let found = false;
  op.walk((inner) => {
    const { traits } = inner.definition;
    found ||= !traits.has('terminator') && inner.definition.effects(opSite(inner)) === 'effect';
  });
  return found;
}
