/** What an expression costs: instructions of each kind as WebAssembly engines make them, useful operations, and the wait for its result. */
import type { Expr, Statement, VariableId } from '../loop-ir.ts';
import { operandsOf } from '../loop-walk.ts';
import type { BinaryOp, UnaryOp } from '../scalar-ops.ts';
import type { TargetInfo } from '../target-info.ts';
import { elementBytes, isFloatKernelDType, type ValueType } from '../value-type.ts';
import type { MachineRates, Resource } from './machine-rates.ts';
import { spillsOf } from './register-pressure.ts';

export type Work = Record<Resource, number> & {
  /** Floating-point operations and, in integer kernels, products and sums of integers: a multiply-add is two, a lane one. */
  flops: number;
};

export function noWork(): Work {
  return { multiply: 0, add: 0, logic: 0, scalar: 0, load: 0, store: 0, divide: 0, flops: 0 };
}

/** Cycles in which the instructions find room. */
export function throughputCycles(
  work: Work,
  rates: MachineRates,
): { readonly cycles: number; readonly by: Resource | 'issue' } {
  const { multiply, add, logic, scalar, load, store } = work;
  const vector = multiply + add + logic;
  // A division holds up its pipe for others as well, for the most part.
  const pipes = vector / rates.vectorIssue + dividerShare * (work.divide / rates.perCycle.divide);
  const all = Math.max((vector + scalar + load + store) / rates.issue, pipes);
  let most: { cycles: number; by: Resource | 'issue' } = { cycles: all, by: 'issue' };
  for (const by of ['multiply', 'add', 'logic', 'scalar', 'load', 'store', 'divide'] as const) {
    const cycles = work[by] / rates.perCycle[by];
    if (cycles > most.cycles) most = { cycles, by };
  }
  return most;
}

/** Of a division's cycles, those in which vectors wait. */
const dividerShare = 0.7;

const registerBytes = 16;

/** Registers that a value fills. */
function registersOf({ dtype, lanes }: ValueType): number {
  const bytes = dtype === 'i1' || dtype === 'index' ? 4 : elementBytes(dtype);
  return lanes === 1 ? 1 : Math.max(1, (bytes * lanes) / registerBytes);
}

/** Cycles of the divider for a register. */
const dividerCycles = { f32: 4, f64: 5, integer: 8 } as const;

interface Cost {
  readonly on: Resource;
  readonly count: number;
  /** Instructions one after the other, each as long as its resource takes. */
  readonly depth?: number;
}

/**
 * A float's minimum treats NaN and signed zeros apart: of vectors, comparisons both ways and the bits joined, a maximum being that of the
 * negated; of scalars, branches.
 */
function extremeCost(op: 'minimum' | 'maximum', isVector: boolean, registers: number): Cost {
  if (!isVector) return { on: 'add', count: 4, depth: 2 };
  return op === 'minimum'
    ? { on: 'add', count: 3 * registers, depth: 2 }
    : { on: 'logic', count: 9 * registers, depth: 7 };
}

function isZero(expr: Expr): boolean {
  return expr.kind === 'constant' && Number(expr.value) === 0;
}

/** With a constant, which is no NaN, there is less to tell apart. */
function isBound(expr: Extract<Expr, { readonly kind: 'binary' }>): boolean {
  const isOrdered = (expr.op === 'minimum' || expr.op === 'maximum') && isFloatKernelDType(expr.type.dtype);
  return isOrdered && (expr.lhs.kind === 'constant' || expr.rhs.kind === 'constant');
}

const floatUnary: Readonly<Partial<Record<UnaryOp, Cost>>> = {
  // Engines make the mask of the sign each time.
  negate: { on: 'logic', count: 3 },
  abs: { on: 'logic', count: 3 },
  floor: { on: 'add', count: 2 },
  ceil: { on: 'add', count: 2 },
  truncate: { on: 'add', count: 2 },
  'round-even': { on: 'add', count: 2 },
  'round-away': { on: 'add', count: 4, depth: 3 },
  sign: { on: 'logic', count: 4, depth: 3 },
  'is-finite': { on: 'logic', count: 2, depth: 2 },
};

export class InstructionCosts {
  readonly #target: TargetInfo;
  readonly #rates: MachineRates;
  readonly #fma: boolean;

  constructor(target: TargetInfo, rates: MachineRates) {
    this.#target = target;
    this.#rates = rates;
    this.#fma = target.fma !== 'none';
  }

  /** Adds what the statement itself does, without what lies in its bodies. */
  addStatement(statement: Statement, work: Work): void {
    switch (statement.kind) {
      case 'let':
        return this.#add(statement.value, work);
      case 'store': {
        this.#add(statement.value, work);
        this.#addIndex(statement.index, work);
        const { lanes } = statement.index.type;
        work.store += lanes > 1 ? lanes : registersOf(statement.value.type);
        if (lanes > 1) work.logic += lanes;
        return undefined;
      }
      case 'atomic':
        this.#add(statement.value, work);
        work.scalar += 20;
        return undefined;
      case 'if':
        this.#add(statement.condition, work);
        work.scalar += 1;
        return undefined;
      case 'for':
        // The pointers that it advances, its counter, the branch.
        work.scalar += 3;
        for (const each of statement.next) this.#add(each, work);
        return undefined;
      case 'while':
        this.#add(statement.condition, work);
        for (const each of statement.next) this.#add(each, work);
        work.scalar += 1;
        return undefined;
      case 'copy':
      case 'fill':
        work.scalar += 40;
        return undefined;
      case 'prefetch':
        this.#addIndex(statement.index, work);
        work.load += 1;
        return undefined;
      case 'alloc':
      case 'barrier':
      case 'marker':
        return undefined;
      default:
        return statement satisfies never;
    }
  }

  /** A tree that occurs twice in a statement is computed once: engines number values. */
  #add(expr: Expr, work: Work, seen = new Set<Expr>()): void {
    if (seen.has(expr) || expr.kind === 'constant' || expr.kind === 'variable' || expr.kind === 'size') return;
    seen.add(expr);
    if (expr.type.dtype === 'index' && expr.type.lanes === 1 && expr.kind === 'binary')
      return this.#addIndex(expr, work);
    if (expr.kind === 'load') this.#addLoad(expr, work, seen);
    else {
      for (const operand of operandsOf(expr)) this.#add(operand, work, seen);
      this.#addNode(expr, work);
    }
  }

  #addLoad(load: Extract<Expr, { readonly kind: 'load' }>, work: Work, seen: Set<Expr>): void {
    const { type, index, mask, mode } = load;
    if (index.type.lanes > 1) this.#add(index, work, seen);
    else this.#addIndex(index, work);
    if (mask !== undefined) this.#add(mask, work, seen);
    if (mode === 'gather' || mode === 'masked') {
      work.load += type.lanes;
      work.logic += 2 * type.lanes;
      work.scalar += 2 * type.lanes;
    } else work.load += mode === 'splat' ? 1 : registersOf(type);
    // Booleans are bytes in memory and masks in registers.
    if (type.dtype === 'i1' && type.lanes > 1) work.logic += 3;
  }

  /** Sums of counters and constants are pointers that loops advance, or fold into the instruction; the rest is computed. */
  #addIndex(index: Expr, work: Work): void {
    if (index.kind !== 'binary') {
      if (index.kind === 'load' || index.kind === 'select' || index.kind === 'convert' || index.kind === 'extract')
        this.#add(index, work);
      return;
    }
    this.#addIndex(index.lhs, work);
    this.#addIndex(index.rhs, work);
    const isPlain = index.op === 'add' || index.op === 'subtract' || index.op === 'multiply';
    if (!isPlain) work.scalar += index.op === 'divide' || index.op === 'remainder' ? 6 : 2;
    else if (index.lhs.kind !== 'constant' && index.rhs.kind !== 'constant') work.scalar += 0.5;
  }

  #addNode(expr: Expr, work: Work): void {
    const { on, count } = this.#costOf(expr);
    if (expr.kind === 'fma' && !this.#fma) work.add += count;
    // The instruction overwrites what it adds to, so a constant is copied first.
    if (expr.kind === 'fma' && this.#fma && expr.c.kind === 'constant') work.logic += count;
    if (on === 'divide' && expr.type.lanes > 1 && !isFloatKernelDType(expr.type.dtype))
      work.logic += 2 * expr.type.lanes;
    work[on] += count;
    if (expr.kind === 'lane-reduce') work.logic += count;
    work.flops += flopsOf(expr);
  }

  #costOf(expr: Expr): Cost {
    const registers = registersOf(expr.type);
    const isVector = expr.type.lanes > 1;
    const plain = isVector || isFloatKernelDType(expr.type.dtype) ? 'logic' : 'scalar';
    switch (expr.kind) {
      case 'unary':
        return unaryCost(expr.op, expr.type, registers);
      case 'binary':
        return isBound(expr)
          ? { on: 'add', count: (expr.op === 'minimum' ? 1 : 2) * registers }
          : binaryCost(expr.op, expr.type, registers);
      case 'compare': {
        const { type } = expr.lhs;
        const on = isFloatKernelDType(type.dtype) ? 'add' : type.lanes > 1 ? 'logic' : 'scalar';
        return { on, count: registersOf(type) };
      }
      case 'select': {
        // A value or 0 is its bits where the mask has them.
        const count = isVector && !isZero(expr.onFalse) ? 2 : 1;
        return { on: plain, count: registers * count, depth: count };
      }
      case 'convert':
        return convertCost(expr.operand.type, expr.type);
      case 'bitcast': {
        const crosses =
          !isVector && isFloatKernelDType(expr.type.dtype) !== isFloatKernelDType(expr.operand.type.dtype);
        return { on: 'logic', count: crosses ? 1 : 0, depth: crosses ? 3 : 0 };
      }
      case 'fma':
        return expr.rounding === 'exact' && isFloatKernelDType(expr.type.dtype)
          ? { on: 'multiply', count: 20 * registers, depth: 8 }
          : { on: 'multiply', count: registers };
      case 'splat':
      case 'extract':
        return { on: 'logic', count: 1 };
      case 'insert':
        return { on: 'logic', count: isConstant(expr) ? 0 : 2 };
      case 'shuffle':
        return { on: 'logic', count: registers };
      case 'lane-reduce': {
        const steps = Math.log2(Math.max(2, expr.operand.type.lanes));
        return { on: 'add', count: steps, depth: steps * 2 };
      }
      case 'tail-mask':
        return { on: 'logic', count: 2 };
      case 'constant':
      case 'variable':
      case 'size':
      case 'load':
        return { on: 'scalar', count: 0, depth: 0 };
      default:
        return expr satisfies never;
    }
  }

  /** What does not fit the registers; gives the cycles that an iteration waits longer for the one before it. */
  addSpills(statement: Extract<Statement, { readonly kind: 'for' }>, work: Work): number {
    const { loads, values, isCarried } = spillsOf(statement, this.#target);
    work.load += loads + values;
    work.store += values;
    return isCarried ? this.#rates.latency.load + this.#rates.latency.store : 0;
  }

  /**
   * Cycles that an iteration waits for the one before it: the longest way from a carried value to its own next one, through what the body
   * computes.
   */
  recurrenceCycles({ body, carried, next }: Extract<Statement, { readonly kind: 'for' | 'while' }>): number {
    const definitions = new Map<VariableId, Expr>();
    for (const statement of body) if (statement.kind === 'let') definitions.set(statement.variable.id, statement.value);
    let longest = 0;
    for (const [index, { variable }] of carried.entries()) {
      const end = next[index];
      if (end !== undefined) longest = Math.max(longest, this.#pathTo(end, variable.id, definitions, new Map()));
    }
    return longest;
  }

  /** -1 where there is no way. */
  #pathTo(expr: Expr, from: VariableId, definitions: ReadonlyMap<VariableId, Expr>, known: Map<Expr, number>): number {
    const before = known.get(expr);
    if (before !== undefined) return before;
    let longest = -1;
    if (expr.kind === 'variable') {
      const definition = definitions.get(expr.variable.id);
      if (expr.variable.id === from) longest = 0;
      else if (definition !== undefined) longest = this.#pathTo(definition, from, definitions, known);
    } else {
      for (const operand of operandsOf(expr)) {
        const path = this.#pathTo(operand, from, definitions, known);
        // What a product is added to does not wait for it where the two are instructions of their own.
        const isAddend = expr.kind === 'fma' && !this.#fma && operand === expr.c;
        if (path >= 0) longest = Math.max(longest, path + (isAddend ? this.#rates.latency.add : this.#latencyOf(expr)));
      }
    }
    known.set(expr, longest);
    return longest;
  }

  #latencyOf(expr: Expr): number {
    const { latency } = this.#rates;
    if (expr.kind === 'load') return latency.load;
    if (expr.kind === 'fma' && !this.#fma) return latency.multiply + latency.add;
    const { on, count, depth = count === 0 ? 0 : 1 } = this.#costOf(expr);
    return depth * latency[on];
  }
}

/** Numbers put into lanes are a constant as well. */
function isConstant(expr: Expr): boolean {
  return expr.kind === 'constant' || (expr.kind === 'insert' && isConstant(expr.operand) && isConstant(expr.value));
}

function unaryCost(op: UnaryOp, type: ValueType, registers: number): Cost {
  if (op === 'sqrt') return { on: 'divide', count: registers * (type.dtype === 'f64' ? 7 : 5) };
  const isFloat = isFloatKernelDType(type.dtype);
  if (isFloat) {
    const cost = floatUnary[op] ?? { on: 'add', count: 4 };
    return { ...cost, count: cost.count * registers };
  }
  if (type.lanes === 1) return { on: 'scalar', count: op === 'negate' || op === 'not' ? 1 : 3 };
  const isLanewise = op === 'popcount' || op === 'count-leading-zeros' || op === 'sign';
  return { on: 'logic', count: isLanewise ? 4 * type.lanes : registers };
}

/** Instructions' worth of a product of integers, by their bytes. */
const wideProducts: Readonly<Record<number, number>> = { 1: 4, 2: 1, 4: 2, 8: 6 };

function binaryCost(op: BinaryOp, type: ValueType, registers: number): Cost {
  const { dtype, lanes } = type;
  const isFloat = isFloatKernelDType(dtype);
  const isVector = lanes > 1;
  switch (op) {
    case 'add':
    case 'subtract':
      return { on: isFloat ? 'add' : isVector ? 'logic' : 'scalar', count: registers };
    case 'multiply':
      if (!isFloat && !isVector) return { on: 'scalar', count: 1, depth: 3 };
      return { on: 'multiply', count: registers * (isFloat ? 1 : (wideProducts[elementBytes(dtype)] ?? 1)) };
    case 'divide':
    case 'remainder': {
      if (!isFloat) return { on: 'divide', count: dividerCycles.integer * lanes };
      const once = registers * (dtype === 'f64' ? dividerCycles.f64 : dividerCycles.f32);
      return op === 'divide' ? { on: 'divide', count: once } : { on: 'scalar', count: 60 * lanes };
    }
    case 'minimum':
    case 'maximum':
      if (isFloat) return extremeCost(op, isVector, registers);
      return { on: isVector ? 'logic' : 'scalar', count: registers * (isVector ? 1 : 2) };
    case 'and':
    case 'or':
    case 'xor':
      return { on: isVector ? 'logic' : 'scalar', count: registers };
    case 'shift-left':
    case 'shift-right-arithmetic':
    case 'shift-right-logical':
      return { on: isVector ? 'logic' : 'scalar', count: registers };
    case 'dot-pairs':
      return { on: 'multiply', count: registers };
    case 'power':
    case 'atan2':
      return { on: 'multiply', count: 40 * registers };
    default:
      return op satisfies never;
  }
}

function convertCost(from: ValueType, to: ValueType): Cost {
  const registers = Math.max(registersOf(from), registersOf(to));
  const isVector = to.lanes > 1;
  const [isFrom, isTo] = [isFloatKernelDType(from.dtype), isFloatKernelDType(to.dtype)];
  // Truncation saturates, and NaN gives 0.
  if (isFrom && !isTo && to.dtype !== 'i1') return { on: 'add', count: 6 * registers, depth: 4 };
  if (isFrom || isTo) return { on: 'add', count: registers };
  return { on: isVector ? 'logic' : 'scalar', count: isVector ? registers : 0.5 };
}

function flopsOf(expr: Expr): number {
  const { lanes, dtype } = expr.type;
  if (dtype === 'index' || dtype === 'i1') return 0;
  const isFloat = isFloatKernelDType(dtype);
  switch (expr.kind) {
    case 'fma':
      return 2 * lanes;
    case 'binary':
      return isFloat || expr.op === 'multiply' || expr.op === 'add' ? lanes : 0;
    case 'unary':
      return isFloat ? lanes : 0;
    case 'lane-reduce':
      return expr.operand.type.lanes - 1;
    case 'constant':
    case 'variable':
    case 'size':
    case 'compare':
    case 'select':
    case 'convert':
    case 'bitcast':
    case 'splat':
    case 'extract':
    case 'insert':
    case 'shuffle':
    case 'load':
    case 'tail-mask':
      return 0;
    default:
      return expr satisfies never;
  }
}
