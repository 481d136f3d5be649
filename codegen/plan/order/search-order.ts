/** The order of a block's ops: the best of a few sweeps, then windows around its peak in their best order, as long as that helps. */
import { depthFirstOrder, listOrder } from './list-order.ts';
import { LiveMemory, nodeAt, type OrderGraph, type Peak, peakOf } from './order-graph.ts';
import { bestWindowOrder, maxWindow } from './window-order.ts';

/** Sets of nodes looked at for one window. */
const maxStates = 4000;
/** Windows looked at for one block. */
const maxRounds = 64;

/** Nodes in an order that needs no more memory, as the model sees it, than the one they are numbered in. */
export function searchOrder(graph: OrderGraph): readonly number[] {
  let order: readonly number[] = graph.nodes.map((_, index) => index);
  let peak = peakOf(graph, order);
  for (const candidate of [listOrder(graph), depthFirstOrder(graph)]) {
    const other = peakOf(graph, candidate);
    if (other.bytes < peak.bytes) [order, peak] = [candidate, other];
  }
  for (let round = 0; round < maxRounds; round++) {
    const better = withBetterWindow(graph, order, peak);
    if (better === undefined) break;
    [order, peak] = [better, peakOf(graph, better)];
  }
  return order;
}

/** Windows around the peak, of different places and sizes; a part between two nodes that all others come before or after is one. */
function withBetterWindow(graph: OrderGraph, order: readonly number[], peak: Peak): readonly number[] | undefined {
  const places = new Map(order.map((node, at) => [node, at]));
  const live = liveBeforeEach(graph, order);
  for (const { begin, end } of windowsAround(graph, order, peak.at)) {
    const window = order.slice(begin, end);
    const hasRun = (node: number): boolean => (places.get(node) ?? 0) < begin;
    const found = bestWindowOrder(graph, window, hasRun, peak.bytes - (live[begin] ?? 0), maxStates);
    if (found !== undefined) return [...order.slice(0, begin), ...found, ...order.slice(end)];
  }
  return undefined;
}

interface Range {
  readonly begin: number;
  readonly end: number;
}

function windowsAround(graph: OrderGraph, order: readonly number[], at: number): readonly Range[] {
  const part = partAround(graph, order, at);
  const windows: Range[] = [];
  if (part.end - part.begin <= maxWindow) windows.push(part);
  for (const size of [12, 18, maxWindow]) {
    for (const before of [size >> 1, size - 2, 1]) {
      const begin = Math.max(part.begin, at - before);
      windows.push({ begin, end: Math.min(part.end, begin + size) });
    }
  }
  return windows;
}

/** From after the last node before `at`, to before the first one after it, that every node comes before or after in any order. */
function partAround(graph: OrderGraph, order: readonly number[], at: number): Range {
  const places = new Int32Array(order.length);
  for (const [place, node] of order.entries()) places[node] = place;
  // A node is fixed when each later one has a predecessor at it or later, and each earlier one a successor at it or earlier.
  let begin = 0;
  let end = order.length;
  const earliest = Array<number>(order.length + 1).fill(Infinity);
  for (let place = order.length - 1; place >= 0; place--) {
    const { predecessors } = nodeAt(graph, order[place] ?? 0);
    const last = predecessors.reduce((most, node) => Math.max(most, places[node] ?? 0), -1);
    earliest[place] = Math.min(earliest[place + 1] ?? Infinity, last);
  }
  let latest = -Infinity;
  for (const [place, node] of order.entries()) {
    const isFixed = latest <= place && (earliest[place + 1] ?? Infinity) >= place;
    if (isFixed && place < at) begin = place + 1;
    if (isFixed && place > at) {
      end = place;
      break;
    }
    const { successors } = nodeAt(graph, node);
    latest = Math.max(
      latest,
      successors.reduce((least, each) => Math.min(least, places[each] ?? 0), Infinity),
    );
  }
  return { begin, end };
}

function liveBeforeEach(graph: OrderGraph, order: readonly number[]): readonly number[] {
  const memory = new LiveMemory(graph);
  return order.map((node) => {
    const { live } = memory;
    memory.run(node);
    return live;
  });
}
