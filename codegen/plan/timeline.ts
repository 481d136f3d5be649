/**
 * Positions of ops in the order they run, and when a value is live. Regions lie between the start and the end of their op, one after the
 * other. A terminator's position is where its region ends.
 */
import { invariant } from '../../ir/diagnostics/diagnostic.ts';
import type { Block, Operation, Value } from '../../ir/operation.ts';

/** The ops of a block, but for its terminator, in the order they run in; program order where it says nothing. */
export type BlockOrders = ReadonlyMap<Block, readonly Operation[]>;

/** Inclusive positions. */
export interface Segment {
  readonly first: number;
  readonly last: number;
}

export function operationsOf(block: Block, orders: BlockOrders): readonly Operation[] {
  return orders.get(block) ?? programOrder(block);
}

export function programOrder(block: Block): readonly Operation[] {
  const { terminator } = block;
  return [...block.operations()].filter((op) => op !== terminator);
}

export class Timeline {
  readonly #starts = new Map<Operation, number>();
  /** Of ops with regions. */
  readonly #ends = new Map<Operation, number>();
  readonly #blocks = new Map<Block, number>();
  #next = 0;

  constructor(body: Block, orders: BlockOrders) {
    this.#block(body, orders);
  }

  #block(block: Block, orders: BlockOrders): void {
    this.#blocks.set(block, this.#next++);
    for (const op of operationsOf(block, orders)) this.#operation(op, orders);
    if (block.terminator !== undefined) this.#starts.set(block.terminator, this.#next++);
  }

  #operation(op: Operation, orders: BlockOrders): void {
    this.#starts.set(op, this.#next++);
    if (!runsRegions(op)) return;
    for (const { block } of op.regions) this.#block(block, orders);
    this.#ends.set(op, this.#next++);
  }

  /** False for what a kernel does inside. */
  has(op: Operation): boolean {
    return this.#starts.has(op);
  }

  startOf(op: Operation): number {
    const start = this.#starts.get(op);
    invariant(start !== undefined, `${op.name} has no position`);
    return start;
  }

  endOf(op: Operation): number {
    return this.#ends.get(op) ?? this.startOf(op);
  }

  startOfBlock(block: Block): number {
    const start = this.#blocks.get(block);
    invariant(start !== undefined, 'a block has no position');
    return start;
  }

  /** When something is live that exists from position `from` of its block on, and is needed by `uses`. */
  liveFrom(block: Block, from: number, uses: LastUses): Segment[] {
    const user = uses.last(block);
    if (user === undefined) return [{ first: from, last: from }];
    const start = this.startOf(user);
    if (!uses.isInside(user)) return [{ first: from, last: start }];
    // A loop may need it again in its next iteration; a branch needs it until its own last use.
    if (user.name === 'stablehlo.while') return [{ first: from, last: this.endOf(user) }];
    const branches = user.regions.filter((region) => uses.last(region.block) !== undefined);
    const inside = branches.flatMap((region) => this.liveFrom(region.block, this.startOfBlock(region.block), uses));
    return [{ first: from, last: start }, ...inside];
  }
}

/** Ops whose regions are part of the plan; other regions belong to a kernel. */
export function runsRegions(op: Operation): boolean {
  return op.name === 'stablehlo.while' || op.name === 'stablehlo.if' || op.name === 'stablehlo.case';
}

/** The last op of each block, from the blocks in `homes` inwards, that uses one of some values, itself or in its regions. */
export class LastUses {
  readonly #last = new Map<Block, Operation>();
  readonly #inside = new Set<Operation>();
  readonly #timeline: Timeline;

  constructor(
    values: readonly Value[],
    homes: ReadonlySet<Block>,
    isNoUse: (op: Operation) => boolean,
    timeline: Timeline,
  ) {
    this.#timeline = timeline;
    for (const value of values) for (const { owner } of value.uses()) if (!isNoUse(owner)) this.#add(owner, homes);
  }

  #add(user: Operation, homes: ReadonlySet<Block>): void {
    for (let op: Operation | undefined = user; op !== undefined; op = op.parentOp) {
      const { block } = op;
      invariant(block !== undefined, `${op.name} is in no block`);
      if (op !== user && runsRegions(op)) this.#inside.add(op);
      if (this.#timeline.has(op)) {
        const last = this.#last.get(block);
        if (last === undefined || this.#timeline.startOf(last) < this.#timeline.startOf(op)) this.#last.set(block, op);
      }
      if (homes.has(block)) return;
    }
  }

  last(block: Block): Operation | undefined {
    return this.#last.get(block);
  }

  /** True when a region of `op` has a use. */
  isInside(op: Operation): boolean {
    return this.#inside.has(op);
  }
}
