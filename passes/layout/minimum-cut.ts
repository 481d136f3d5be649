/**
 * Yes-or-no decisions whose costs depend on one decision, or on whether two agree, at least total cost: a minimum cut of a network
 * (Boykov, Veksler and Zabih, "Fast Approximate Energy Minimization via Graph Cuts", 2001, section 7), found with Dinic's algorithm.
 */
export type Decision = number & { readonly brand: 'Decision' };

/** Costs of a pair of decisions: both no, only the second, only the first, both. */
export interface PairCost {
  readonly neither: number;
  readonly second: number;
  readonly first: number;
  readonly both: number;
}

interface Edge {
  readonly to: number;
  left: number;
  /** Position of the opposite edge among those of `to`. */
  readonly back: number;
}

const source = 0;
const sink = 1;

export class Decisions {
  readonly #edges: Edge[][] = [[], []];
  /** What a yes costs more than a no, as far as the decision alone tells. */
  readonly #extra: number[] = [0, 0];

  add(): Decision {
    this.#edges.push([]);
    this.#extra.push(0);
    return (this.#edges.length - 1) as Decision;
  }

  /** Costs of a no and of a yes. */
  cost(decision: Decision, no: number, yes: number): void {
    this.#extra[decision] = (this.#extra[decision] ?? 0) + yes - no;
  }

  /**
   * Costs of two decisions. Agreeing may not cost more than differing; where it does, what is above that is left out, so that the result
   * may not be the least, but is one of the possible.
   */
  pair(first: Decision, second: Decision, costs: PairCost): void {
    const differing = costs.first + costs.second;
    const both = Math.min(costs.both, differing);
    const neither = Math.min(costs.neither, differing - both);
    this.cost(first, neither, costs.first);
    this.cost(second, costs.first, both);
    this.#edge(first, second, differing - neither - both);
  }

  /** The decisions that are a yes; of several least results the one with the fewest. */
  solve(): ReadonlySet<Decision> {
    for (const [decision, extra] of this.#extra.entries()) {
      if (extra > 0) this.#edge(source, decision, extra);
      else if (extra < 0) this.#edge(decision, sink, -extra);
    }
    this.#extra.fill(0);
    for (let levels = this.#levels(); levels !== undefined; levels = this.#levels()) this.#augment(levels);
    return this.#reachingSink();
  }

  #edge(from: number, to: number, capacity: number): void {
    if (capacity <= 0) return;
    const [out, back] = [this.#edges[from] ?? [], this.#edges[to] ?? []];
    out.push({ to, left: capacity, back: back.length });
    back.push({ to: from, left: 0, back: out.length - 1 });
  }

  /** Distance of each node from the source, over edges with something left; undefined when the sink is cut off. */
  #levels(): Int32Array | undefined {
    const levels = new Int32Array(this.#edges.length).fill(-1);
    levels[source] = 0;
    const queue = [source];
    for (const node of queue)
      for (const { to, left } of this.#edges[node] ?? [])
        if (left > 0 && levels[to] === -1) {
          levels[to] = (levels[node] ?? 0) + 1;
          queue.push(to);
        }
    return levels[sink] === -1 ? undefined : levels;
  }

  /** Fills all shortest paths; a path is a list, so that networks may be deep. */
  #augment(levels: Int32Array): void {
    const next = new Int32Array(this.#edges.length);
    const path: Edge[] = [];
    for (;;) {
      const node = path.at(-1)?.to ?? source;
      if (node === sink) {
        this.#fill(path);
        path.length = path.findIndex(({ left }) => left === 0);
        continue;
      }
      const edges = this.#edges[node] ?? [];
      let at = next[node] ?? 0;
      const isNext = ({ to, left }: Edge): boolean => left > 0 && levels[to] === (levels[node] ?? 0) + 1;
      for (let edge = edges[at]; edge !== undefined && !isNext(edge); edge = edges[at]) at += 1;
      next[node] = at;
      const edge = edges[at];
      if (edge !== undefined) path.push(edge);
      else if (path.length === 0) return;
      else {
        path.pop();
        const before = path.at(-1)?.to ?? source;
        next[before] = (next[before] ?? 0) + 1;
      }
    }
  }

  #fill(path: readonly Edge[]): void {
    const flow = Math.min(...path.map(({ left }) => left));
    for (const edge of path) {
      edge.left -= flow;
      const opposite = this.#edges[edge.to]?.[edge.back];
      if (opposite !== undefined) opposite.left += flow;
    }
  }

  #reachingSink(): ReadonlySet<Decision> {
    const reached = new Set<number>([sink]);
    for (const node of reached)
      for (const { to, back } of this.#edges[node] ?? []) if ((this.#edges[to]?.[back]?.left ?? 0) > 0) reached.add(to);
    reached.delete(sink);
    return reached as Set<Decision>;
  }
}
