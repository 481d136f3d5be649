/** Functions and other symbols of a module, by name. */
import type { Operation } from './operation.ts';

/** The name a symbol op defines. */
export function symbolName(op: Operation): string | undefined {
  const name = op.attribute('sym_name');
  return name?.kind === 'string' && op.definition.traits.has('symbol') ? name.value : undefined;
}

export class SymbolTable {
  readonly root: Operation;
  readonly #byName = new Map<string, Operation>();

  /** Of the symbols directly in `root`'s region; the first of two equal names wins (the verifier rejects the second). */
  constructor(root: Operation) {
    this.root = root;
    for (const region of root.regions) {
      for (const op of region.block.operations()) {
        const name = symbolName(op);
        if (name !== undefined && !this.#byName.has(name)) this.#byName.set(name, op);
      }
    }
  }

  lookup(name: string): Operation | undefined {
    return this.#byName.get(name);
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  functions(): readonly Operation[] {
    return [...this.#byName.values()].filter((op) => op.name === 'func.func');
  }
}

/** The nearest enclosing op that is a symbol table. */
export function enclosingSymbolTable(op: Operation): Operation | undefined {
  for (let at = op.parentOp; at !== undefined; at = at.parentOp)
    if (at.definition.traits.has('symbol-table')) return at;
  return undefined;
}
