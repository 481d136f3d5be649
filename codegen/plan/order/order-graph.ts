/**
 * The ops of one block as the search for an order sees them: nodes that must follow each other, and buffers that a node makes and nodes
 * read. A model of memory, not the plan itself: what lies in another's memory for good (views, outputs) costs nothing here.
 */

export interface OrderBuffer {
  readonly bytes: number;
  /** Nodes that read it, each once. */
  readonly users: readonly number[];
  /** Needed after the last node. */
  readonly isLiveOut: boolean;
}

export interface OrderNode {
  readonly predecessors: readonly number[];
  readonly successors: readonly number[];
  /** Buffers. */
  readonly makes: readonly number[];
  readonly reads: readonly number[];
  /** Pairs: what it makes may take the memory of what it reads, if nothing reads that afterwards. */
  readonly handsOver: readonly (readonly [read: number, made: number])[];
  /** Bytes that are needed only while it runs. */
  readonly transient: number;
}

export interface OrderGraph {
  readonly nodes: readonly OrderNode[];
  readonly buffers: readonly OrderBuffer[];
}

/** Memory while nodes run one after another. */
export class LiveMemory {
  readonly #graph: OrderGraph;
  /** Users of each buffer that have not run. */
  readonly #waiting: Int32Array;
  /** The exclusive or of their numbers: the number of the last one when one is left. */
  readonly #lastUser: Int32Array;
  live = 0;

  constructor(graph: OrderGraph) {
    this.#graph = graph;
    this.#waiting = Int32Array.from(graph.buffers, ({ users }) => users.length);
    this.#lastUser = Int32Array.from(graph.buffers, ({ users }) => users.reduce((mixed, user) => mixed ^ user, 0));
  }

  /** Bytes that are live while the node runs, and after it. */
  costOf(node: number): { readonly during: number; readonly after: number } {
    const { makes, reads, handsOver, transient } = nodeAt(this.#graph, node);
    let made = 0;
    let kept = 0;
    for (const buffer of makes) {
      const { bytes, users, isLiveOut } = bufferAt(this.#graph, buffer);
      made += bytes;
      if (users.length > 0 || isLiveOut) kept += bytes;
    }
    let freed = 0;
    for (const buffer of reads) if (this.#dies(buffer)) freed += bufferAt(this.#graph, buffer).bytes;
    let handed = 0;
    for (const [read, result] of firstOfEach(handsOver)) {
      if (this.#dies(read)) handed += Math.min(bufferAt(this.#graph, read).bytes, bufferAt(this.#graph, result).bytes);
    }
    return { during: this.live + made - handed + transient, after: this.live + kept - freed };
  }

  /** Runs a node; says which nodes now read something last. */
  run(node: number): readonly number[] {
    this.live = this.costOf(node).after;
    const lastUsers: number[] = [];
    for (const buffer of nodeAt(this.#graph, node).reads) {
      const left = (this.#waiting[buffer] ?? 0) - 1;
      const mixed = (this.#lastUser[buffer] ?? 0) ^ node;
      this.#waiting[buffer] = left;
      this.#lastUser[buffer] = mixed;
      if (left === 1) lastUsers.push(mixed);
    }
    return lastUsers;
  }

  #dies(buffer: number): boolean {
    return this.#waiting[buffer] === 1 && !bufferAt(this.#graph, buffer).isLiveOut;
  }
}

/** Each buffer takes part in one pair. */
function firstOfEach(pairs: OrderNode['handsOver']): OrderNode['handsOver'] {
  if (pairs.length < 2) return pairs;
  const seen = new Set<number>();
  return pairs.filter(([read, made]) => {
    if (seen.has(read) || seen.has(made)) return false;
    seen.add(read).add(made);
    return true;
  });
}

export function nodeAt({ nodes }: OrderGraph, index: number): OrderNode {
  const node = nodes[index];
  if (node === undefined) throw new RangeError(`there is no node ${index}`);
  return node;
}

export function bufferAt({ buffers }: OrderGraph, index: number): OrderBuffer {
  const buffer = buffers[index];
  if (buffer === undefined) throw new RangeError(`there is no buffer ${index}`);
  return buffer;
}

export interface Peak {
  readonly bytes: number;
  /** Where in the order it is first reached. */
  readonly at: number;
}

export function peakOf(graph: OrderGraph, order: readonly number[]): Peak {
  const memory = new LiveMemory(graph);
  let peak: Peak = { bytes: 0, at: 0 };
  for (const [at, node] of order.entries()) {
    const { during } = memory.costOf(node);
    if (during > peak.bytes) peak = { bytes: during, at };
    memory.run(node);
  }
  return peak;
}
