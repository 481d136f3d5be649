export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

export interface Cycle {
  /** The edge that closes the cycle. */
  readonly edge: Edge;
  /** The cycle's files, the first repeated at the end. */
  readonly path: readonly string[];
}

/** One cycle for each edge that closes one, depth first; none exactly when the graph has no cycle. */
export function findCycles(edges: readonly Edge[]): Cycle[] {
  const outgoing = groupByFrom(edges);
  const cycles: Cycle[] = [];
  const finished = new Set<string>();
  const path: string[] = [];

  const visit = (file: string): void => {
    path.push(file);
    for (const edge of outgoing.get(file) ?? []) {
      const start = path.indexOf(edge.to);
      if (start !== -1) cycles.push({ edge, path: [...path.slice(start), edge.to] });
      else if (!finished.has(edge.to)) visit(edge.to);
    }
    path.pop();
    finished.add(file);
  };

  for (const file of outgoing.keys()) if (!finished.has(file)) visit(file);
  return cycles;
}

function groupByFrom(edges: readonly Edge[]): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(edge.from);
    if (group === undefined) groups.set(edge.from, [edge]);
    else group.push(edge);
  }
  return groups;
}
