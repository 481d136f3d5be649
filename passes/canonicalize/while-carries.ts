/**
 * Values a `while` carries for nothing: that never change, that equal another, or that only lead to themselves.
 *
 *     %0:3 = while(%i = %a, %w = %b, %n = %c)           %0 = while(%i = %a)
 *       cond { ... %i ... }                               cond { ... %i ... }
 *       do { %i2 = add %i, %w                       ->    do { %i2 = add %i, %b
 *            %n2 = add %n, %n                                  return %i2 }
 *            return %i2, %w, %n2 }
 *     use(%0#0), use(%0#1)                              use(%0), use(%b)
 */
import type { Block, Operation, Value } from '../../ir/operation.ts';
import { whileOp } from '../../ir/ops/stablehlo/while.ts';
import type { Rewriter } from '../../ir/rewriter.ts';
import { hasNoEffect, isErasable } from '../greedy-rewrite.ts';
import { movesData, rule } from '../rewrite-rule.ts';
import { eraseUnusedOps, rebuildWithout } from './rebuild-region-op.ts';

export const whileCarries = rule(whileOp, {
  name: 'while-carries',
  equation: 'a value that a loop carries unchanged is its initial value; one that only leads to itself goes',
  floatingPoint: movesData,
  rewrite({ op, rewriter }) {
    const loop = readLoop(op);
    if (loop === undefined) return undefined;
    const replaced = redundantCarries(loop);
    const live = liveCarries(loop, replaced);
    const kept = op.results.flatMap((_, index) => (live.has(index) ? [index] : []));
    // A loop that carries nothing has no text; and it would not end.
    if (kept.length === op.results.length || kept.length === 0) return undefined;
    cutLoop(loop, kept, replaced, rewriter);
    return 'changed';
  },
});

interface Loop {
  readonly op: Operation;
  readonly cond: Block;
  readonly body: Block;
  readonly initial: readonly Value[];
  /** What the body returns. */
  readonly next: readonly Value[];
}

function readLoop(op: Operation): Loop | undefined {
  const [cond, body] = op.regions;
  const next = body?.block.terminator?.operands;
  if (cond === undefined || body === undefined || next === undefined) return undefined;
  return { op, cond: cond.block, body: body.block, initial: op.operands, next };
}

/** What stands for a carry: a value from outside, or the carry that is equal to it. */
type Replacement =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'carry'; readonly index: number };

function redundantCarries(loop: Loop): ReadonlyMap<number, Replacement> {
  const replaced = new Map<number, Replacement>();
  const seen = new Map<string, number>();
  for (const [index, value] of loop.initial.entries()) {
    const next = loop.next[index];
    if (next === undefined || !hasOneType(loop, index)) continue;
    if (next === loop.body.argument(index) || next === value) {
      replaced.set(index, { kind: 'value', value });
      continue;
    }
    const key = `${value.id} ${next.id}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else replaced.set(index, { kind: 'carry', index: first });
  }
  return replaced;
}

/** Sizes that are open may be known better in one place than in another. */
function hasOneType({ op, cond, body, initial, next }: Loop, index: number): boolean {
  const type = initial[index]?.type;
  const others = [op.result(index), cond.argument(index), body.argument(index), next[index]];
  return others.every((value) => value?.type === type);
}

/** Carries that a result, the condition or an effect needs, directly or through other carries. */
function liveCarries(loop: Loop, replaced: ReadonlyMap<number, Replacement>): ReadonlySet<number> {
  const live = new Set<number>();
  const reached = new Set<Operation>();
  const work: Value[] = [];
  const need = (index: number): void => {
    const replacement = replaced.get(index);
    if (replacement?.kind === 'value') return;
    const carry = replacement?.index ?? index;
    if (live.has(carry)) return;
    live.add(carry);
    const next = loop.next[carry];
    if (next !== undefined) work.push(next);
  };
  const reach = (op: Operation): void => {
    if (reached.has(op)) return;
    reached.add(op);
    op.walk((inner) => {
      for (const use of inner.operandUses) work.push(use.value);
    });
  };
  for (const result of loop.op.results) if (result.hasUses) need(result.index);
  if (loop.cond.terminator !== undefined) reach(loop.cond.terminator);
  for (const block of [loop.cond, loop.body]) {
    for (const op of block.operations()) if (op !== block.terminator && !hasNoEffect(op)) reach(op);
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const block = value.argumentOf;
    if (block === loop.cond || block === loop.body) need(value.index);
    else {
      const owner = ownerIn(value, loop);
      if (owner !== undefined) reach(owner);
    }
  }
  return live;
}

/** The op directly in a block of the loop that defines the value, or in whose regions it is defined. */
function ownerIn(value: Value, loop: Loop): Operation | undefined {
  let op: Operation | undefined = value.definingOp ?? value.block?.region?.parentOp;
  while (op !== undefined && op.block !== loop.cond && op.block !== loop.body) op = op.parentOp;
  return op;
}

function cutLoop(
  loop: Loop,
  kept: readonly number[],
  replaced: ReadonlyMap<number, Replacement>,
  rewriter: Rewriter,
): void {
  const { op, cond, body } = loop;
  for (const [index, replacement] of replaced) {
    for (const block of [cond, body]) {
      const value = replacement.kind === 'value' ? replacement.value : block.argument(replacement.index);
      rewriter.replaceUses(block.argument(index), value);
    }
    const value = replacement.kind === 'value' ? replacement.value : op.result(replacement.index);
    rewriter.replaceUses(op.result(index), value);
  }
  const { terminator } = body;
  if (terminator !== undefined) rewriter.setOperands(terminator, pick(terminator.operands, kept));
  for (const block of [cond, body]) eraseUnusedOps(block, rewriter, isErasable);
  rebuildWithout(op, pick(loop.initial, kept), kept, [], rewriter);
}

function pick(values: readonly Value[], indices: readonly number[]): readonly Value[] {
  const chosen = new Set(indices);
  return values.filter((_, index) => chosen.has(index));
}
