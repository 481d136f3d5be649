import { describe, expect, it } from 'vitest';
import { type OrderGraph, peakOf } from '../../../codegen/plan/order/order-graph.ts';
import { searchOrder } from '../../../codegen/plan/order/search-order.ts';
import { planText } from '../../../codegen/plan/plan-text.ts';
import { randomNumbers } from './random-programs.ts';
import { compiledPlan, runBoth } from './run-plan.ts';

/** Node i reads what the nodes `reads[i]` make, and makes `bytes[i]`. */
function graphOf(reads: readonly (readonly number[])[], bytes: readonly number[]): OrderGraph {
  const users = (made: number): number[] => reads.flatMap((list, node) => (list.includes(made) ? [node] : []));
  return {
    nodes: reads.map((list, node) => ({
      predecessors: list,
      successors: users(node),
      makes: [node],
      reads: list,
      handsOver: [],
      transient: 0,
    })),
    buffers: reads.map((_, node) => ({
      bytes: bytes[node] ?? 0,
      users: users(node),
      isLiveOut: users(node).length === 0,
    })),
  };
}

function randomGraph(seed: number, count: number, reach: number): OrderGraph {
  const random = randomNumbers(seed);
  const reads = Array.from({ length: count }, (_, node) => {
    const inputs = new Set<number>();
    for (let each = random(3); each >= 0; each--) inputs.add(Math.max(0, node - 1 - random(reach)));
    return node === 0 || random(6) === 0 ? [] : [...inputs];
  });
  return graphOf(
    reads,
    reads.map(() => 1 + random(20)),
  );
}

/** All orders, for a few nodes. */
function leastPeak(graph: OrderGraph): number {
  let least = Infinity;
  const visit = (order: readonly number[]): void => {
    if (peakOf(graph, order).bytes >= least) return;
    if (order.length === graph.nodes.length) least = peakOf(graph, order).bytes;
    for (const [node, { predecessors }] of graph.nodes.entries())
      if (!order.includes(node) && predecessors.every((each) => order.includes(each))) visit([...order, node]);
  };
  visit([]);
  return least;
}

function isTopological(graph: OrderGraph, order: readonly number[]): boolean {
  const places = new Map(order.map((node, place) => [node, place]));
  return (
    places.size === graph.nodes.length &&
    graph.nodes.every(({ predecessors }, node) =>
      predecessors.every((each) => (places.get(each) ?? Infinity) < (places.get(node) ?? -1)),
    )
  );
}

describe('the search for an order', () => {
  it('finds the least peak of small graphs', () => {
    for (let seed = 0; seed < 60; seed++) {
      const graph = randomGraph(seed, 4 + (seed % 5), 6);
      const order = searchOrder(graph);
      expect(isTopological(graph, order), `seed ${seed}`).toBe(true);
      expect(peakOf(graph, order).bytes, `seed ${seed}`).toBe(leastPeak(graph));
    }
  });

  it('finds the least peak between the nodes that all paths go through', () => {
    // Ten blocks in a row, each of which is better computed the other way round: the wide branch first.
    const reads: number[][] = [[]];
    const bytes = [1];
    for (let block = 0; block < 10; block++) {
      const start = reads.length - 1;
      reads.push([start], [start], [start + 2], [start + 1, start + 3]);
      bytes.push(30, 100, 1, 1);
    }
    const graph = graphOf(reads, bytes);
    expect(
      peakOf(
        graph,
        reads.map((_, node) => node),
      ).bytes,
    ).toBe(1 + 30 + 100);
    expect(peakOf(graph, searchOrder(graph)).bytes).toBe(1 + 100 + 1);
  });

  it('is never worse than program order, and is one that can run', () => {
    for (let seed = 0; seed < 40; seed++) {
      const graph = randomGraph(seed, 20 + 2 * seed, 3 + (seed % 40));
      const order = searchOrder(graph);
      const program = graph.nodes.map((_, node) => node);
      expect(isTopological(graph, order), `seed ${seed}`).toBe(true);
      expect(peakOf(graph, order).bytes, `seed ${seed}`).toBeLessThanOrEqual(peakOf(graph, program).bytes);
    }
  });
});

const weights = Array.from({ length: 8 }, (_, index) => `%w${index}`);
const parameters = ['%x', ...weights].map((name) => `${name}: tensor<8x8xf32>`).join(', ');
/** Eight products first, then products of these one by one. */
const wideLines = [
  ...weights.map((weight, index) => `  %p${index} = ${product('%x', weight)}`),
  `  %s0 = ${product('%p0', '%x')}`,
  ...weights.slice(1).map((_, index) => `  %s${index + 1} = ${product(`%p${index + 1}`, `%s${index}`)}`),
].join('\n');

function product(a: string, b: string): string {
  return `stablehlo.dot_general ${a}, ${b}, contracting_dims = [1] x [0] : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>`;
}

describe('the order of a plan', () => {
  it('computes what is needed when it is needed', () => {
    const { plan, actual, expected } = runBoth(
      `func.func @main(${parameters}) -> tensor<8x8xf32> {\n${wideLines}\n  return %s7 : tensor<8x8xf32>\n}`,
    );
    expect(actual).toEqual(expected);
    expect(plan.programOrderBytes).toBe(9 * 256);
    expect(planText(plan)).toContain('peak 768 bytes; largest live set 768; in program order 2304');
  });

  it('is that of kernels, after fusion', () => {
    const plan = compiledPlan(
      `func.func @main(${parameters}) -> tensor<8x8xf32> {\n${wideLines}\n  return %s7 : tensor<8x8xf32>\n}`,
    );
    expect([plan.peakBytes, plan.programOrderBytes]).toEqual([768, 2304]);
  });

  it('is chosen in branches as well', () => {
    const { plan } = runBoth(`func.func @main(%i: tensor<i32>, ${parameters}) -> tensor<8x8xf32> {
  %0 = "stablehlo.case"(%i) ({
${wideLines}
    stablehlo.return %s7 : tensor<8x8xf32>
  }, {
    stablehlo.return %x : tensor<8x8xf32>
  }) : (tensor<i32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}`);
    expect([plan.peakBytes, plan.programOrderBytes]).toEqual([768, 2304]);
  });
});
