/**
 * Whether a producer goes into the kernel of a consumer: each rule gives the reason against it, or none. The rules say what kernels can
 * do well (a contraction with its epilogue, rows that stages share); the cost says whether that is worth it.
 */
import type { Operation } from '../../ir/operation.ts';
import { isCumulativeWindow } from '../match.ts';
import type { BlockGraph, Edge, Group } from './block-graph.ts';
import {
  kernelBytes,
  maxCost,
  maxDissolvedCost,
  maxOps,
  maxPrologueCost,
  maxRowBytes,
  maxValues,
  maxWindowPrologueCost,
  operationsPerByte,
  smallBytes,
  smallRatio,
} from './limits.ts';
import { bytesOf, costOf, depthOf, elementsOf } from './op-kind.ts';
import { groupRows, reducedBytes, rowBytes } from './row-kernels.ts';

/** What a merge gives. */
export interface Verdict {
  /** Bytes that are not moved any more. */
  readonly gain: number;
  /** What an element of the merged group costs. */
  readonly cost: number;
}

/** Undefined when the two stay apart. `producer` is read by `consumer`. */
export function judge(graph: BlockGraph, producer: Group, consumer: Group): Verdict | undefined {
  if (!producer.mayGrow || !consumer.mayGrow) return undefined;
  if (producer.ops.length + consumer.ops.length > maxOps) return undefined;
  const edges = graph.edgesBetween(producer, consumer);
  if (edges.length === 0 || !fits(graph, producer, consumer, edges)) return undefined;
  const cost = mergedCost(producer, consumer, edges);
  if (cost > maxCost) return undefined;
  const gain = gainOf(graph, producer, consumer);
  if (recomputed(graph, producer, edges) > (gain + kernelBytes) * operationsPerByte) return undefined;
  if (graph.inputsOfGroup(producer).length + graph.inputsOfGroup(consumer).length > maxValues) return undefined;
  return graph.isConnectedThroughOthers(producer, consumer) ? undefined : { gain, cost };
}

function fits(graph: BlockGraph, producer: Group, consumer: Group, edges: readonly Edge[]): boolean {
  if (producer.kind === 'update' || hasUpdate(producer)) return false;
  if (edges.some(isUpdatedOperand)) return false;
  if (producer.contraction !== undefined) return fitsAsContraction(graph, producer, consumer, edges);
  if (consumer.contraction !== undefined) return fitsIntoContraction(graph, producer, consumer, edges);
  if (!staysInStep(graph, producer, consumer, edges)) return false;
  if (producer.cost > maxWindowPrologueCost && !isMovement(producer) && timesRead(graph, edges) > mostTimes)
    return false;
  if (producer.reducers.length === 0) return true;
  return fitsAsRows(producer, consumer, edges);
}

function hasUpdate(group: Group): boolean {
  return group.ops.some(({ name }) => name === 'stablehlo.dynamic_update_slice');
}

/** What an update overwrites is computed elsewhere, whole; the update then only writes its box. */
function isUpdatedOperand({ consumer, operandIndex }: Edge): boolean {
  return consumer.name === 'stablehlo.dynamic_update_slice' && operandIndex === 0;
}

/** An epilogue: ops on the elements of the result, where they are computed. */
function fitsAsContraction(graph: BlockGraph, producer: Group, consumer: Group, edges: readonly Edge[]): boolean {
  if (consumer.contraction !== undefined || consumer.reducers.length > 0) return false;
  const [result] = producer.contraction?.results ?? [];
  if (result === undefined || !edges.every(({ relation }) => relation === 'same' || relation === 'permuted'))
    return false;
  // All of the consumer has to run over the contraction's own domain.
  const elements = elementsOf(result);
  const isInDomain = (op: Operation): boolean =>
    op.name !== 'stablehlo.concatenate' &&
    op.name !== 'stablehlo.pad' &&
    op.name !== 'stablehlo.gather' &&
    op.results.every((each) => elementsOf(each) === elements);
  const downstream = new Set<Operation>(edges.map(({ consumer: op }) => op));
  for (const op of inOrder(graph, consumer))
    if (graph.inputsOf(op).some(({ source }) => source.definingOp !== undefined && downstream.has(source.definingOp)))
      downstream.add(op);
  const isPlain = (op: Operation): boolean =>
    graph
      .inputsOf(op)
      .every(
        ({ source, relation }) =>
          source.definingOp === undefined ||
          !downstream.has(source.definingOp) ||
          relation === 'same' ||
          relation === 'permuted',
      );
  const outputs = graph.outputsOfGroup(consumer).map((value) => value.definingOp);
  return (
    [...downstream].every((op) => isInDomain(op) && isPlain(op)) &&
    outputs.every((op) => op === undefined || downstream.has(op))
  );
}

/** The ops of a group as they stand in the block. */
export function inOrder(graph: BlockGraph, group: Group): readonly Operation[] {
  const position = (op: Operation): number => graph.positions.get(op) ?? 0;
  return group.ops.toSorted((a, b) => position(a) - position(b));
}

/** What is computed for an epilogue, or cheaply for an operand that nothing else needs. */
function fitsIntoContraction(graph: BlockGraph, producer: Group, consumer: Group, edges: readonly Edge[]): boolean {
  const { contraction } = consumer;
  if (contraction === undefined || producer.reducers.length > 0) return false;
  if (producer.ops.some((op) => op.results.some((result) => graph.isNeededOutside(result, producer, consumer))))
    return false;
  if (!edges.some((edge) => feedsContraction(graph, edge, consumer)))
    return producer.cost <= Math.max(4, depthOf(contraction));
  const isWindow = contraction.name.includes('convolution');
  const input = graph.inputsOfGroup(producer).reduce((bytes, value) => bytes + bytesOf(value), 0);
  const output = edges.reduce((bytes, { source }) => Math.max(bytes, bytesOf(source)), 0);
  if (producer.cost > (isWindow ? maxWindowPrologueCost : maxPrologueCost)) return false;
  return input <= 2 * output + smallBytes;
}

/** True when the consumer's contraction would compute what the producer gives as part of an operand. */
export function isPrologue(graph: BlockGraph, producer: Group, consumer: Group): boolean {
  if (consumer.contraction === undefined) return false;
  return graph.edgesBetween(producer, consumer).some((edge) => feedsContraction(graph, edge, consumer));
}

/** True when the op that reads the edge comes before the contraction: it is itself part of a prologue. */
function feedsContraction(graph: BlockGraph, edge: Edge, group: Group): boolean {
  const { contraction } = group;
  const seen = new Set<Operation>();
  const stack = [edge.consumer];
  for (let op = stack.pop(); op !== undefined; op = stack.pop()) {
    if (op === contraction) return true;
    if (seen.has(op)) continue;
    seen.add(op);
    for (const result of op.results)
      for (const { consumer } of graph.usersOf(result)) if (graph.groupOf(consumer) === group) stack.push(consumer);
  }
  return false;
}

/**
 * A value that is written anyway is read again by the same kernel only where its loop is the loop that writes it. And what nobody
 * but the consumer needs may be computed wherever it is needed.
 */
function staysInStep(graph: BlockGraph, producer: Group, consumer: Group, edges: readonly Edge[]): boolean {
  return edges.every(({ source, relation }) => {
    if (relation === 'same' || relation === 'rows') return true;
    return !graph.isNeededOutside(source, producer, consumer) || bytesOf(source) <= smallBytes;
  });
}

/** Places at which a kernel may compute an element for itself; one that reads slices of an image all around is a window like any other. */
const mostTimes = 2;

const movements: ReadonlySet<string> = new Set(['stablehlo.concatenate', 'stablehlo.pad']);

function isMovement({ ops }: Group): boolean {
  return ops.every(({ name }) => movements.has(name));
}

/** How often these edges read each element of what they lead from. */
function timesRead(graph: BlockGraph, edges: readonly Edge[], known = new Map<Operation, number>()): number {
  const paths = new Map<string, number>();
  for (const { source, consumer, operandIndex, path, relation } of edges) {
    const read =
      relation === 'other' && operandIndex >= 0 ? elementsOf(consumer.operand(operandIndex)) : elementsOf(source);
    const times = (read / Math.max(1, elementsOf(source))) * timesComputed(graph, consumer, known);
    const key = `${source.id}:${path}`;
    paths.set(key, Math.max(times, paths.get(key) ?? 0));
  }
  return [...paths.values()].reduce((sum, times) => sum + times, 0);
}

/** How often a kernel computes each element of an op in it; movement goes where it is read. */
function timesComputed(graph: BlockGraph, op: Operation, known: Map<Operation, number>): number {
  const [result] = op.results;
  const before = known.get(op);
  if (before !== undefined || result === undefined) return before ?? 1;
  const inside = graph
    .usersOf(result)
    .filter(({ consumer }) => movements.has(op.name) || graph.groupOf(consumer) === graph.groupOf(op));
  const times = Math.max(1, timesRead(graph, inside, known));
  known.set(op, times);
  return times;
}

function fitsAsRows(producer: Group, consumer: Group, edges: readonly Edge[]): boolean {
  const isSmall = reducedBytes(producer) <= smallBytes;
  const rows = groupRows(producer);
  const isSame = edges.every(({ relation }) => relation === 'same');
  if (consumer.reducers.length > 0) return fitsBetweenRows(producer, consumer, edges, rows, isSmall);
  if (isSame || isSmall) return true;
  return (
    rows !== undefined &&
    rowBytes(producer) <= maxRowBytes &&
    edges.every(({ relation }) => relation === 'same' || relation === 'rows')
  );
}

/** Reductions of one kernel run along the same rows; or the last one combines what the rows give. */
function fitsBetweenRows(
  producer: Group,
  consumer: Group,
  edges: readonly Edge[],
  rows: string | undefined,
  isSmall: boolean,
): boolean {
  const read = edges.reduce((bytes, { source }) => bytes + bytesOf(source), 0);
  if (isSmall && read <= smallBytes) return true;
  if (rows === undefined) return false;
  const areTogether =
    rows === groupRows(consumer) &&
    Math.max(rowBytes(producer), rowBytes(consumer)) <= maxRowBytes &&
    edges.every(({ relation }) => relation === 'same' || relation === 'rows');
  const isLast = edges.every(
    ({ relation, consumer: op }) =>
      relation === 'same' && (consumer.reducers.includes(op) || consumer.reducers.length > 0),
  );
  return areTogether || (isLast && read * smallRatio <= reducedBytes(producer));
}

/** The producer once for each different way in which the consumer reads it. */
function mergedCost(producer: Group, consumer: Group, edges: readonly Edge[]): number {
  if (producer.reducers.length > 0 || producer.contraction !== undefined) return producer.cost + consumer.cost;
  const paths = new Set(edges.map(({ path, source }) => `${source.id}:${path}`));
  const sources = new Set(edges.map(({ source }) => source));
  return consumer.cost + producer.cost * Math.max(1, paths.size - sources.size + 1);
}

/** Operations that are done more often than before. */
function recomputed(graph: BlockGraph, producer: Group, edges: readonly Edge[]): number {
  if (producer.reducers.length > 0 || producer.contraction !== undefined) return 0;
  const once = graph.domainOf(producer);
  const cost = producer.ops.reduce((sum, op) => sum + costOf(op), 0);
  const paths = new Map<string, number>();
  for (const { source, path, consumer, relation } of edges) {
    const [result] = consumer.results;
    // What is spread along rows is computed once a row, a piece of a concatenation at its own place; along other dimensions a loop computes it for each element.
    const isOnce =
      relation === 'same' ||
      relation === 'permuted' ||
      relation === 'rows' ||
      consumer.name === 'stablehlo.concatenate' ||
      result === undefined;
    const perElement = isOnce ? elementsOf(source) : Math.max(elementsOf(result), elementsOf(source));
    const reads = consumer.name === 'stablehlo.reduce_window' && result !== undefined ? windowReads(consumer) : 1;
    paths.set(`${source.id}:${path}`, perElement * reads);
  }
  const total = [...paths.values()].reduce((sum, elements) => sum + elements, 0);
  // Cheap work hides behind memory accesses: only what costs more counts.
  return Math.max(0, total - once) * Math.max(0, cost - 12);
}

function windowReads(op: Operation): number {
  if (isCumulativeWindow(op)) return 1;
  const window = op.attribute('window_dimensions');
  return window?.kind === 'dense-array' ? window.values.reduce<number>((size, dim) => size * Number(dim), 1) : 1;
}

/** Bytes moved by the two apart, less those moved by them together. */
function gainOf(graph: BlockGraph, producer: Group, consumer: Group): number {
  const apart = graph.bytesOfGroup(producer) + graph.bytesOfGroup(consumer);
  return apart - bytesTogether(graph, producer, consumer);
}

function bytesTogether(graph: BlockGraph, a: Group, b: Group): number {
  const made = new Set([...a.ops, ...b.ops].flatMap((op) => op.results));
  const inputs = new Set([...graph.inputsOfGroup(a), ...graph.inputsOfGroup(b)].filter((value) => !made.has(value)));
  const outputs = [...made].filter((value) => graph.isNeededOutside(value, a, b));
  return [...inputs, ...outputs].reduce((bytes, value) => bytes + bytesOf(value), 0);
}

/** Little work on small tensors for several kernels: each does it for itself, and a kernel less is started. */
export function judgeDissolving(graph: BlockGraph, group: Group): boolean {
  const isPlain = group.kind === 'map' && group.contraction === undefined && group.reducers.length === 0;
  if (!isPlain || hasUpdate(group) || group.cost > maxDissolvedCost) return false;
  const values = [...graph.inputsOfGroup(group), ...group.ops.flatMap(({ results }) => results)];
  if (values.some((value) => bytesOf(value) > smallBytes) || group.succs.size === 0) return false;
  return [...group.succs].every((user) => {
    const edges = graph.edgesBetween(group, user);
    const isOnlyUser = graph.outputsOfGroup(group).every((value) => !graph.isReturned(value));
    return (
      user.mayGrow &&
      isOnlyUser &&
      edges.length > 0 &&
      user.cost + group.cost <= maxCost &&
      fitsIn(graph, group, user, edges)
    );
  });
}

function fitsIn(graph: BlockGraph, group: Group, user: Group, edges: readonly Edge[]): boolean {
  if (edges.some(isUpdatedOperand) || edges.some(({ operandIndex }) => operandIndex < 0)) return false;
  return user.contraction === undefined || !isPrologue(graph, group, user);
}

/** Kernels over the same elements that read the same tensor: whether one kernel gives both results. */
export function judgeSiblings(graph: BlockGraph, a: Group, b: Group): Verdict | undefined {
  if (!a.mayGrow || !b.mayGrow || a.contraction !== undefined || b.contraction !== undefined) return undefined;
  if (hasUpdate(a) || hasUpdate(b) || a.ops.length + b.ops.length > maxOps) return undefined;
  if (graph.domainOf(a) !== graph.domainOf(b) || a.reducers.length > 0 !== b.reducers.length > 0) return undefined;
  if (a.reducers.length > 0 && (groupRows(a) === undefined || groupRows(a) !== groupRows(b))) return undefined;
  const apart = graph.bytesOfGroup(a) + graph.bytesOfGroup(b);
  const gain = apart - bytesTogether(graph, a, b);
  if (gain * 4 < Math.min(graph.bytesOfGroup(a), graph.bytesOfGroup(b))) return undefined;
  if (graph.inputsOfGroup(a).length + graph.inputsOfGroup(b).length > maxValues) return undefined;
  if (graph.isConnectedThroughOthers(a, b) || graph.isConnectedThroughOthers(b, a)) return undefined;
  return { gain, cost: a.cost + b.cost };
}
