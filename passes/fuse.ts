/**
 * Groups ops into fusions, each of which becomes one kernel.
 *
 *     %0 = stablehlo.dot_general %a, %b            %0 = "tessera.fusion"(%a, %b, %c) ({
 *     %1 = stablehlo.add %0, %c                ->    ... dot_general, add, maximum ...
 *     %2 = stablehlo.maximum %1, %zero             })
 *
 * A kernel reads its operands and writes its results once, so what a fusion gains is the bytes of the values that stay inside. First
 * contractions take in their epilogues; then producers go into consumers, most bytes first, where the kernel can do that well (decide.ts);
 * then cheap prologues go into contractions; then kernels over the same elements of the same tensors become one. A group is convex, free
 * of effects, and of one block; control flow stays outside, with fusions in its regions. Afterwards each op that computes is in a fusion.
 */
import type { Block, Operation } from '../ir/operation.ts';
import { BlockGraph, type Group } from './fuse/block-graph.ts';
import { inOrder, isPrologue, judge, judgeDissolving, judgeSiblings } from './fuse/decide.ts';
import { bytesOf } from './fuse/op-kind.ts';
import { outline } from './fuse/outline.ts';
import { isErasable } from './greedy-rewrite.ts';
import { runsOps } from './op-groups.ts';
import { definePass, type PassContext } from './pass.ts';

export const fuse = definePass({
  name: 'fuse',
  summary: 'group ops into fusions, one kernel each, by the bytes that are not moved',
  run(module, context) {
    let changed = false;
    for (const block of blocksOf(module)) changed = fuseBlock(block, context) || changed;
    return changed;
  },
});

function blocksOf(root: Operation): Block[] {
  const blocks: Block[] = [];
  const visit = (op: Operation): void => {
    if (!runsOps.has(op.name)) return;
    for (const { block } of op.regions) {
      for (const inner of block.operations()) visit(inner);
      if (op.name !== 'builtin.module') blocks.push(block);
    }
  };
  visit(root);
  return blocks;
}

function fuseBlock(block: Block, context: PassContext): boolean {
  let changed = eraseUnused(block);
  const graph = new BlockGraph(block);
  if (![...graph.groups].some(({ isFusible }) => isFusible)) return changed;
  const before = new Map([...graph.groups].map((group) => [group, graph.bytesOfGroup(group)]));
  const separate = (group: Group): number => group.ops.reduce((sum, op) => sum + bytesOfOp(graph, op), 0);
  mergeEpilogues(graph);
  mergeProducers(graph, withoutPrologues);
  mergeProducers(graph, judge);
  for (const group of graph.groups) if (judgeDissolving(graph, group)) graph.dissolve(group);
  mergeSiblings(graph);
  for (const group of graph.groups)
    if (group.isFusible && group.ops.length > 1 && before.has(group))
      context.remark(
        group.ops[0] ?? groupOp(group),
        describe(inOrder(graph, group), separate(group), graph.bytesOfGroup(group)),
      );
  outline(graph);
  changed = true;
  return changed;
}

function groupOp(group: Group): Operation {
  const [op] = group.ops;
  if (op === undefined) throw new Error('a group without ops');
  return op;
}

/** What the op moves as a kernel of its own. */
function bytesOfOp(graph: BlockGraph, op: Operation): number {
  const sources = new Set(graph.inputsOf(op).map(({ source }) => source));
  return [...sources, ...op.results].reduce((bytes, value) => bytes + bytesOf(value), 0);
}

function describe(ops: readonly Operation[], apart: number, together: number): string {
  const names = [...new Set(ops.map(({ name }) => name.slice(name.indexOf('.') + 1)))];
  const listed = names.length > 6 ? `${names.slice(0, 6).join(', ')}, ...` : names.join(', ');
  return `${ops.length} ops in one kernel (${listed}): ${together} bytes moved instead of ${apart}, ${apart - together} less`;
}

/** Ops that nothing uses would become kernels that give nothing. */
function eraseUnused(block: Block): boolean {
  let changed = false;
  for (const op of [...block.operations()].toReversed())
    if (op.isUnused && op.results.length > 0 && isErasable(op)) {
      op.erase();
      changed = true;
    }
  return changed;
}

/** Later contractions first: a sum of two products belongs to the one that is computed last. */
function mergeEpilogues(graph: BlockGraph): void {
  const contractions = [...graph.groups].filter(({ contraction }) => contraction !== undefined);
  for (const group of contractions.toReversed()) {
    let current: Group = group;
    for (let next = epilogue(graph, current); next !== undefined; next = epilogue(graph, current)) {
      graph.merge(current, next.group, next.cost);
      current = next.group;
    }
  }
}

function epilogue(graph: BlockGraph, group: Group): { readonly group: Group; readonly cost: number } | undefined {
  const users = [...group.succs].filter(({ kind }) => kind === 'map').sort((a, b) => a.first - b.first);
  for (const user of users) {
    const verdict = judge(graph, group, user);
    if (verdict !== undefined) return { group: user, cost: verdict.cost };
  }
  return undefined;
}

/** Most bytes first; a merge may make others possible, so that pairs of what has grown are looked at again, until nothing grows. */
function mergeProducers(graph: BlockGraph, decide: typeof judge): void {
  let grown: ReadonlySet<Group> = graph.groups;
  while (grown.size > 0) {
    const next = new Set<Group>();
    for (const pair of pairsOf(graph, grown)) {
      // A consumer that went into its own is there: what it reads meets it before anything else takes a part of that.
      const [producer, consumer] = [pair.producer, graph.surviving(pair.consumer)];
      if (producer.isGone || producer === consumer) continue;
      const verdict = decide(graph, producer, consumer);
      if (verdict === undefined) continue;
      graph.merge(producer, consumer, verdict.cost);
      next.add(consumer);
    }
    grown = new Set([...next].filter(({ isGone }) => !isGone));
  }
}

interface Pair {
  readonly producer: Group;
  readonly consumer: Group;
  readonly bytes: number;
}

/** Each pair of a producer and its consumer that has one of these groups in it, once. */
function pairsOf(graph: BlockGraph, groups: ReadonlySet<Group>): readonly Pair[] {
  const pairs: Pair[] = [];
  const add = (producer: Group, consumer: Group): void => {
    if (producer.mayGrow && consumer.mayGrow)
      pairs.push({ producer, consumer, bytes: sharedBytes(graph, producer, consumer) });
  };
  for (const group of groups) {
    for (const consumer of group.succs) add(group, consumer);
    for (const producer of group.preds) if (!groups.has(producer)) add(producer, group);
  }
  return pairs.sort((a, b) => b.bytes - a.bytes || b.consumer.last - a.consumer.last);
}

/** What a contraction would have to compute of its operands is better the end of the kernel before it. */
function withoutPrologues(graph: BlockGraph, producer: Group, consumer: Group): ReturnType<typeof judge> {
  return isPrologue(graph, producer, consumer) ? undefined : judge(graph, producer, consumer);
}

function sharedBytes(graph: BlockGraph, producer: Group, consumer: Group): number {
  const sources = new Set(graph.edgesBetween(producer, consumer).map(({ source }) => source));
  return [...sources].reduce((bytes, value) => bytes + bytesOf(value), 0);
}

function mergeSiblings(graph: BlockGraph): void {
  for (const group of [...graph.groups].sort((a, b) => a.first - b.first)) {
    if (group.isGone || !group.mayGrow || group.contraction !== undefined) continue;
    for (const other of siblingsOf(graph, group)) {
      if (group.isGone || other.isGone) continue;
      const verdict = judgeSiblings(graph, other, group);
      if (verdict !== undefined) graph.merge(other, group, verdict.cost);
    }
  }
}

/** Groups that read what this one reads; of a tensor that many read, the nearest few. */
function siblingsOf(graph: BlockGraph, group: Group): readonly Group[] {
  const siblings = new Set<Group>();
  for (const value of graph.inputsOfGroup(group)) {
    let count = 0;
    for (const { consumer } of graph.usersOf(value)) {
      const other = graph.groupOf(consumer);
      if (other === undefined || other === group || other.first < group.first) continue;
      siblings.add(other);
      count += 1;
      if (count === maxSiblings) break;
    }
  }
  return [...siblings];
}

const maxSiblings = 8;
