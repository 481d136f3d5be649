/**
 * The ops of one block as a graph of groups. A group becomes one fusion; views belong to no group, each user gets its own. Ops that no
 * kernel computes are groups of their own that never grow. The graph stays free of cycles, so that groups can be put in an order.
 */
import { hasOrder } from '../../ir/dimension-order.ts';
import { opSite } from '../../ir/op-site.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';
import { fusion } from '../../ir/ops/tessera/fusion.ts';
import { isTensor } from '../../ir/types.ts';
import { bytesOf, costOf, elementsOf, kindOf } from './op-kind.ts';
import type { OpKind } from './op-table.ts';
import { type DimensionMap, identityMap, mapThrough, type Relation, relationOf } from './relation.ts';

/** An op reads a value of another, through views. */
export interface Edge {
  readonly source: Value;
  readonly consumer: Operation;
  /** -1 when a region of the consumer uses it. */
  readonly operandIndex: number;
  readonly relation: Relation;
  /** Equal for edges that read the same elements for the same element. */
  readonly path: string;
}

export class Group {
  readonly ops: Operation[];
  readonly kind: OpKind;
  readonly preds = new Set<Group>();
  readonly succs = new Set<Group>();
  /** Position of the first and of the last op in the block. */
  first: number;
  last: number;
  contraction: Operation | undefined;
  readonly reducers: Operation[] = [];
  /** Lower than that of all groups that use its results. */
  rank: number;
  /** What one element costs, recomputed producers included. */
  cost: number;
  isGone = false;

  constructor(op: Operation, kind: OpKind, position: number) {
    this.ops = [op];
    this.kind = kind;
    this.first = position;
    this.last = position;
    this.rank = position;
    this.cost = costOf(op);
    if (kind === 'contraction') this.contraction = op;
    if (kind === 'reducer') this.reducers.push(op);
  }

  get isFusible(): boolean {
    return this.kind !== 'outside';
  }

  /** May take other ops in. */
  get mayGrow(): boolean {
    return this.kind !== 'outside' && this.kind !== 'opaque';
  }
}

/**
 * A reshape of what a kernel computes is another name for its memory, in which the plan gives it to whoever is outside: to the kernel its indices would
 * be quotients (heads that become one dimension again).
 */
function isLastName(op: Operation, kinds: ReadonlyMap<Operation, OpKind>): boolean {
  if (op.name !== 'stablehlo.reshape') return false;
  if (![op.operand(0).type, op.result().type].every((type) => isTensor(type) && !hasOrder(type))) return false;
  let maker = op.operand(0).definingOp;
  while (maker?.name === 'stablehlo.transpose') maker = maker.operand(0).definingOp;
  const kind = maker && kinds.get(maker);
  return maker?.name === fusion.name || kind === 'contraction' || kind === 'map' || kind === 'reducer';
}

export class BlockGraph {
  readonly block: Block;
  readonly groups = new Set<Group>();
  readonly positions = new Map<Operation, number>();
  readonly #owners = new Map<Operation, Group>();
  /** By consumer. */
  readonly #inputs = new Map<Operation, readonly Edge[]>();
  /** By source; uses by the terminator are not among them. */
  readonly #users = new Map<Value, Edge[]>();
  readonly #views = new Set<Operation>();
  /** Values that the terminator returns. */
  readonly #returned = new Set<Value>();

  constructor(block: Block) {
    this.block = block;
    const ops = [...block.operations()];
    for (const [position, op] of ops.entries()) this.positions.set(op, position);
    const kinds = new Map(ops.map((op) => [op, kindOf(op)]));
    for (const op of ops.toReversed())
      if (isLastName(op, kinds) && this.#isSeenOutside(op, kinds)) kinds.set(op, 'outside');
    const seenOutside = new Set(ops.filter((op) => kinds.get(op) === 'view' && this.#isSeenOutside(op, kinds)));
    const isConstant = (op: Operation): boolean => op.definition.traits.has('constant-like');
    for (const op of ops) if (kinds.get(op) === 'view' && (isConstant(op) || !seenOutside.has(op))) this.#views.add(op);
    for (const value of block.terminator?.operands ?? []) this.#returned.add(value);
    let lastEffect: Group | undefined;
    for (const op of ops) {
      if (op === block.terminator || (this.#views.has(op) && !seenOutside.has(op))) continue;
      // A constant that something else looks at stays where it is; kernels have their own.
      const kind = this.#views.has(op) ? 'outside' : (kinds.get(op) ?? 'outside');
      const group = new Group(op, kind === 'view' ? 'map' : kind, this.positions.get(op) ?? 0);
      this.groups.add(group);
      this.#owners.set(op, group);
      this.#addEdges(op, group);
      if (kind === 'outside' && op.definition.effects(opSite(op)) !== 'pure') {
        if (lastEffect !== undefined) connect(lastEffect, group);
        lastEffect = group;
      }
    }
  }

  groupOf(op: Operation): Group | undefined {
    return this.#owners.get(op);
  }

  /** True when each user computes it for itself. */
  isView(op: Operation): boolean {
    return this.#views.has(op);
  }

  inputsOf(op: Operation): readonly Edge[] {
    return this.#inputs.get(op) ?? [];
  }

  usersOf(value: Value): readonly Edge[] {
    return this.#users.get(value) ?? [];
  }

  /** Edges from one group to another. */
  edgesBetween(from: Group, to: Group): readonly Edge[] {
    return to.ops.flatMap((op) =>
      this.inputsOf(op).filter(({ source }) => this.#owners.get(source.definingOp ?? op) === from),
    );
  }

  isReturned(value: Value): boolean {
    return this.#returned.has(value);
  }

  /** True when something outside these groups needs the value in memory. */
  isNeededOutside(value: Value, ...groups: readonly Group[]): boolean {
    if (this.#returned.has(value)) return true;
    return this.usersOf(value).some(({ consumer }) => {
      const user = this.#owners.get(consumer);
      return user === undefined || !groups.includes(user);
    });
  }

  /** Values that a group reads from outside itself, each once. */
  inputsOfGroup(group: Group): readonly Value[] {
    const values = new Set<Value>();
    for (const op of group.ops)
      for (const { source } of this.inputsOf(op)) {
        const owner = source.definingOp === undefined ? undefined : this.#owners.get(source.definingOp);
        if (owner !== group) values.add(source);
      }
    return [...values];
  }

  /** Values that a group has to write. */
  outputsOfGroup(group: Group): readonly Value[] {
    return group.ops.flatMap((op) => op.results.filter((result) => this.isNeededOutside(result, group)));
  }

  /** Bytes a kernel of the group reads and writes, each operand and result once. */
  bytesOfGroup(group: Group): number {
    const values = [...this.inputsOfGroup(group), ...this.outputsOfGroup(group)];
    return values.reduce((bytes, value) => bytes + bytesOf(value), 0);
  }

  /** Elements of the largest result. */
  domainOf(group: Group): number {
    return Math.max(0, ...group.ops.flatMap((op) => op.results.map(elementsOf)));
  }

  /** True when a path leads from one group to the other through a third: merging the two would close a cycle. */
  isConnectedThroughOthers(from: Group, to: Group): boolean {
    if (from.rank >= to.rank) return false;
    const found = between(from, to, 'succs');
    return [...to.preds].some((pred) => found.has(pred));
  }

  /** `producer` goes into `consumer`, which is what is left. The caller has made sure that no cycle closes. */
  merge(producer: Group, consumer: Group, cost: number): void {
    rankTogether(producer, consumer);
    for (const op of producer.ops) this.#owners.set(op, consumer);
    consumer.ops.push(...producer.ops);
    consumer.first = Math.min(consumer.first, producer.first);
    consumer.last = Math.max(consumer.last, producer.last);
    consumer.contraction ??= producer.contraction;
    consumer.reducers.push(...producer.reducers);
    consumer.cost = cost;
    producer.isGone = true;
    this.groups.delete(producer);
    for (const group of producer.preds) {
      group.succs.delete(producer);
      if (group !== consumer) connect(group, consumer);
    }
    for (const group of producer.succs) {
      group.preds.delete(producer);
      if (group !== consumer) connect(consumer, group);
    }
  }

  /** The group, or the one it went into. */
  surviving(group: Group): Group {
    const [op] = group.ops;
    return (group.isGone && op !== undefined ? this.#owners.get(op) : undefined) ?? group;
  }

  /** The group is computed by each of its users for itself, as views are. All users must be groups that grow. */
  dissolve(group: Group): void {
    for (const op of group.ops) {
      this.#views.add(op);
      this.#owners.delete(op);
    }
    group.isGone = true;
    this.groups.delete(group);
    for (const pred of group.preds) pred.succs.delete(group);
    for (const succ of group.succs) succ.preds.delete(group);
    for (const pred of group.preds) for (const succ of group.succs) connect(pred, succ);
  }

  /** Groups in an order in which each comes after all it needs; else as they stand in the block. */
  sorted(): readonly Group[] {
    const sorted = new Set<Group>();
    const byPosition = [...this.groups].sort((a, b) => a.first - b.first);
    for (const start of byPosition) {
      const stack: { readonly group: Group; readonly rest: Iterator<Group> }[] = [];
      const open = (group: Group): void => void stack.push({ group, rest: group.preds.values() });
      if (!sorted.has(start)) open(start);
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const next = top.rest.next();
        if (next.done === true) {
          sorted.add(top.group);
          stack.pop();
        } else if (!sorted.has(next.value)) open(next.value);
      }
    }
    return [...sorted];
  }

  /** A view that something other than a kernel of our making looks at has to be in memory. */
  #isSeenOutside(view: Operation, kinds: ReadonlyMap<Operation, OpKind>): boolean {
    return view.results.some((result) => {
      for (const { owner } of result.uses()) {
        const kind = kinds.get(owner);
        if (kind === undefined || kind === 'outside' || kind === 'opaque') return true;
      }
      return false;
    });
  }

  #addEdges(op: Operation, group: Group): void {
    const edges: Edge[] = [];
    // What is not made of views reads what is in memory.
    const collect = (operand: Value, operandIndex: number): void => {
      if (group.mayGrow) this.#collect(operand, op, operandIndex, edges);
      else edges.push({ source: operand, consumer: op, operandIndex, relation: 'other', path: '' });
    };
    for (const [operandIndex, operand] of op.operands.entries()) collect(operand, operandIndex);
    for (const value of capturedValues(op)) collect(value, -1);
    this.#inputs.set(op, edges);
    for (const edge of edges) {
      const users = this.#users.get(edge.source);
      if (users === undefined) this.#users.set(edge.source, [edge]);
      else users.push(edge);
      const owner = edge.source.definingOp === undefined ? undefined : this.#owners.get(edge.source.definingOp);
      if (owner !== undefined && owner !== group) connect(owner, group);
    }
  }

  #collect(operand: Value, consumer: Operation, operandIndex: number, edges: Edge[]): void {
    const chain: Operation[] = [];
    let source = operand;
    for (let view = source.definingOp; view !== undefined && this.#views.has(view); view = source.definingOp) {
      if (view.operandCount === 0) return;
      chain.push(view);
      source = view.operand(0);
    }
    let map: DimensionMap = identityMap(source);
    for (const view of chain.toReversed()) map = mapThrough(map, view);
    const relation = operandIndex < 0 ? 'other' : relationOf(source, map, operand);
    const path = relation === 'same' ? '' : chain.map(({ id }) => id).join();
    edges.push({ source, consumer, operandIndex, relation, path });
  }
}

/** Groups on paths from the lower to the higher of two, as far as they rank below it (or, backwards, above the lower); neither of them. */
function between(low: Group, high: Group, direction: 'succs' | 'preds'): ReadonlySet<Group> {
  const found = new Set<Group>();
  const stack = [direction === 'succs' ? low : high];
  for (let group = stack.pop(); group !== undefined; group = stack.pop())
    for (const next of group[direction]) {
      const isBetween = next.rank > low.rank && next.rank < high.rank;
      if (!isBetween || found.has(next)) continue;
      found.add(next);
      stack.push(next);
    }
  return found;
}

/**
 * Gives two groups that are about to be one a common rank, and keeps the ranks a topological order: what leads to the higher one comes
 * before, what follows from the lower one after them (Pearce and Kelly, "A Dynamic Topological Sort Algorithm for Directed
 * Acyclic Graphs", 2006). Only groups that rank between the two are looked at.
 */
function rankTogether(a: Group, b: Group): void {
  const [low, high] = a.rank < b.rank ? [a, b] : [b, a];
  const byRank = (x: Group, y: Group): number => x.rank - y.rank;
  const before = [...between(low, high, 'preds')].sort(byRank);
  const after = [...between(low, high, 'succs')].sort(byRank);
  const ranks = [...before, low, high, ...after].map(({ rank }) => rank).sort((x, y) => x - y);
  for (const [index, group] of [...before, low, high, ...after].entries()) group.rank = ranks[index] ?? group.rank;
  low.rank = high.rank;
}

function connect(from: Group, to: Group): void {
  from.succs.add(to);
  to.preds.add(from);
}

/** Values from outside that the op's regions use, each once. */
export function capturedValues(op: Operation): readonly Value[] {
  if (op.regions.length === 0 || op.definition.traits.has('isolated')) return [];
  const captured = new Set<Value>();
  for (const region of op.regions)
    for (const inner of region.block.operations())
      inner.walk((nested) => {
        for (const operand of nested.operands) {
          const home = operand.definingOp ?? operand.argumentOf?.region?.parentOp;
          if (home === undefined || !op.isAncestorOf(home)) captured.add(operand);
        }
      });
  return [...captured];
}
