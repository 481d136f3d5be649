/** Indices of loop IR as sums of counters: what an address moves with, how far, and what of it nobody can tell before the data is there. */
import type { Expr, VariableId } from '../loop-ir.ts';
import { operandsOf } from '../loop-walk.ts';

/** What takes values one after the other: a loop's iterations, or what is made of loops in a way that is not a sum. */
export interface IndexCounter {
  readonly id: number;
  /** The loops whose iterations it changes with. */
  readonly loops: ReadonlySet<LoopId>;
  /** Values it can take at most. */
  readonly most: number;
  /** Its values depend on data. */
  readonly isRandom: boolean;
}

export type LoopId = number & { readonly brand: 'LoopId' };

/** `constant + sum of stride * counter`, in elements. */
export interface IndexForm {
  readonly constant: number;
  readonly terms: ReadonlyMap<IndexCounter, number>;
}

const zeroForm: IndexForm = { constant: 0, terms: new Map() };

export function constantForm(constant: number): IndexForm {
  return { constant, terms: new Map() };
}

export class IndexForms {
  readonly #variables = new Map<VariableId, IndexForm>();
  readonly #sizeOf: (expr: Extract<Expr, { readonly kind: 'size' }>) => number;
  #next = 0;

  constructor(sizeOf: (expr: Extract<Expr, { readonly kind: 'size' }>) => number) {
    this.#sizeOf = sizeOf;
  }

  define(id: VariableId, form: IndexForm): void {
    this.#variables.set(id, form);
  }

  counter(loops: Iterable<LoopId>, most: number, isRandom: boolean): IndexCounter {
    this.#next += 1;
    return { id: this.#next, loops: new Set(loops), most, isRandom };
  }

  formOf(expr: Expr): IndexForm {
    switch (expr.kind) {
      case 'constant':
        return constantForm(Number(expr.value));
      case 'variable':
        return this.#variables.get(expr.variable.id) ?? this.#random([]);
      case 'size':
        return constantForm(this.#sizeOf(expr));
      case 'convert':
      case 'splat':
      case 'extract':
      case 'bitcast':
        return this.formOf(expr.operand);
      case 'insert':
        return this.formOf(expr.value);
      case 'binary':
        return this.#binary(expr.op, this.formOf(expr.lhs), this.formOf(expr.rhs));
      case 'select': {
        const [onTrue, onFalse] = [this.formOf(expr.onTrue), this.formOf(expr.onFalse)];
        return onTrue.terms.size >= onFalse.terms.size ? onTrue : onFalse;
      }
      case 'load':
        return this.#random([this.formOf(expr.index)]);
      case 'unary':
      case 'compare':
      case 'fma':
      case 'shuffle':
      case 'lane-reduce':
      case 'tail-mask':
        return this.#random(operandsOf(expr).map((operand) => this.formOf(operand)));
      default:
        return expr satisfies never;
    }
  }

  #random(forms: readonly IndexForm[]): IndexForm {
    const loops = forms.flatMap(({ terms }) => [...terms.keys()].flatMap((counter) => [...counter.loops]));
    return { constant: 0, terms: new Map([[this.counter(loops, Infinity, true), 1]]) };
  }

  #binary(op: string, a: IndexForm, b: IndexForm): IndexForm {
    switch (op) {
      case 'add':
        return sum(a, b, 1);
      case 'subtract':
        return sum(a, b, -1);
      case 'multiply':
        if (b.terms.size === 0) return scaled(a, b.constant);
        return a.terms.size === 0 ? scaled(b, a.constant) : this.#mixed([a, b]);
      case 'minimum':
      case 'maximum':
        // What keeps an index in range.
        return a.terms.size >= b.terms.size ? a : b;
      case 'divide':
        return b.terms.size === 0 && b.constant > 0 ? this.#quotient(a, b.constant) : this.#mixed([a, b]);
      case 'remainder':
        return b.terms.size === 0 && b.constant > 0 ? this.#derived(a, b.constant) : this.#mixed([a, b]);
      case 'shift-left':
        return b.terms.size === 0 ? scaled(a, 2 ** b.constant) : this.#mixed([a, b]);
      case 'shift-right-arithmetic':
      case 'shift-right-logical':
        return b.terms.size === 0 ? this.#quotient(a, 2 ** b.constant) : this.#mixed([a, b]);
      default:
        return this.#mixed([a, b]);
    }
  }

  #quotient(a: IndexForm, divisor: number): IndexForm {
    if ([...a.terms.values()].every((stride) => stride % divisor === 0))
      return { constant: Math.floor(a.constant / divisor), terms: scaled(a, 1 / divisor).terms };
    return this.#derived(a, Math.max(1, Math.ceil(spanOf(a) / divisor)));
  }

  /** So many values, next to each other. */
  #derived(a: IndexForm, most: number): IndexForm {
    const counters = [...a.terms.keys()];
    if (counters.length === 0) return a;
    const loops = counters.flatMap((counter) => [...counter.loops]);
    const isRandom = counters.some((counter) => counter.isRandom);
    return { constant: 0, terms: new Map([[this.counter(loops, Math.min(most, spanOf(a)), isRandom), 1]]) };
  }

  #mixed(forms: readonly IndexForm[]): IndexForm {
    return this.#random(forms);
  }
}

/** Values between the least and the greatest. */
export function spanOf({ terms }: IndexForm): number {
  let span = 1;
  for (const [{ most }, stride] of terms) span += Math.abs(stride) * (most - 1);
  return span;
}

function scaled({ constant, terms }: IndexForm, factor: number): IndexForm {
  if (factor === 0) return zeroForm;
  return { constant: constant * factor, terms: new Map([...terms].map(([key, stride]) => [key, stride * factor])) };
}

function sum(a: IndexForm, b: IndexForm, sign: 1 | -1): IndexForm {
  const constant = a.constant + sign * b.constant;
  if (b.terms.size === 0) return { constant, terms: a.terms };
  const terms = new Map(a.terms);
  for (const [key, stride] of b.terms) {
    const total = (terms.get(key) ?? 0) + sign * stride;
    if (total === 0) terms.delete(key);
    else terms.set(key, total);
  }
  return { constant, terms };
}
