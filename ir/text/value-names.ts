/**
 * Names of values as MLIR gives them: `%0`, `%arg0` for arguments, `%c` and `%cst` for constants, `%iterArg` in `while`, the result names
 * of an op with several results. A region continues the numbers of the one around it; a name that is taken gets `_0`, `_1`, ... An op
 * that is isolated starts again at 0.
 */
import { dtypeInfo } from '../dtype.ts';
import type { Block, Operation, Value } from '../operation.ts';
import { isTensor } from '../types.ts';
import { isValueName } from './name-text.ts';

export class ValueNames {
  readonly #names = new Map<Value, string>();
  readonly #groups = new Map<Operation, string>();
  readonly #style: 'pretty' | 'plain';

  /** `plain`: numbers only, as MLIR names values in the generic form. */
  constructor(root: Operation, style: 'pretty' | 'plain' = 'pretty') {
    this.#style = style;
    this.#scope().nameOperation(root);
    this.#nameRegions(root, this.#scope());
  }

  /** With its `%`. */
  of(value: Value): string {
    return this.#names.get(value) ?? '%<unknown>';
  }

  /** What stands left of `=`: `%0`, `%0:2`, `%values, %indices`; empty without results. */
  resultList(op: Operation): string {
    return this.#groups.get(op) ?? '';
  }

  #scope(): Scope {
    return new Scope(this.#names, this.#groups, this.#style, undefined);
  }

  #nameRegions(op: Operation, outer: Scope): void {
    for (const region of op.regions) {
      const scope = op.definition.traits.has('isolated') ? this.#scope() : outer.inner();
      scope.nameBlock(region.block, op);
      for (const inner of region.block.operations()) if (inner.regions.length > 0) this.#nameRegions(inner, scope);
    }
  }
}

class Scope {
  readonly #names: Map<Value, string>;
  readonly #groups: Map<Operation, string>;
  readonly #style: 'pretty' | 'plain';
  readonly #outer: Scope | undefined;
  readonly #used = new Set<string>();
  #nextValue = 0;
  #nextArgument = 0;
  #nextConflict = 0;

  constructor(
    names: Map<Value, string>,
    groups: Map<Operation, string>,
    style: 'pretty' | 'plain',
    outer: Scope | undefined,
  ) {
    this.#names = names;
    this.#groups = groups;
    this.#style = style;
    this.#outer = outer;
  }

  inner(): Scope {
    const scope = new Scope(this.#names, this.#groups, this.#style, this);
    scope.#nextValue = this.#nextValue;
    scope.#nextArgument = this.#nextArgument;
    scope.#nextConflict = this.#nextConflict;
    return scope;
  }

  nameBlock(block: Block, parent: Operation): void {
    for (const [index, argument] of block.arguments.entries()) {
      const hint = this.#style === 'pretty' ? argumentHint(parent, index) : undefined;
      this.#names.set(argument, `%${this.#unique(hint ?? `arg${this.#nextArgument++}`)}`);
    }
    for (const op of block.operations()) this.nameOperation(op);
  }

  nameOperation(op: Operation): void {
    const { results } = op;
    const [first] = results;
    if (first === undefined) return;
    const isPretty = this.#style === 'pretty';
    if (results.length === 1) {
      const hint = isPretty ? constantHint(op) : undefined;
      const name = hint === undefined ? `%${this.#nextValue++}` : `%${this.#unique(hint)}`;
      this.#names.set(first, name);
      this.#groups.set(op, name);
      return;
    }
    const hints = isPretty ? resultHints(op) : undefined;
    if (hints === undefined) this.#nameTogether(op);
    else this.#nameApart(op, hints);
  }

  /** `%0:3`, used as `%0#1`. */
  #nameTogether(op: Operation): void {
    const name = `%${this.#nextValue++}`;
    for (const [index, result] of op.results.entries()) this.#names.set(result, `${name}#${index}`);
    this.#groups.set(op, `${name}:${op.results.length}`);
  }

  #nameApart(op: Operation, hints: readonly string[]): void {
    const names = op.results.map((result, index) => {
      const name = `%${this.#unique(hints[index] ?? `result${index}`)}`;
      this.#names.set(result, name);
      return name;
    });
    this.#groups.set(op, names.join(', '));
  }

  #unique(hint: string): string {
    let name = hint;
    while (this.#isUsed(name)) name = `${hint}_${this.#nextConflict++}`;
    this.#used.add(name);
    return name;
  }

  #isUsed(name: string): boolean {
    return this.#used.has(name) || (this.#outer !== undefined && this.#outer.#isUsed(name));
  }
}

/** `c` for integers, `cst` for anything else. */
function constantHint(op: Operation): string | undefined {
  const type = op.results[0]?.type;
  if (op.name !== 'stablehlo.constant' || !isTensor(type)) return undefined;
  if (typeof type.element !== 'string' || type.element === 'index') return 'cst';
  const { kind } = dtypeInfo(type.element);
  return kind === 'float' || kind === 'complex' ? 'cst' : 'c';
}

function argumentHint(parent: Operation, index: number): string | undefined {
  if (parent.name === 'stablehlo.while') return 'iterArg';
  if (parent.name !== 'chlo.scan') return undefined;
  return index < parent.operandCount / 2 ? 'input' : 'carry';
}

/** MLIR names the results of an op that declares more than one, each of them single. */
function resultHints(op: Operation): readonly string[] | undefined {
  const specs = op.definition.results;
  const areSingle = specs.length === op.results.length && specs.every(({ arity }) => (arity ?? 'single') === 'single');
  return areSingle && specs.every(({ name }) => isValueName(name)) ? specs.map(({ name }) => name) : undefined;
}
