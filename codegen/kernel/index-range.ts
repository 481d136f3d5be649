/**
 * How wide the type `index` must be in a kernel: by the ranges that its counters, sizes and offsets can take, with every symbol at its bound.
 * 32 bits are enough when no loop counts past 2^31 - 1 and no buffer has more elements; then what is computed from in-range offsets is
 * right even where a partial sum wraps, since only whole offsets are used. `isProven` says more: no expression of type `index` leaves
 * 32 bits at all.
 */
import type { Expr, LoopKernel, Statement, VariableId } from './loop-ir.ts';
import { expressionsOf, operandsOf } from './loop-walk.ts';
import { cornersOf, rangeOfSize, type SizeRange } from './size.ts';

export interface IndexWidth {
  readonly bits: 32 | 64;
  /** The largest count of a loop, or elements of a buffer. */
  readonly most: number;
  /** Every index expression was shown to fit 32 bits. */
  readonly isProven: boolean;
}

type Range = SizeRange;

const most32 = 2 ** 31 - 1;
const unknown: Range = { low: -Infinity, high: Infinity };

export function indexWidth(kernel: LoopKernel): IndexWidth {
  const walk = new RangeWalk();
  for (const { size } of kernel.buffers) walk.count(rangeOfSize(size));
  const tiles = rangeOfSize(kernel.tiles);
  walk.define(kernel.tileBegin.id, { low: 0, high: tiles.high });
  walk.define(kernel.tileEnd.id, { low: 0, high: tiles.high });
  walk.statements(kernel.body);
  return { bits: walk.most > most32 ? 64 : 32, most: walk.most, isProven: walk.fits };
}

class RangeWalk {
  most = 0;
  fits = true;
  readonly #ranges = new Map<VariableId, Range>();

  /** A count or a number of elements; one without a bound is that of a buffer in memory, which the memory bounds. */
  count({ high }: Range): void {
    if (high < Infinity) this.most = Math.max(this.most, high);
    else this.fits = false;
  }

  define(id: VariableId, range: Range): void {
    this.#ranges.set(id, range);
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    if (statement.kind === 'for') return this.#loop(statement);
    if (statement.kind === 'while') {
      this.statements(statement.before);
      this.statements(statement.body);
    } else if (statement.kind === 'if') {
      this.statements(statement.then);
      this.statements(statement.otherwise);
      for (const { variable, then, otherwise } of statement.results)
        this.define(variable.id, union(this.#range(then), this.#range(otherwise)));
    } else if (statement.kind === 'alloc') {
      this.count(rangeOfSize(statement.buffer.size));
      this.statements(statement.body);
    } else if (statement.kind === 'let') this.define(statement.variable.id, this.#range(statement.value));
    for (const expr of expressionsOf(statement)) this.#check(expr);
  }

  #loop(statement: Extract<Statement, { readonly kind: 'for' }>): void {
    const [from, to] = [this.#range(statement.from), this.#range(statement.to)];
    // What other bounds are made of is counted where it stands.
    if (statement.to.kind === 'constant') this.count(to);
    this.define(statement.variable.id, { low: from.low, high: Math.max(from.low, to.high - 1) });
    this.statements(statement.body);
    for (const expr of expressionsOf(statement)) this.#check(expr);
  }

  /** Notes the sizes in it, and whether the index expressions fit. */
  #check(expr: Expr): void {
    if (expr.kind === 'size') this.count(rangeOfSize(expr.size));
    if (expr.type.dtype !== 'index') return operandsOf(expr).forEach((operand) => this.#check(operand));
    const { low, high } = this.#range(expr);
    this.fits &&= low >= -most32 - 1 && high <= most32;
    operandsOf(expr).forEach((operand) => this.#check(operand));
  }

  #range(expr: Expr): Range {
    switch (expr.kind) {
      case 'constant':
        return point(Number(expr.value));
      case 'size':
        return rangeOfSize(expr.size);
      case 'variable':
        return this.#ranges.get(expr.variable.id) ?? unknown;
      case 'select':
        return union(this.#range(expr.onTrue), this.#range(expr.onFalse));
      case 'convert':
      case 'load':
        return rangeOfDType(expr.kind === 'convert' ? expr.operand.type.dtype : expr.type.dtype);
      case 'binary':
        return rangeOfBinary(expr.op, this.#range(expr.lhs), this.#range(expr.rhs));
      case 'bitcast':
      case 'compare':
      case 'extract':
      case 'fma':
      case 'insert':
      case 'lane-reduce':
      case 'shuffle':
      case 'splat':
      case 'tail-mask':
      case 'unary':
        return unknown;
      default:
        return expr satisfies never;
    }
  }
}

function point(value: number): Range {
  return { low: value, high: value };
}

function union(a: Range, b: Range): Range {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

const dtypeRanges: Readonly<Partial<Record<string, Range>>> = {
  i1: { low: 0, high: 1 },
  i8: { low: -128, high: 127 },
  ui8: { low: 0, high: 255 },
  i16: { low: -32_768, high: 32_767 },
  ui16: { low: 0, high: 65_535 },
  i32: { low: -most32 - 1, high: most32 },
};

function rangeOfDType(dtype: string): Range {
  return dtypeRanges[dtype] ?? unknown;
}

function rangeOfBinary(op: string, a: Range, b: Range): Range {
  switch (op) {
    case 'add':
      return { low: a.low + b.low, high: a.high + b.high };
    case 'subtract':
      return { low: a.low - b.high, high: a.high - b.low };
    case 'multiply':
      return cornersOf(a, b, (x, y) => x * y);
    case 'minimum':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case 'maximum':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    case 'divide':
      return b.low >= 1 ? cornersOf(a, b, (x, y) => Math.trunc(x / y)) : unknown;
    case 'remainder':
      return b.low >= 1
        ? { low: a.low >= 0 ? 0 : -(b.high - 1), high: Math.max(0, Math.min(a.high, b.high - 1)) }
        : unknown;
    default:
      return unknown;
  }
}
