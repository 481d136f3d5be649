/**
 * Changes to a module that keep uses, locations and a listener right. Passes change ops through a rewriter only, so that a
 * worklist knows what to look at again.
 */
import type { AttributesOf, AttributeSchema } from './attribute-schema.ts';
import type { Attribute } from './attributes.ts';
import { Builder, type CreateOptions } from './builder.ts';
import { invariant } from './diagnostics/diagnostic.ts';
import { fuseLocations } from './location.ts';
import type { OpDefinition } from './op-definition.ts';
import type { Block, Operation, Value } from './operation.ts';

/** Told after each change. */
export interface RewriteListener {
  /** An op was made, or its operands or attributes changed. */
  changed(op: Operation): void;
  /** An op is about to go; its operands are still there. */
  erased(op: Operation): void;
}

/** Uses that are looked at: one op may use a value thousands of times. */
const soleUserLimit = 64;

/** The only op that uses the value, `gone` and what is in its regions not counted; undefined when there are none or several, or very many uses. */
export function soleUser(value: Value, gone?: Operation): Operation | undefined {
  let user: Operation | undefined;
  let seen = 0;
  for (let use = value.firstUse; use !== undefined; use = use.next) {
    if (seen++ === soleUserLimit) return undefined;
    if (use.owner === user || (gone !== undefined && isInside(use.owner, gone))) continue;
    if (user !== undefined) return undefined;
    user = use.owner;
  }
  return user;
}

function isInside(op: Operation, outer: Operation): boolean {
  return op === outer || (outer.regions.length > 0 && outer.isAncestorOf(op));
}

export class Rewriter {
  /** How many changes were made. */
  changes = 0;
  readonly #listener: RewriteListener | undefined;

  constructor(listener?: RewriteListener) {
    this.#listener = listener;
  }

  /** Makes an op before `anchor`, with its location. */
  createBefore<N extends string, S extends AttributeSchema>(
    anchor: Operation,
    definition: OpDefinition<N, S>,
    operands: readonly Value[],
    attrs: Partial<AttributesOf<S>> = {},
    options: CreateOptions = {},
  ): Operation {
    const op = Builder.before(anchor).create(definition, operands, attrs, options);
    this.#touched(op);
    return op;
  }

  /** Inserts an op built elsewhere, or detached. */
  insertBefore(anchor: Operation, op: Operation): void {
    invariant(anchor.block !== undefined, `${anchor.name} is not in a block`);
    anchor.block.insertBefore(op, anchor);
    this.#touched(op);
  }

  /** Uses of `value` become uses of `replacement`, except those for which `keep` says so. */
  replaceUses(value: Value, replacement: Value, keep: (user: Operation) => boolean = () => false): void {
    if (value === replacement) return;
    for (const use of value.uses()) {
      if (keep(use.owner)) continue;
      use.set(replacement);
      this.#touched(use.owner);
    }
  }

  /** Replaces the results of `op` and erases it. New ops among the replacements take its location into theirs. */
  replace(op: Operation, values: readonly Value[]): void {
    invariant(values.length === op.results.length, `${op.name} has ${op.results.length} results, got ${values.length}`);
    for (const [index, result] of op.results.entries()) {
      const value = values[index];
      invariant(value !== undefined, 'a replacement is missing');
      this.replaceUses(result, value);
    }
    this.erase(op);
  }

  /** Makes one op in place of another, of the same result types unless others are given. */
  replaceWith<N extends string, S extends AttributeSchema>(
    op: Operation,
    definition: OpDefinition<N, S>,
    operands: readonly Value[],
    attrs: Partial<AttributesOf<S>> = {},
    options: CreateOptions = {},
  ): Operation {
    const resultTypes = options.resultTypes ?? op.results.map((result) => result.type);
    const made = this.createBefore(op, definition, operands, attrs, { ...options, resultTypes });
    this.replace(op, made.results);
    return made;
  }

  /** Adds the locations of `others` to an op that now stands for them as well. */
  mergeLocations(op: Operation, others: readonly Operation[]): void {
    op.location = fuseLocations([op.location, ...others.map((other) => other.location)]);
  }

  erase(op: Operation): void {
    this.#listener?.erased(op);
    op.erase();
    this.changes++;
  }

  setOperand(op: Operation, index: number, value: Value): void {
    const old = op.operand(index);
    if (old === value) return;
    op.setOperand(index, value);
    this.#touched(op);
    this.#released(old);
  }

  setOperands(op: Operation, values: readonly Value[]): void {
    const old = op.operands;
    op.setOperands(values);
    this.#touched(op);
    for (const value of old) this.#released(value);
  }

  setAttribute(op: Operation, name: string, attribute: Attribute | undefined): void {
    op.setAttribute(name, attribute);
    this.#touched(op);
  }

  /** Moves an op before another, in the same or another block. */
  moveBefore(op: Operation, anchor: Operation): void {
    invariant(anchor.block !== undefined, `${anchor.name} is not in a block`);
    op.detach();
    anchor.block.insertBefore(op, anchor);
    this.#touched(op);
  }

  /**
   * Moves all ops of `block` but its terminator before `anchor`, with `values` in place of its arguments; gives the
   * terminator's operands, which now stand for the block's results.
   */
  inlineBlockBefore(block: Block, anchor: Operation, values: readonly Value[]): readonly Value[] {
    invariant(values.length === block.arguments.length, 'one value for each block argument');
    for (const [index, argument] of block.arguments.entries()) {
      const value = values[index];
      invariant(value !== undefined, 'a block argument has no value');
      this.replaceUses(argument, value);
    }
    const { terminator } = block;
    for (const op of block.operations()) if (op !== terminator) this.moveBefore(op, anchor);
    return terminator?.operands ?? [];
  }

  /** For a change made by hand. */
  touched(op: Operation): void {
    this.#touched(op);
  }

  /** An op that lost its last use may go, and the only one that still uses it may have waited for that. */
  #released(value: Value): void {
    const user = soleUser(value);
    if (user !== undefined) this.#listener?.changed(user);
    else if (!value.hasUses && value.definingOp !== undefined) this.#listener?.changed(value.definingOp);
  }

  #touched(op: Operation): void {
    this.changes++;
    this.#listener?.changed(op);
  }
}
