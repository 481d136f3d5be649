/**
 * Chooses the order of the ops of every block for least peak memory. Inner blocks first: to the block around it, an op with regions
 * needs what its regions need at most.
 */
import type { Block, Operation } from '../../ir/operation.ts';
import { blockDependencies, type BlockDependencies, opInBlock, overwrittenPieces } from './block-dependencies.ts';
import type { MemoryGraph, Piece } from './memory-graph.ts';
import type { OrderBuffer, OrderGraph, OrderNode } from './order/order-graph.ts';
import { peakOf } from './order/order-graph.ts';
import { searchOrder } from './order/search-order.ts';
import { type BlockOrders, programOrder, runsRegions } from './timeline.ts';
import { concatenatedOffsets } from './views.ts';

export interface OrderOptions {
  /** What is overwritten in place is read by all others first, where that is possible: a copy less, perhaps more memory. */
  readonly readBeforeOverwriting: boolean;
}

/** The blocks whose order changes; undefined when none does. */
export function orderBlocks(graph: MemoryGraph, options: OrderOptions): BlockOrders | undefined {
  const orders = new Map<Block, readonly Operation[]>();
  const overwritten = options.readBeforeOverwriting ? overwrittenPieces(graph) : new Map<Operation, readonly Piece[]>();
  // Without any it is the same search again.
  if (options.readBeforeOverwriting && overwritten.size === 0) return undefined;
  new BlockSearch(graph, orders, overwritten).peakOfBlock(graph.body);
  return orders.size === 0 ? undefined : orders;
}

class BlockSearch {
  readonly #graph: MemoryGraph;
  readonly #orders: Map<Block, readonly Operation[]>;
  /** Pieces that lie where the caller wants them, or what is around a branch. */
  readonly #placed: ReadonlySet<Piece>;
  readonly #handedOver = new Map<Operation, (readonly [from: Piece, to: Piece])[]>();
  readonly #overwritten: ReadonlyMap<Operation, readonly Piece[]>;

  constructor(
    graph: MemoryGraph,
    orders: Map<Block, readonly Operation[]>,
    overwritten: ReadonlyMap<Operation, readonly Piece[]>,
  ) {
    this.#overwritten = overwritten;
    this.#graph = graph;
    this.#orders = orders;
    const placed = new Set<Piece>();
    for (const { from, to, at, kind } of graph.affinities) {
      if (kind === 'output' || kind === 'donate' || kind === 'choice') placed.add(from);
      const pairs = this.#handedOver.get(at) ?? [];
      pairs.push([from, to]);
      this.#handedOver.set(at, pairs);
    }
    this.#placed = placed;
  }

  /** Bytes of the block's own pieces that are live together, in the order it chooses. */
  peakOfBlock(block: Block): number {
    const program = programOrder(block);
    const dependencies = blockDependencies(block, this.#graph, this.#overwritten);
    const { ops } = dependencies;
    const model = new BlockModel(block, dependencies, this.#graph);
    const order = searchOrder(
      model.build(
        (op) => this.#transientOf(op),
        (piece) => this.#bytesOf(piece),
        this.#handedOver,
      ),
    );
    if (order.some((node, place) => ops[node] !== program[place]))
      this.#orders.set(
        block,
        order.flatMap((node) => ops[node] ?? []),
      );
    return peakOf(model.graph, order).bytes;
  }

  #bytesOf(piece: Piece): number {
    return this.#placed.has(piece) || piece.kind === 'argument' || piece.kind === 'output' ? 0 : piece.maxBytes;
  }

  #transientOf(op: Operation): number {
    if (this.#graph.isSilent(op)) return 0;
    if (runsRegions(op)) return op.regions.reduce((most, { block }) => Math.max(most, this.peakOfBlock(block)), 0);
    if (concatenatedOffsets(op) !== undefined) return 0;
    const { parameters } = this.#graph.kernelOf(op);
    return parameters.reduce((sum, each) => sum + (each.kind === 'scratch' ? each.maxBytes : 0), 0);
  }
}

type Handovers = ReadonlyMap<Operation, readonly (readonly [from: Piece, to: Piece])[]>;

/** Ops as nodes; the pieces they make as buffers. */
class BlockModel {
  readonly #block: Block;
  readonly #dependencies: BlockDependencies;
  readonly #ops: readonly Operation[];
  readonly #graph: MemoryGraph;
  readonly #nodes = new Map<Operation, number>();
  readonly #buffers = new Map<Piece, number>();
  graph: OrderGraph = { nodes: [], buffers: [] };

  constructor(block: Block, dependencies: BlockDependencies, graph: MemoryGraph) {
    this.#block = block;
    this.#dependencies = dependencies;
    this.#ops = dependencies.ops;
    this.#graph = graph;
    for (const [index, op] of this.#ops.entries()) this.#nodes.set(op, index);
  }

  build(transientOf: (op: Operation) => number, bytesOf: (piece: Piece) => number, handedOver: Handovers): OrderGraph {
    const made = this.#ops.map((op) => this.#piecesMadeBy(op));
    const pieces = made.flat();
    for (const [index, piece] of pieces.entries()) this.#buffers.set(piece, index);
    const uses = pieces.map((piece) => this.#usesOf(piece));
    const edges = this.#dependencies;
    const reads: number[][] = this.#ops.map(() => []);
    for (const [buffer, { users }] of uses.entries()) for (const user of users) reads[user]?.push(buffer);
    const nodes = this.#ops.map((op, index): OrderNode => ({
      predecessors: edges.predecessors[index] ?? [],
      successors: edges.successors[index] ?? [],
      makes: (made[index] ?? []).flatMap((piece) => this.#buffers.get(piece) ?? []),
      reads: reads[index] ?? [],
      handsOver: this.#pairs(handedOver.get(op) ?? []),
      transient: transientOf(op),
    }));
    const buffers = pieces.map((piece, index): OrderBuffer => ({
      bytes: bytesOf(piece),
      users: uses[index]?.users ?? [],
      isLiveOut: uses[index]?.isLiveOut ?? false,
    }));
    this.graph = { nodes, buffers };
    return this.graph;
  }

  #piecesMadeBy(op: Operation): readonly Piece[] {
    if (this.#graph.isSilent(op)) return [];
    const pieces = op.results.flatMap((result) => {
      const memory = this.#graph.memoryOf(result);
      return memory.kind === 'piece' && memory.piece.op === op ? [memory.piece] : [];
    });
    return [...new Set(pieces)];
  }

  /** The ops of this block that read the piece or a view of it, themselves or in their regions. */
  #usesOf(piece: Piece): { readonly users: readonly number[]; readonly isLiveOut: boolean } {
    const users = new Set<number>();
    let isLiveOut = false;
    for (const value of piece.values) {
      for (const { owner } of value.uses()) {
        if (this.#graph.isSilent(owner)) continue;
        const user = opInBlock(owner, this.#block);
        const node = user && this.#nodes.get(user);
        if (node !== undefined) users.add(node);
        else if (user !== undefined) isLiveOut = true;
      }
    }
    if (piece.op !== undefined) users.delete(this.#nodes.get(piece.op) ?? -1);
    return { users: [...users], isLiveOut };
  }

  #pairs(pairs: readonly (readonly [from: Piece, to: Piece])[]): OrderNode['handsOver'] {
    return pairs.flatMap(([from, to]) => {
      const [read, made] = [this.#buffers.get(from), this.#buffers.get(to)];
      return read === undefined || made === undefined ? [] : [[read, made] as const];
    });
  }
}
