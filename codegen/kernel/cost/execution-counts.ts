/**
 * How often each part of a kernel runs, without running it: bounds and conditions are followed with numbers for the first, a middle and the
 * last iteration of every loop that they depend on. What depends on data counts as half of the time.
 */
import type { Expr, LoopKernel, Statement, VariableId } from '../loop-ir.ts';
import { walkExpr, walkStatements } from '../loop-walk.ts';
import { evaluateSize, maxSize, type Size } from '../size.ts';

type For = Extract<Statement, { readonly kind: 'for' }>;
type While = Extract<Statement, { readonly kind: 'while' }>;
type Body = readonly Statement[];

export interface LoopCounts {
  /** Times it is begun, and all its iterations. */
  readonly entries: number;
  readonly iterations: number;
}

export interface ExecutionCounts {
  readonly tiles: number;
  readonly bodies: ReadonlyMap<Body, number>;
  readonly loops: ReadonlyMap<Statement, LoopCounts>;
}

/** `symbols` are values of late sizes; their bounds otherwise. */
export function countExecutions(kernel: LoopKernel, symbols: ReadonlyMap<string, number>): ExecutionCounts {
  return new Counter(kernel, symbols).count();
}

/** Iterations of a `while` that only data ends; of a size without value or bound. */
const guessedTrips = 8;
const guessedSize = 64;

/** More iterations of a `while` are not followed one by one. */
const mostFollowed = 48;

/** Of tests that nearly always go one way. */
const nearlyAlways = 0.9;

export function sizeGuess(size: Size, symbols: ReadonlyMap<string, number>): number {
  return evaluateSize(size, symbols) ?? maxSize(size) ?? guessedSize;
}

class Counter {
  readonly #kernel: LoopKernel;
  readonly #symbols: ReadonlyMap<string, number>;
  readonly #control: ReadonlySet<VariableId>;
  readonly #values = new Map<VariableId, number>();
  readonly #bodies = new Map<Body, number>();
  readonly #loops = new Map<Statement, { entries: number; iterations: number }>();

  constructor(kernel: LoopKernel, symbols: ReadonlyMap<string, number>) {
    this.#kernel = kernel;
    this.#symbols = symbols;
    this.#control = controlVariables(kernel.body);
  }

  count(): ExecutionCounts {
    const { body, tileBegin, tileEnd } = this.#kernel;
    const tiles = Math.max(0, sizeGuess(this.#kernel.tiles, this.#symbols));
    this.#values.set(tileBegin.id, 0).set(tileEnd.id, tiles);
    this.#body(body, 1);
    return { tiles, bodies: this.#bodies, loops: this.#loops };
  }

  #body(body: Body, weight: number): void {
    this.#bodies.set(body, (this.#bodies.get(body) ?? 0) + weight);
    for (const statement of body) this.#statement(statement, weight);
  }

  #statement(statement: Statement, weight: number): void {
    switch (statement.kind) {
      case 'let':
        return this.#assign(statement.variable.id, () => this.#evaluate(statement.value));
      case 'for':
        return this.#for(statement, weight);
      case 'while':
        return this.#while(statement, weight);
      case 'if':
        return this.#if(statement, weight);
      case 'alloc':
        return this.#body(statement.body, weight);
      case 'store':
      case 'atomic':
      case 'copy':
      case 'fill':
      case 'prefetch':
      case 'barrier':
      case 'marker':
        return undefined;
      default:
        return statement satisfies never;
    }
  }

  #assign(id: VariableId, value: () => number | undefined): void {
    if (!this.#control.has(id)) return;
    const known = value();
    if (known === undefined) this.#values.delete(id);
    else this.#values.set(id, known);
  }

  #note(loop: Statement, entries: number, iterations: number): void {
    const known = this.#loops.get(loop) ?? { entries: 0, iterations: 0 };
    known.entries += entries;
    known.iterations += iterations;
    this.#loops.set(loop, known);
  }

  #for(loop: For, weight: number): void {
    const from = this.#evaluate(loop.from);
    const to = this.#evaluate(loop.to);
    const trips =
      from === undefined || to === undefined ? guessedTrips : Math.max(0, Math.ceil((to - from) / loop.step));
    this.#note(loop, weight, weight * trips);
    const isControl = this.#control.has(loop.variable.id);
    for (const { at, share } of isControl ? samplesOf(trips) : [{ at: 0, share: trips }]) {
      if (share === 0) continue;
      this.#assign(loop.variable.id, () => (from === undefined ? undefined : from + at * loop.step));
      for (const { variable, initial } of loop.carried)
        this.#assign(variable.id, () => (at === 0 ? this.#evaluate(initial) : undefined));
      this.#body(loop.body, weight * share);
    }
  }

  #if(statement: Extract<Statement, { readonly kind: 'if' }>, weight: number): void {
    const { condition, then, otherwise, results, share: told } = statement;
    const isTrue = told === 0 ? 0 : this.#evaluate(condition);
    const share = isTrue === undefined ? (told ?? this.#guessedShare(condition)) : isTrue === 0 ? 0 : 1;
    if (share > 0) this.#body(then, share * weight);
    if (share < 1) this.#body(otherwise, (1 - share) * weight);
    for (const { variable, ...values } of results)
      this.#assign(variable.id, () =>
        isTrue === undefined ? undefined : this.#evaluate(isTrue === 0 ? values.otherwise : values.then),
      );
  }

  /**
   * How often a condition holds that nothing is known of. Lanes are tested together for what nearly all, or nearly none, of them are; indices
   * that come from data, against the ends of what they count in.
   */
  #guessedShare(condition: Expr): number {
    if (condition.kind === 'unary' && condition.op === 'not') return 1 - this.#guessedShare(condition.operand);
    if (condition.kind === 'binary' && condition.op === 'and')
      return Math.min(...[condition.lhs, condition.rhs].map((part) => this.#guessedShare(part)));
    const test = condition.kind === 'compare' ? condition.lhs : condition;
    if (test.kind === 'lane-reduce') return test.op === 'or' ? 1 - nearlyAlways : nearlyAlways;
    const isInRange =
      condition.kind === 'compare' &&
      condition.lhs.type.dtype === 'index' &&
      (condition.op === 'ge' || condition.op === 'lt') &&
      this.#evaluate(condition.rhs) !== undefined;
    return isInRange ? nearlyAlways : 1 / 2;
  }

  /** Of several conditions for going on, those that data decide are taken to hold as long as the others do. */
  #goesOn(condition: Expr): number | undefined {
    if (condition.kind !== 'binary' || condition.op !== 'and') return this.#evaluate(condition);
    const [a, b] = [this.#goesOn(condition.lhs), this.#goesOn(condition.rhs)];
    return a === undefined ? b : b === undefined ? a : Number(a !== 0 && b !== 0);
  }

  #while(loop: While, weight: number): void {
    const ids = loop.carried.map(({ variable }) => variable.id);
    let state = loop.carried.map(({ initial }) => this.#evaluate(initial));
    let trips = 0;
    const run = (share: number): void => {
      trips += share;
      this.#body(loop.body, weight * share);
    };
    const enter = (values: readonly (number | undefined)[]): number | undefined => {
      ids.forEach((id, index) => this.#assign(id, () => values[index]));
      this.#body(loop.before, 0);
      return this.#goesOn(loop.condition);
    };
    let before: readonly (number | undefined)[] = [];
    for (let followed = 0; followed < mostFollowed; followed += 1) {
      const goesOn = enter(state);
      if (goesOn === 0) break;
      if (goesOn === undefined) {
        run(guessedTrips);
        break;
      }
      const start = state;
      run(1);
      state = loop.next.map((each) => this.#evaluate(each));
      const next = state;
      const deltas = start.map((value, index) => difference(next[index], value));
      const isSteady =
        followed > 0 && start.every((value, index) => difference(value, before[index]) === deltas[index]);
      before = start;
      if (!isSteady) continue;
      const at = (count: number): readonly (number | undefined)[] =>
        next.map((value, index) => (value === undefined ? undefined : value + count * (deltas[index] ?? 0)));
      const left = lastTrue((count) => enter(at(count)) === 1);
      for (const sample of samplesOf(left)) {
        enter(at(sample.at));
        run(sample.share);
      }
      break;
    }
    this.#bodies.set(loop.before, (this.#bodies.get(loop.before) ?? 0) + weight * (trips + 1));
    this.#note(loop, weight, weight * trips);
  }

  /** Integers and booleans; undefined where data is needed. */
  #evaluate(expr: Expr): number | undefined {
    switch (expr.kind) {
      case 'constant':
        return Number(expr.value);
      case 'variable':
        return this.#values.get(expr.variable.id);
      case 'size':
        return sizeGuess(expr.size, this.#symbols);
      case 'convert':
      case 'splat':
        return this.#evaluate(expr.operand);
      case 'select': {
        const predicate = this.#evaluate(expr.predicate);
        return predicate === undefined ? undefined : this.#evaluate(predicate === 0 ? expr.onFalse : expr.onTrue);
      }
      case 'compare': {
        const [a, b] = [this.#evaluate(expr.lhs), this.#evaluate(expr.rhs)];
        return a === undefined || b === undefined ? undefined : Number(comparisons[expr.op](a, b));
      }
      case 'binary': {
        const compute = operators[expr.op];
        const [a, b] = [this.#evaluate(expr.lhs), this.#evaluate(expr.rhs)];
        // One side alone may decide what both are combined to.
        if (expr.op === 'and' && (a === 0 || b === 0)) return 0;
        return compute === undefined || a === undefined || b === undefined ? undefined : compute(a, b);
      }
      case 'unary':
        return expr.op === 'not' && expr.type.dtype === 'i1' ? negated(this.#evaluate(expr.operand)) : undefined;
      case 'bitcast':
      case 'fma':
      case 'extract':
      case 'insert':
      case 'shuffle':
      case 'lane-reduce':
      case 'load':
      case 'tail-mask':
        return undefined;
      default:
        return expr satisfies never;
    }
  }
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 1 - value;
}

function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}

/** Counts from 0 for which it holds, where it holds for the first of them; searched by doubling. */
function lastTrue(holds: (count: number) => boolean): number {
  let most = 1;
  while (most < 2 ** 31 && holds(most - 1)) most *= 2;
  let [least, end] = [0, most];
  while (least < end) {
    const middle = Math.floor((least + end) / 2);
    if (holds(middle)) least = middle + 1;
    else end = middle;
  }
  return least;
}

interface Sample {
  readonly at: number;
  /** Iterations that it stands for. */
  readonly share: number;
}

function samplesOf(trips: number): readonly Sample[] {
  if (trips <= 3) return Array.from({ length: trips }, (_, at) => ({ at, share: 1 }));
  return [
    { at: 0, share: 1 },
    { at: Math.floor(trips / 2), share: trips - 2 },
    { at: trips - 1, share: 1 },
  ];
}

type Compute = (a: number, b: number) => number;

const operators: Readonly<Partial<Record<string, Compute>>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => (b === 0 ? -1 : Math.trunc(a / b)),
  remainder: (a, b) => (b === 0 ? a : a % b),
  minimum: Math.min,
  maximum: Math.max,
  and: (a, b) => Number(BigInt.asIntN(64, BigInt(Math.trunc(a)) & BigInt(Math.trunc(b)))),
  or: (a, b) => Number(BigInt.asIntN(64, BigInt(Math.trunc(a)) | BigInt(Math.trunc(b)))),
};

const comparisons: Readonly<Record<'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge', (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

/** Variables that a bound or a condition depends on, in any way. */
function controlVariables(body: Body): ReadonlySet<VariableId> {
  const found = new Set<VariableId>();
  const definitions = new Map<VariableId, readonly Expr[]>();
  const open: VariableId[] = [];
  const need = (expr: Expr): void =>
    walkExpr(expr, (each) => {
      if (each.kind !== 'variable' || found.has(each.variable.id)) return;
      found.add(each.variable.id);
      open.push(each.variable.id);
    });
  const define = (id: VariableId, ...exprs: readonly Expr[]): void =>
    void definitions.set(id, [...(definitions.get(id) ?? []), ...exprs]);
  walkStatements(body, (statement) => {
    if (statement.kind === 'let') define(statement.variable.id, statement.value);
    if (statement.kind === 'if')
      statement.results.forEach((each) => define(each.variable.id, each.then, each.otherwise));
    if (statement.kind === 'for' || statement.kind === 'while')
      statement.carried.forEach(({ variable, initial }, index) => {
        const next = statement.next[index];
        define(variable.id, initial, ...(next === undefined ? [] : [next]));
      });
    if (statement.kind === 'for') define(statement.variable.id, statement.from);
  });
  walkStatements(body, (statement) => {
    if (statement.kind === 'for') [statement.from, statement.to].forEach(need);
    else if (statement.kind === 'while' || statement.kind === 'if') need(statement.condition);
  });
  for (let id = open.pop(); id !== undefined; id = open.pop()) definitions.get(id)?.forEach(need);
  return found;
}
