/**
 * The names of SSA values while a text is read. A name is visible from its definition to the end of its region, in nested regions too
 * unless their op is isolated from above; within one isolated op no name may be defined again while it is visible, as in MLIR.
 */
import { Block, Value } from '../operation.ts';
import type { Type } from '../types.ts';
import { nearest } from './edit-distance.ts';
import type { OperandRef } from './op-parser.ts';
import type { ByteRange, TokenStream } from './token-stream.ts';

/** After so many undefined names in one op no nearest name is looked for: each search walks all names. */
const MAX_GUESSES = 50;

interface Definition {
  /** Undefined when the defining op could not be read: uses are not reported then. */
  readonly values: readonly Value[] | undefined;
  readonly at: ByteRange;
}

/** A use of a name without a definition so far. */
interface PendingUse {
  readonly at: ByteRange;
  /** Of the region the use stands in, or of the one around it once that is closed. */
  depth: number;
  readonly guess: string | undefined;
}

/** The names in one op that is isolated from above. */
class Scope {
  readonly definitions = new Map<string, Definition>();
  readonly pending = new Map<string, PendingUse>();
  /** Names by open region, innermost last. */
  readonly regions: string[][] = [];
}

export class ValueScope {
  readonly #tokens: TokenStream;
  #scopes: Scope[] = [new Scope()];

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  get #scope(): Scope {
    const scope = this.#scopes.at(-1);
    if (scope !== undefined) return scope;
    const first = new Scope();
    this.#scopes.push(first);
    return first;
  }

  /** Where `closeTo` comes back to. */
  get openRegions(): readonly [scopes: number, regions: number] {
    return [this.#scopes.length, this.#scope.regions.length];
  }

  openRegion(isIsolated: boolean): void {
    if (isIsolated) this.#scopes.push(new Scope());
    this.#scope.regions.push([]);
  }

  closeRegion(): void {
    const scope = this.#scope;
    const names = scope.regions.pop();
    const depth = scope.regions.length;
    // The names of an isolated op go with its scope.
    if (depth > 0 || this.#scopes.length === 1) for (const name of names ?? []) scope.definitions.delete(name);
    for (const use of scope.pending.values()) if (use.depth > depth) use.depth = depth;
    if (depth === 0) this.#closeScope(scope);
  }

  /** Closes what a failure has left open. */
  closeTo([scopes, regions]: readonly [number, number]): void {
    while (this.#scopes.length > scopes || (this.#scopes.length === scopes && this.#scope.regions.length > regions)) {
      this.closeRegion();
    }
  }

  #closeScope(scope: Scope): void {
    for (const [name, use] of scope.pending) {
      this.#tokens.report(
        {
          code: 'E1201',
          message: `'%${name}' is not defined`,
          hint: use.guess === undefined ? undefined : `did you mean '%${use.guess}'?`,
        },
        use.at,
      );
    }
    scope.pending.clear();
    if (this.#scopes.length > 1) this.#scopes.pop();
  }

  /** Reports uses at the top of the file, outside all regions. */
  close(): void {
    this.closeTo([1, 0]);
    this.#closeScope(this.#scope);
  }

  /** Names values; `undefined` marks a name whose op could not be read. */
  define(name: string, values: readonly Value[] | undefined, at: ByteRange): void {
    const scope = this.#scope;
    const earlier = scope.definitions.get(name);
    if (earlier !== undefined) {
      this.#tokens.report(
        {
          code: 'E1203',
          message: `'%${name}' is defined twice`,
          notes: [{ message: 'first defined here', span: this.#tokens.span(earlier.at.start, earlier.at.end) }],
        },
        at,
      );
      return;
    }
    this.#reportEarlyUse(scope, name, at);
    scope.definitions.set(name, { values, at });
    scope.regions.at(-1)?.push(name);
  }

  #reportEarlyUse(scope: Scope, name: string, at: ByteRange): void {
    if (scope.pending.size === 0) return;
    const use = scope.pending.get(name);
    if (use === undefined || use.depth < scope.regions.length) return;
    scope.pending.delete(name);
    this.#tokens.report(
      {
        code: 'E1202',
        message: `'%${name}' is used before it is defined`,
        notes: [{ message: 'defined here', span: this.#tokens.span(at.start, at.end) }],
        hint: 'an op can only use the results of ops that stand before it',
      },
      use.at,
    );
  }

  /** The value a name stands for, of this type; wrong uses are reported and get a stand-in. */
  resolve(ref: OperandRef, type: Type): Value {
    const definition = this.#scope.definitions.get(ref.name);
    if (definition === undefined) return this.#resolveUndefined(ref, type);
    if (definition.values === undefined) return standIn(type);
    const value = definition.values[ref.index];
    if (value !== undefined && value.type === type) return value;
    const defined = { message: 'defined here', span: this.#tokens.span(definition.at.start, definition.at.end) };
    if (value === undefined) {
      const count = definition.values.length;
      this.#tokens.report(
        {
          code: 'E1204',
          message: `'%${ref.name}' has ${count} ${count === 1 ? 'value' : 'values'}, there is no #${ref.index}`,
          notes: [defined],
        },
        ref,
      );
    } else {
      this.#tokens.report(
        { code: 'E1205', message: `'%${ref.name}' has type ${value.type.text}, not ${type.text}`, notes: [defined] },
        ref,
      );
    }
    return standIn(type);
  }

  #resolveUndefined(ref: OperandRef, type: Type): Value {
    const scope = this.#scope;
    if (!scope.pending.has(ref.name)) {
      const isWorthGuessing = scope.pending.size < MAX_GUESSES && !/^\d+$/.test(ref.name);
      const guess = isWorthGuessing ? nearest(ref.name, [...scope.definitions.keys()]) : undefined;
      const { start, end } = ref;
      scope.pending.set(ref.name, { at: { start, end }, depth: scope.regions.length, guess });
    }
    return standIn(type);
  }
}

/** A value that stands for one that could not be found. */
function standIn(type: Type): Value {
  return new Value(type, new Block(), 0);
}
