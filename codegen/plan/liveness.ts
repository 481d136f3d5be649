/** When each piece of memory is live, for one order of the ops. */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Block } from '../../ir/operation.ts';
import type { MemoryGraph, Piece } from './memory-graph.ts';
import { LastUses, type Segment, type Timeline } from './timeline.ts';

/** In the order of positions; parts may touch. */
export function liveSegments(piece: Piece, graph: MemoryGraph, timeline: Timeline): readonly Segment[] {
  const last = timeline.endOf(terminatorOf(graph.body));
  const atEnd: Segment = { first: last, last };
  const { op } = piece;
  const usesFrom = (homes: readonly Block[]): LastUses =>
    new LastUses(piece.values, new Set(homes), (user) => graph.isSilent(user), timeline);
  switch (piece.kind) {
    case 'output':
      return [atEnd];
    case 'argument': {
      const live = timeline.liveFrom(graph.body, 0, usesFrom([graph.body]));
      return graph.donations.some(({ input }) => input === piece.index) ? [...live, atEnd] : live;
    }
    case 'result': {
      const block = op?.block;
      invariant(op !== undefined && block !== undefined, 'a result without an op');
      return timeline.liveFrom(block, timeline.startOf(op), usesFrom([block]));
    }
    case 'carry':
      return carrySegments(piece, usesFrom, timeline);
    case 'choice': {
      const block = op?.block;
      invariant(op !== undefined && block !== undefined, 'a choice without an op');
      const filled = op.regions.map((region) => timeline.startOf(terminatorOf(region.block)));
      return [
        ...filled.map((position) => ({ first: position, last: position })),
        ...timeline.liveFrom(block, timeline.endOf(op), usesFrom([block])),
      ];
    }
    default:
      return piece.kind satisfies never;
  }
}

/** Live in the condition, since the loop may end there; in the body until it is read last; from the end of the body on again. */
function carrySegments(
  { op }: Piece,
  usesFrom: (homes: readonly Block[]) => LastUses,
  timeline: Timeline,
): readonly Segment[] {
  const block = op?.block;
  invariant(op !== undefined && block !== undefined, 'a carry without a loop');
  const [condition, body] = [op.region(0).block, op.region(1).block];
  const uses = usesFrom([condition, body, block]);
  const tested = timeline.startOf(terminatorOf(condition));
  const again = timeline.startOf(terminatorOf(body));
  return [
    { first: timeline.startOf(op), last: tested },
    ...timeline.liveFrom(body, tested, uses),
    ...timeline.liveFrom(block, again, uses),
  ];
}

function terminatorOf(block: Block): NonNullable<Block['terminator']> {
  const { terminator } = block;
  invariant(terminator !== undefined, 'a region without a terminator');
  return terminator;
}
