/** Which functions call which: an order in which callees come first, and the functions that may call themselves. */
import type { Operation } from '../ir/operation.ts';
import { SymbolTable } from '../ir/symbol-table.ts';

export interface CallGraph {
  /** Functions with a body; each after those it calls, cycles aside. */
  readonly calleesFirst: readonly Operation[];
  /** Functions that call themselves, directly or through others. */
  readonly recursive: ReadonlySet<Operation>;
  readonly symbols: SymbolTable;
}

/** The function of the module that a `func.call` calls; undefined when there is none. */
export function calleeOf(call: Operation, symbols: SymbolTable): Operation | undefined {
  const reference = call.attribute('callee');
  return reference?.kind === 'symbol-ref' ? symbols.lookup(reference.root) : undefined;
}

/** The `func.call` ops in a function, in program order. */
export function callsIn(func: Operation): readonly Operation[] {
  const calls: Operation[] = [];
  func.walk((op) => {
    if (op.name === 'func.call') calls.push(op);
  });
  return calls;
}

/** Strongly connected components by Tarjan's algorithm (SIAM J. Comput. 1, 1972), with a stack of its own: call chains may be long. */
export function callGraphOf(module: Operation): CallGraph {
  const symbols = new SymbolTable(module);
  const functions = symbols.functions().filter((func) => func.regions.length > 0);
  const callees = new Map(functions.map((func) => [func, distinctCallees(func, symbols)]));
  const search = new ComponentSearch(callees);
  for (const func of functions) search.from(func);
  return { calleesFirst: search.finished, recursive: search.recursive, symbols };
}

function distinctCallees(func: Operation, symbols: SymbolTable): readonly Operation[] {
  const found = new Set<Operation>();
  for (const call of callsIn(func)) {
    const callee = calleeOf(call, symbols);
    if (callee !== undefined && callee.regions.length > 0) found.add(callee);
  }
  return [...found];
}

interface Visit {
  readonly func: Operation;
  readonly index: number;
  /** The least index reached from here that is still open. */
  low: number;
  next: number;
}

class ComponentSearch {
  readonly finished: Operation[] = [];
  readonly recursive = new Set<Operation>();
  readonly #callees: ReadonlyMap<Operation, readonly Operation[]>;
  readonly #indices = new Map<Operation, number>();
  /** Functions whose component is not complete yet. */
  readonly #open: Operation[] = [];
  readonly #isOpen = new Set<Operation>();

  constructor(callees: ReadonlyMap<Operation, readonly Operation[]>) {
    this.#callees = callees;
  }

  from(root: Operation): void {
    if (this.#indices.has(root)) return;
    const path = [this.#enter(root)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const callee = this.#callees.get(visit.func)?.[visit.next++];
      if (callee === undefined) {
        path.pop();
        this.#leave(visit, path.at(-1));
      } else if (!this.#indices.has(callee)) path.push(this.#enter(callee));
      else if (this.#isOpen.has(callee)) {
        visit.low = Math.min(visit.low, this.#indices.get(callee) ?? visit.low);
        if (callee === visit.func) this.recursive.add(callee);
      }
    }
  }

  #enter(func: Operation): Visit {
    const index = this.#indices.size;
    this.#indices.set(func, index);
    this.#open.push(func);
    this.#isOpen.add(func);
    return { func, index, low: index, next: 0 };
  }

  #leave(visit: Visit, caller: Visit | undefined): void {
    this.finished.push(visit.func);
    if (caller !== undefined) caller.low = Math.min(caller.low, visit.low);
    if (visit.low !== visit.index) return;
    const component = this.#open.splice(this.#open.lastIndexOf(visit.func));
    for (const func of component) {
      this.#isOpen.delete(func);
      if (component.length > 1) this.recursive.add(func);
    }
  }
}
