/**
 * Finds the sizes that the binders of one call stand for, from equations `declared = actual`. Those linear in one open binder are solved
 * at once, the others when all arguments are there. An equation that never holds is a mistake; one that may hold is an obligation, which
 * is looked at again where sizes are numbers.
 */
import type { BinderSlot } from './binder-slot.ts';
import {
  areDifferentSizes,
  constantOf,
  type Dimension,
  type DimensionVariable,
  solveForZero,
  substituteDimensions,
  subtractDimensions,
  variablesOf,
} from './dimension.ts';

/** What an equation comes from; `mismatch` reports that it cannot hold. */
export interface EquationSource {
  /** "`x`": what told a size. */
  readonly reason: NonNullable<BinderSlot['reason']>;
  mismatch(declared: Dimension, actual: Dimension): never;
}

interface Equation {
  readonly declared: Dimension;
  readonly actual: Dimension;
  readonly source: EquationSource;
}

export class Solver {
  readonly #slots = new Map<DimensionVariable, BinderSlot>();
  readonly #values = new Map<DimensionVariable, Dimension>();
  #pending: Equation[] = [];

  add(slot: BinderSlot): void {
    if (slot.kind !== 'dim') return;
    this.#slots.set(slot.variable, slot);
    if (slot.solution?.kind === 'int') this.#values.set(slot.variable, slot.solution.value);
  }

  get slots(): Iterable<BinderSlot> {
    return this.#slots.values();
  }

  /** Takes in that the two sizes are the same. */
  equate(declared: Dimension, actual: Dimension, source: EquationSource): void {
    const equation = { declared, actual, source };
    if (!this.#solve(equation)) this.#pending.push(equation);
  }

  /** Looks again at what could not be solved; what is still open cannot hold or cannot be told. */
  finish(): void {
    for (let before = Infinity; this.#pending.length < before;) {
      before = this.#pending.length;
      this.#pending = this.#pending.filter((equation) => !this.#solve(equation));
    }
    const [left] = this.#pending;
    if (left !== undefined) left.source.mismatch(left.declared, left.actual);
  }

  #solve({ declared, actual, source }: Equation): boolean {
    const known = substituteDimensions(declared, this.#values);
    if (known === undefined) return source.mismatch(declared, actual);
    const unknowns = variablesOf(known).filter((variable) => this.#isOpen(variable));
    if (unknowns.length === 0) {
      if (areDifferentSizes(known, actual)) source.mismatch(known, actual);
      return true;
    }
    for (const unknown of unknowns) {
      const solution = solveForZero(subtractDimensions(known, actual), unknown);
      if (solution === undefined || variablesOf(solution).some((variable) => this.#isOpen(variable))) continue;
      if ((constantOf(solution) ?? 0) < 0) return source.mismatch(declared, actual);
      this.#assign(unknown, solution, source);
      return true;
    }
    return false;
  }

  #isOpen(variable: DimensionVariable): boolean {
    return this.#slots.has(variable) && !this.#values.has(variable);
  }

  #assign(variable: DimensionVariable, solution: Dimension, source: EquationSource): void {
    this.#values.set(variable, solution);
    const slot = this.#slots.get(variable);
    if (slot === undefined) return;
    slot.solution = { kind: 'int', value: solution };
    slot.reason = source.reason;
  }
}
