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
import { type MappedBody, mapStatement } from '../map-statement.ts';
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
  #bodyWith(body: readonly Statement[], after: readonly Expr[]): MappedBody {
    const { builder } = this.#site;
    const { statements, result: last } = builder.nested(() => {
      for (const statement of body) {
        this.#done = new Map();
        builder.emit(this.#statement(statement));
      }
      this.#done = new Map();
      return after.map((expr) => this.#expr(expr));
    });
    return { statements, last };
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
    return mapStatement(statement, {
      expr: (expr) => this.#expr(expr),
      body: (body, last) => this.#bodyWith(body, last),
    });
  }
}
