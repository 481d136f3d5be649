/**
 * Elementary functions -> arithmetic, for every vector width, so that nothing in a loop calls a library:
 *
 *     store y[i], exp(load x[i])    ->    let v = load x[i]; let k = ...; let r = ...; store y[i], (1 + q) * s * t
 *
 * The operand and what the expansion uses more than once become variables in front of the statement (in the bodies of loops and
 * branches, after their own statements). f16 and bf16 are computed in f32. Errors are in docs/numerics.md.
 */
import { InvariantError } from '../../../ir/diagnostics/diagnostic.ts';
import { LoopBuilder } from '../loop-builder.ts';
import { convert } from '../loop-expressions.ts';
import type { Expr, LoopKernel, Statement } from '../loop-ir.ts';
import { mapOperands, walkExpr, walkStatements, expressionsOf } from '../loop-walk.ts';
import type { BinaryOp, UnaryOp } from '../scalar-ops.ts';
import type { TargetInfo } from '../target-info.ts';
import { valueTypeText } from '../value-type.ts';
import { binaryExpansions, unaryExpansions } from './expansions.ts';
import { type MathSite, share } from './math-site.ts';

export function expandMath(kernel: LoopKernel, target: TargetInfo): LoopKernel {
  if (!hasElementary(kernel)) return kernel;
  const builder = new LoopBuilder(kernel);
  const expander = new Expander({ builder, target });
  builder.emit(...expander.body(kernel.body));
  const { name, tiles, location, workgroup } = kernel;
  return builder.kernel({ name, tiles, location, ...(workgroup === undefined ? {} : { workgroup }) });
}

/** One application to an operand of any dtype it takes; statements go to the builder. */
export function expandUnary(site: MathSite, op: UnaryOp, operand: Expr): Expr {
  const expand = unaryExpansions[op];
  if (expand === undefined) throw new InvariantError(`no expansion of ${op}`);
  return computedWide([operand], (x) => expand(site, share(site, 'x', x(0))));
}

export function expandBinary(site: MathSite, op: BinaryOp, lhs: Expr, rhs: Expr): Expr {
  const expand = binaryExpansions[op];
  if (expand === undefined) throw new InvariantError(`no expansion of ${op} of ${valueTypeText(lhs.type)}`);
  return computedWide([lhs, rhs], (x) => expand(site, share(site, 'x', x(0)), share(site, 'y', x(1))));
}

/** In f32 for the narrower formats, else in the operands' own. */
function computedWide(operands: readonly Expr[], compute: (operand: (index: number) => Expr) => Expr): Expr {
  const dtype = operands[0]?.type.dtype ?? 'f32';
  const isNarrow = dtype === 'f16' || dtype === 'bf16';
  const result = compute((index) => {
    const operand = operands[index];
    if (operand === undefined) throw new InvariantError(`no operand ${index}`);
    return isNarrow ? convert('f32', operand) : operand;
  });
  return isNarrow ? convert(dtype, result) : result;
}

function isElementary(expr: Expr): boolean {
  if (expr.kind === 'unary') return unaryExpansions[expr.op] !== undefined;
  return expr.kind === 'binary' && binaryExpansions[expr.op] !== undefined;
}

function hasElementary({ body }: LoopKernel): boolean {
  let found = false;
  walkStatements(body, (statement) => {
    for (const expr of expressionsOf(statement)) walkExpr(expr, (each) => (found ||= isElementary(each)));
  });
  return found;
}

class Expander {
  readonly #site: MathSite;
  /** Expressions of the current statement that are done: an object met twice is computed once. */
  #done = new Map<Expr, Expr>();

  constructor(site: MathSite) {
    this.#site = site;
  }

  body(statements: readonly Statement[]): readonly Statement[] {
    return this.#bodyWith(statements, []).statements;
  }

  /** A body and the values computed at its end. */
  #bodyWith(
    statements: readonly Statement[],
    last: readonly Expr[],
  ): { statements: readonly Statement[]; result: Expr[] } {
    const { builder } = this.#site;
    return builder.nested(() => {
      for (const statement of statements) {
        this.#done = new Map();
        builder.emit(this.#statement(statement));
      }
      this.#done = new Map();
      return last.map((expr) => this.#expr(expr));
    });
  }

  #expr(expr: Expr): Expr {
    const known = this.#done.get(expr);
    if (known !== undefined) return known;
    const mapped = mapOperands(expr, (operand) => this.#expr(operand));
    const expanded = this.#expand(mapped);
    this.#done.set(expr, expanded);
    return expanded;
  }

  #expand(expr: Expr): Expr {
    if (!isElementary(expr)) return expr;
    const site = this.#site;
    if (expr.kind === 'unary') return share(site, expr.op, expandUnary(site, expr.op, expr.operand));
    if (expr.kind === 'binary') return share(site, expr.op, expandBinary(site, expr.op, expr.lhs, expr.rhs));
    return expr;
  }

  #statement(statement: Statement): Statement {
    const expr = (each: Expr): Expr => this.#expr(each);
    switch (statement.kind) {
      case 'for': {
        const [from, to] = [expr(statement.from), expr(statement.to)];
        const carried = statement.carried.map((each) => ({ ...each, initial: expr(each.initial) }));
        const { statements, result } = this.#bodyWith(statement.body, statement.next);
        return { ...statement, from, to, carried, body: statements, next: result };
      }
      case 'while': {
        const carried = statement.carried.map((each) => ({ ...each, initial: expr(each.initial) }));
        const before = this.#bodyWith(statement.before, [statement.condition]);
        const after = this.#bodyWith(statement.body, statement.next);
        const condition = before.result[0] ?? statement.condition;
        return {
          ...statement, carried, before: before.statements, condition, body: after.statements, next: after.result,
        }; // prettier-ignore
      }
      case 'if': {
        const condition = expr(statement.condition);
        const then = this.#bodyWith(
          statement.then,
          statement.results.map((each) => each.then),
        );
        const otherwise = this.#bodyWith(
          statement.otherwise,
          statement.results.map((each) => each.otherwise),
        );
        const results = statement.results.map((each, index) => ({
          ...each,
          then: then.result[index] ?? each.then,
          otherwise: otherwise.result[index] ?? each.otherwise,
        }));
        return { ...statement, condition, then: then.statements, otherwise: otherwise.statements, results };
      }
      case 'let':
        return { ...statement, value: expr(statement.value) };
      case 'store': {
        const { index, value, mask } = statement;
        return {
          ...statement,
          index: expr(index),
          value: expr(value),
          mask: mask === undefined ? undefined : expr(mask),
        };
      }
      case 'atomic':
        return { ...statement, index: expr(statement.index), value: expr(statement.value) };
      case 'alloc':
        return { ...statement, body: this.body(statement.body) };
      case 'copy': {
        const { fromIndex, toIndex, count } = statement;
        return { ...statement, fromIndex: expr(fromIndex), toIndex: expr(toIndex), count: expr(count) };
      }
      case 'fill': {
        const { index, count, value } = statement;
        return { ...statement, index: expr(index), count: expr(count), value: expr(value) };
      }
      case 'prefetch':
        return { ...statement, index: expr(statement.index) };
      case 'barrier':
      case 'marker':
        return statement;
      default:
        return statement satisfies never;
    }
  }
}
