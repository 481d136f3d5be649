/**
 * Applies a table of small rewrite rules to a fixed point. An op is looked at when it is new, when its operands change, and
 * when an op it uses or that uses it was rewritten, or its region returns something else. Ops without effect that lose their
 * last use are erased on the way.
 */
import { InvariantError } from '../ir/diagnostics/diagnostic.ts';
import { opSite } from '../ir/op-site.ts';
import type { Operation } from '../ir/operation.ts';
import { type RewriteListener, Rewriter, soleUser } from '../ir/rewriter.ts';
import type { PassContext } from './pass.ts';
import type { RewriteRule } from './rewrite-rule.ts';

export interface RewriteStatistics {
  readonly changed: boolean;
  /** How often each rule fired. */
  readonly fired: ReadonlyMap<string, number>;
}

/** Rules that undo each other are a bug: an op may be rewritten this often on average before we say so. */
const rewritesPerOperation = 64;

export function rewriteGreedily(
  root: Operation,
  rules: readonly RewriteRule[],
  context: PassContext,
): RewriteStatistics {
  return new GreedyRewrite(rules, context).run(root);
}

/** True for an op that may be erased when its results are unused. */
export function isErasable(op: Operation): boolean {
  const { traits } = op.definition;
  if (traits.has('terminator') || traits.has('symbol') || traits.has('symbol-table')) return false;
  return hasNoEffect(op);
}

/** Pure, or with regions that are. */
export function hasNoEffect(op: Operation): boolean {
  const effects = op.definition.effects(opSite(op));
  if (effects === 'pure') return true;
  if (effects === 'effect') return false;
  for (const region of op.regions) {
    for (let inner = region.block.first; inner !== undefined; inner = inner.next) {
      if (!inner.definition.traits.has('terminator') && !hasNoEffect(inner)) return false;
    }
  }
  return true;
}

class GreedyRewrite implements RewriteListener {
  readonly #rules = new Map<string, RewriteRule[]>();
  readonly #context: PassContext;
  readonly #fired = new Map<string, number>();
  /** A stack, so that the newest ops are looked at first. Erased ops stay in it, and are passed over. */
  readonly #worklist: Operation[] = [];
  /** Whether an op waits in the worklist. No set: taking out and putting in one key over and over makes a set's chains long. */
  readonly #queued = new Map<Operation, boolean>();
  readonly #rewriter: Rewriter;

  constructor(rules: readonly RewriteRule[], context: PassContext) {
    this.#context = context;
    this.#rewriter = new Rewriter(this);
    for (const rule of rules) {
      for (const name of rule.ops) {
        const known = this.#rules.get(name);
        if (known === undefined) this.#rules.set(name, [rule]);
        else known.push(rule);
      }
    }
  }

  run(root: Operation): RewriteStatistics {
    root.walk((op) => this.#enqueue(op));
    this.#worklist.reverse();
    let budget = (this.#worklist.length + 100) * rewritesPerOperation;
    for (let op = this.#worklist.pop(); op !== undefined; op = this.#worklist.pop()) {
      if (this.#queued.get(op) !== true) continue;
      this.#queued.set(op, false);
      if (op === root || op.block === undefined) continue;
      if (budget-- < 0) throw new InvariantError(`rewrite rules do not come to an end; last at ${op.name}`);
      this.#context.at(op);
      this.#visit(op);
    }
    return { changed: this.#rewriter.changes > 0, fired: this.#fired };
  }

  #visit(op: Operation): void {
    if (op.isUnused && op.results.length > 0 && isErasable(op)) {
      this.#rewriter.erase(op);
      return;
    }
    for (const rule of this.#rules.get(op.name) ?? []) {
      if (!rule.apply(op, this.#rewriter, this.#context)) continue;
      this.#fired.set(rule.name, (this.#fired.get(rule.name) ?? 0) + 1);
      if (op.block !== undefined) this.changed(op);
      return;
    }
  }

  changed(op: Operation): void {
    this.#enqueue(op);
    // What a region returns may be what a rule of the op around it looks for.
    if (op.definition.traits.has('terminator') && op.parentOp !== undefined) this.#enqueue(op.parentOp);
    for (const result of op.results) {
      for (let use = result.firstUse; use !== undefined; use = use.next) this.#enqueue(use.owner);
    }
  }

  erased(op: Operation): void {
    op.walk((inner) => {
      this.#queued.delete(inner);
      for (const { value } of inner.operandUses) {
        const definition = value.definingOp;
        if (definition !== undefined && definition !== op) this.#enqueue(definition);
        const user = soleUser(value, op);
        if (user !== undefined) this.#enqueue(user);
      }
    });
  }

  #enqueue(op: Operation): void {
    if (this.#queued.get(op) === true) return;
    this.#queued.set(op, true);
    this.#worklist.push(op);
  }
}
