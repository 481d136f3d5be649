/**
 * Index arithmetic as sums of products in a fixed order, outermost variables first, the constant last; each prefix is computed in
 * the loop where its last variable changes, once:
 *
 *     for i { for j { x[i * 1000 + (j + 4)] } }   ->   for i { a = i * 1000; for j { x[a + j + 4] } }
 *
 * The constant at the end is what back ends fold into an address.
 */
import { InvariantError } from '../../ir/diagnostics/diagnostic.ts';
import { add, constantValue, index, multiply, read } from './loop-expressions.ts';
import type { Expr, LoopKernel, Statement, Variable, VariableId } from './loop-ir.ts';
import { definedBy, freshIds, mapOperands, operandsOf } from './loop-walk.ts';
import { mapStatement } from './map-statement.ts';
import type { Size } from './size.ts';
import { scalar } from './value-type.ts';

export function simplifyIndices(kernel: LoopKernel): LoopKernel {
  const simplifier = new Simplifier(freshIds(kernel).variables, [kernel.tileBegin, kernel.tileEnd]);
  return { ...kernel, body: simplifier.block(kernel.body, []) };
}

/** `sum of factor * atom + constant`; an atom is a variable, a size, or what is not linear. */
interface Linear {
  readonly terms: ReadonlyMap<string, { readonly atom: Expr; readonly factor: number }>;
  readonly constant: number;
}

/** Statements of one body, and the index values named in it. */
interface Block {
  readonly statements: Statement[];
  readonly named: Map<string, Variable>;
}

class Simplifier {
  #nextVariable: number;
  readonly #blocks: Block[] = [];
  /** The block that defines each variable. */
  readonly #depths = new Map<VariableId, number>();

  constructor(nextVariable: number, given: readonly Variable[]) {
    this.#nextVariable = nextVariable;
    for (const { id } of given) this.#depths.set(id, 0);
  }

  block(body: readonly Statement[], defined: readonly Variable[], last?: () => void): readonly Statement[] {
    const block: Block = { statements: [], named: new Map() };
    this.#blocks.push(block);
    this.#define(defined);
    for (const statement of body) {
      const simple = this.#statement(statement);
      // What the statement's own expressions needed is in the block already.
      block.statements.push(simple);
      this.#define(definedBy(statement));
    }
    last?.();
    this.#blocks.pop();
    return block.statements;
  }

  #define(variables: readonly Variable[]): void {
    for (const { id } of variables) this.#depths.set(id, this.#blocks.length - 1);
  }

  #statement(statement: Statement): Statement {
    return mapStatement(statement, {
      expr: this.#expr,
      body: (body, after, defined) => {
        let last = after;
        const statements = this.block(body, defined, () => {
          last = after.map(this.#expr);
        });
        return { statements, last };
      },
    });
  }

  readonly #expr = (expr: Expr): Expr => {
    if (expr.type.dtype !== 'index' || expr.type.lanes !== 1) return mapOperands(expr, this.#expr);
    if (expr.kind === 'constant' || expr.kind === 'variable') return expr;
    return this.#emit(this.#linear(expr));
  };

  #linear(expr: Expr): Linear {
    const value = constantValue(expr);
    if (value !== undefined) return { terms: new Map(), constant: Number(value) };
    if (expr.kind === 'binary') {
      const { op, lhs, rhs } = expr;
      if (op === 'add') return sum(this.#linear(lhs), this.#linear(rhs), 1);
      if (op === 'subtract') return sum(this.#linear(lhs), this.#linear(rhs), -1);
      const factor = op === 'multiply' ? (constantValue(rhs) ?? constantValue(lhs)) : undefined;
      if (factor !== undefined)
        return scale(this.#linear(constantValue(rhs) === undefined ? rhs : lhs), Number(factor));
    }
    const atom = mapOperands(expr, this.#expr);
    const terms = new Map([[keyOf(atom), { atom, factor: 1 }]]);
    return { terms, constant: 0 };
  }

  /** The number of the innermost block that defines something in the expression; that of a load is where it stands. */
  #depthOf(expr: Expr): number {
    if (expr.kind === 'variable') {
      const depth = this.#depths.get(expr.variable.id);
      if (depth === undefined) throw new InvariantError(`index simplification: ${expr.variable.name} is not defined`);
      return depth;
    }
    if (expr.kind === 'load') return this.#blocks.length - 1;
    return Math.max(0, ...operandsOf(expr).map((operand) => this.#depthOf(operand)));
  }

  #emit({ terms, constant }: Linear): Expr {
    const here = this.#blocks.length - 1;
    const placed = [...terms.values()]
      .filter(({ factor }) => factor !== 0)
      .map((term) => ({ ...term, depth: this.#depthOf(term.atom) }))
      .sort((a, b) => a.depth - b.depth);
    let total: Expr = index(0);
    placed.forEach(({ atom, factor, depth }, position) => {
      total = add(total, multiply(this.#name(atom, depth, here), factor));
      const isLastAtDepth = placed[position + 1]?.depth !== depth;
      if (isLastAtDepth && depth < here) total = this.#name(total, depth, here);
    });
    return add(total, constant);
  }

  /** A variable of an outer block that holds the value; the value itself when it changes here. */
  #name(value: Expr, depth: number, here: number): Expr {
    if (value.kind === 'variable' || value.kind === 'constant' || depth >= here) return value;
    const block = this.#blocks[depth];
    if (block === undefined) return value;
    const key = keyOf(value);
    const known = block.named.get(key);
    if (known !== undefined) return read(known);
    const variable: Variable = { id: this.#nextVariable++ as VariableId, name: 'a', type: scalar('index') };
    block.statements.push({ kind: 'let', variable, value });
    block.named.set(key, variable);
    this.#depths.set(variable.id, depth);
    return read(variable);
  }
}

/** Symbols are one object a name and bound, so their numbers tell them apart. */
const symbolNumbers = new WeakMap<object, number>();
let nextSymbol = 0;

function sizeKey(value: Size): string {
  if (typeof value === 'number') return String(value);
  if (value.kind !== 'symbol') return `${value.kind}(${sizeKey(value.lhs)},${sizeKey(value.rhs)})`;
  const known = symbolNumbers.get(value.symbol) ?? nextSymbol++;
  symbolNumbers.set(value.symbol, known);
  return `#${known}`;
}

function sum(a: Linear, b: Linear, sign: 1 | -1): Linear {
  const terms = new Map(a.terms);
  for (const [key, { atom, factor }] of b.terms)
    terms.set(key, { atom, factor: (terms.get(key)?.factor ?? 0) + sign * factor });
  return { terms, constant: a.constant + sign * b.constant };
}

function scale({ terms, constant }: Linear, factor: number): Linear {
  const scaled = [...terms].map(([key, term]) => [key, { ...term, factor: term.factor * factor }] as const);
  return { terms: new Map(scaled), constant: constant * factor };
}

/** Equal for expressions that compute the same. */
function keyOf(expr: Expr): string {
  switch (expr.kind) {
    case 'variable':
      return `v${expr.variable.id}`;
    case 'constant':
      return `${expr.value}`;
    case 'size':
      return `s${sizeKey(expr.size)}`;
    case 'load':
      return `load${expr.mode}${expr.buffer.id}(${operandsOf(expr).map(keyOf).join()})`;
    case 'unary':
    case 'compare':
    case 'binary':
      return `${expr.op}(${operandsOf(expr).map(keyOf).join()})`;
    case 'convert':
      return `${expr.type.dtype}<-${expr.operand.type.dtype}(${keyOf(expr.operand)})`;
    case 'select':
      return `select(${operandsOf(expr).map(keyOf).join()})`;
    case 'extract':
      return `extract${expr.lane}(${keyOf(expr.operand)})`;
    case 'bitcast':
    case 'fma':
    case 'insert':
    case 'lane-reduce':
    case 'shuffle':
    case 'splat':
    case 'tail-mask':
      return uniqueKey(expr);
    default:
      return expr satisfies never;
  }
}

const uniqueKeys = new WeakMap<Expr, string>();
let nextUnique = 0;

function uniqueKey(expr: Expr): string {
  const known = uniqueKeys.get(expr);
  if (known !== undefined) return known;
  nextUnique += 1;
  const key = `u${nextUnique}`;
  uniqueKeys.set(expr, key);
  return key;
}
