/** Orders found in one sweep, in near-linear time: of the nodes that may run next, the one that leaves the least memory in use. */
import { bufferAt, LiveMemory, nodeAt, type OrderGraph } from './order-graph.ts';
import { PriorityQueue } from './priority-queue.ts';

export function listOrder(graph: OrderGraph): readonly number[] {
  const memory = new LiveMemory(graph);
  const missing = Int32Array.from(graph.nodes, ({ predecessors }) => predecessors.length);
  const version = new Int32Array(graph.nodes.length);
  const queue = new PriorityQueue<{ node: number; version: number }>();
  const isDone = new Uint8Array(graph.nodes.length);
  // Costs are compared by what they add, which does not change while other nodes run.
  const offer = (node: number): void => {
    const { during, after } = memory.costOf(node);
    const next = (version[node] ?? 0) + 1;
    version[node] = next;
    queue.push({ node, version: next }, [after - memory.live, during - memory.live, node]);
  };
  for (const [node, count] of missing.entries()) if (count === 0) offer(node);
  const order: number[] = [];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const { node } = entry;
    if (isDone[node] === 1 || version[node] !== entry.version) continue;
    isDone[node] = 1;
    order.push(node);
    for (const user of memory.run(node)) if (missing[user] === 0 && isDone[user] === 0) offer(user);
    for (const next of nodeAt(graph, node).successors) {
      const left = (missing[next] ?? 0) - 1;
      missing[next] = left;
      if (left === 0) offer(next);
    }
  }
  return order;
}

/**
 * Depth first from the last nodes: of what a node needs, first what takes the most memory to compute beyond what it leaves (Sethi and
 * Ullman, "The Generation of Optimal Code for Arithmetic Expressions", 1970, on a graph instead of a tree).
 */
export function depthFirstOrder(graph: OrderGraph): readonly number[] {
  const kept = graph.nodes.map(({ makes }) => makes.reduce((sum, each) => sum + bufferAt(graph, each).bytes, 0));
  const need: number[] = [];
  const sorted: (readonly number[])[] = [];
  // Nodes are numbered in program order: predecessors first.
  for (const [index, node] of graph.nodes.entries()) {
    const excess = (each: number): number => (need[each] ?? 0) - (kept[each] ?? 0);
    const inputs = node.predecessors.toSorted((a, b) => excess(b) - excess(a) || a - b);
    let held = 0;
    let most = 0;
    for (const input of inputs) {
      most = Math.max(most, held + (need[input] ?? 0));
      held += kept[input] ?? 0;
    }
    need[index] = Math.max(most, held + (kept[index] ?? 0) + node.transient);
    sorted.push(inputs);
  }
  const order: number[] = [];
  const isDone = new Uint8Array(graph.nodes.length);
  for (const [root, { successors }] of graph.nodes.entries()) if (successors.length === 0) visit(root);
  return order;

  function visit(root: number): void {
    const stack: { readonly node: number; next: number }[] = [{ node: root, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = sorted[top.node]?.[top.next++];
      if (input === undefined) {
        stack.pop();
        if (isDone[top.node] === 0) order.push(top.node);
        isDone[top.node] = 1;
      } else if (isDone[input] === 0) stack.push({ node: input, next: 0 });
    }
  }
}
