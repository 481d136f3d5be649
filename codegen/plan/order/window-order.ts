/**
 * The best order of a few nodes that run one after another, all else left as it is: every set of nodes that may have run is a state, and
 * the path whose largest memory is least wins (after Ahn and others, "Ordering Chaos: Memory-Aware Scheduling of Irregularly Wired Neural
 * Networks for Edge Devices", 2020).
 */
import { bufferAt, nodeAt, type OrderGraph } from './order-graph.ts';
import { PriorityQueue } from './priority-queue.ts';

/** A state is a set of nodes, in the bits of an integer. */
export const maxWindow = 24;

/** Nodes of the window in their best order, if that needs less than `known` bytes beyond what is live before; else undefined. */
export function bestWindowOrder(
  graph: OrderGraph,
  window: readonly number[],
  hasRun: (node: number) => boolean,
  known: number,
  maxStates: number,
): readonly number[] | undefined {
  const model = new WindowModel(graph, window, hasRun);
  const peaks = new Map<number, number>([[0, 0]]);
  const reached = new Map<number, { readonly from: number; readonly node: number }>();
  const queue = new PriorityQueue<number>();
  queue.push(0, [0, 0, 0]);
  const full = 2 ** window.length - 1;
  let states = 0;
  for (let done = queue.pop(); done !== undefined && states < maxStates; done = queue.pop(), states++) {
    if (done === full) return pathTo(full, reached).map((at) => window[at] ?? 0);
    const peak = peaks.get(done) ?? 0;
    const live = model.liveAfter(done);
    for (const at of window.keys()) {
      if (!model.mayRun(at, done)) continue;
      const next = done | (1 << at);
      const nextPeak = Math.max(peak, live + model.addedBy(at, done));
      if (nextPeak >= known || nextPeak >= (peaks.get(next) ?? Infinity)) continue;
      peaks.set(next, nextPeak);
      reached.set(next, { from: done, node: at });
      // Of equal peaks, the longer way first.
      queue.push(next, [nextPeak, -bitCount(next), next]);
    }
  }
  return undefined;
}

function pathTo(state: number, reached: ReadonlyMap<number, { from: number; node: number }>): readonly number[] {
  const path: number[] = [];
  for (let step = reached.get(state); step !== undefined; step = reached.get(step.from)) path.push(step.node);
  return path.toReversed();
}

function bitCount(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface WindowBuffer {
  readonly bytes: number;
  /** Made inside of the window. */
  readonly maker: number;
  /** Users inside. */
  readonly users: number;
  /** Needed after the window. */
  readonly staysLive: boolean;
}

/** Memory relative to what is live before the window. */
class WindowModel {
  readonly #graph: OrderGraph;
  readonly #window: readonly number[];
  /** The nodes of the window that each waits for. */
  readonly #waitsFor: readonly number[];
  readonly #buffers = new Map<number, WindowBuffer>();

  constructor(graph: OrderGraph, window: readonly number[], hasRun: (node: number) => boolean) {
    this.#graph = graph;
    this.#window = window;
    const places = new Map(window.map((node, at) => [node, at]));
    const setOf = (nodes: readonly number[]): number =>
      nodes.reduce((set, node) => set | (places.has(node) ? 1 << (places.get(node) ?? 0) : 0), 0);
    this.#waitsFor = window.map((node) => setOf(nodeAt(graph, node).predecessors));
    for (const [at, node] of window.entries()) {
      const { makes, reads } = nodeAt(graph, node);
      for (const buffer of [...makes, ...reads]) {
        const { bytes, users, isLiveOut } = bufferAt(graph, buffer);
        const isMade = makes.includes(buffer);
        if (this.#buffers.has(buffer) && !isMade) continue;
        const staysLive = isLiveOut || users.some((user) => !places.has(user) && !hasRun(user));
        this.#buffers.set(buffer, { bytes, maker: isMade ? at : -1, users: setOf(users), staysLive });
      }
    }
  }

  mayRun(at: number, done: number): boolean {
    const waitsFor = this.#waitsFor[at] ?? 0;
    return (done & (1 << at)) === 0 && (waitsFor & ~done) === 0;
  }

  liveAfter(done: number): number {
    let live = 0;
    for (const { bytes, maker, users, staysLive } of this.#buffers.values()) {
      const isOver = (users & ~done) === 0 && !staysLive;
      if (maker < 0) live -= isOver ? bytes : 0;
      else if ((done & (1 << maker)) !== 0 && !isOver) live += bytes;
    }
    return live;
  }

  /** Bytes beyond what is live while a node runs. */
  addedBy(at: number, done: number): number {
    const { makes, handsOver, transient } = nodeAt(this.#graph, this.#window[at] ?? 0);
    let added = transient;
    for (const buffer of makes) added += this.#buffers.get(buffer)?.bytes ?? 0;
    const seen = new Set<number>();
    for (const [read, made] of handsOver) {
      const from = this.#buffers.get(read);
      const to = this.#buffers.get(made);
      if (from === undefined || to === undefined || seen.has(read) || seen.has(made)) continue;
      seen.add(read).add(made);
      if (!from.staysLive && (from.users & ~done & ~(1 << at)) === 0) added -= Math.min(from.bytes, to.bytes);
    }
    return added;
  }
}
