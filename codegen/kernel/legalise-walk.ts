/**
 * Rewrites a loop kernel from the operands up. A rule sees each expression with its operands already rewritten, and may emit statements
 * before the one it stands in; buffers and variables change type as the rule says.
 */
import { LoopBuilder } from './loop-builder.ts';
import type { Expr, FlatBuffer, LoopKernel, Statement, Variable, VariableId } from './loop-ir.ts';
import { mapOperands } from './loop-walk.ts';
import { type MappedBody, mapStatement } from './map-statement.ts';
import { equalValueTypes, type ValueType } from './value-type.ts';

export interface RewriteRule {
  /** The expression with rewritten operands, still with its old type; and as it was. */
  readonly expr: (expr: Expr, original: Expr) => Expr;
  /** What is stored to the buffer instead of the value. */
  readonly stored?: (value: Expr, buffer: FlatBuffer) => Expr;
  readonly buffer?: (buffer: FlatBuffer) => FlatBuffer;
  readonly type?: (type: ValueType) => ValueType;
}

export function rewriteKernel(kernel: LoopKernel, makeRule: (builder: LoopBuilder) => RewriteRule): LoopKernel {
  const buffers = new Map<FlatBuffer, FlatBuffer>();
  const probe = makeRule(new LoopBuilder());
  const mapped = kernel.buffers.map((buffer) => probe.buffer?.(buffer) ?? buffer);
  kernel.buffers.forEach((buffer, position) => buffers.set(buffer, mapped[position] ?? buffer));
  const builder = new LoopBuilder({ ...kernel, buffers: mapped });
  new Rewriter(builder, makeRule(builder), buffers).statements(kernel.body);
  const { name, tiles, location, workgroup } = kernel;
  return builder.kernel({ name, tiles, location, ...(workgroup === undefined ? {} : { workgroup }) });
}

class Rewriter {
  readonly #builder: LoopBuilder;
  readonly #rule: RewriteRule;
  readonly #buffers: Map<FlatBuffer, FlatBuffer>;
  readonly #variables = new Map<VariableId, Variable>();

  constructor(builder: LoopBuilder, rule: RewriteRule, buffers: Map<FlatBuffer, FlatBuffer>) {
    this.#builder = builder;
    this.#rule = rule;
    this.#buffers = buffers;
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #nested(body: readonly Statement[], after: readonly Expr[]): MappedBody {
    const { statements, result } = this.#builder.nested(() => {
      this.statements(body);
      return after.map(this.#expr);
    });
    return { statements, last: result };
  }

  #buffer(buffer: FlatBuffer): FlatBuffer {
    const known = this.#buffers.get(buffer);
    if (known !== undefined) return known;
    const mapped = this.#rule.buffer?.(buffer) ?? buffer;
    this.#buffers.set(buffer, mapped);
    return mapped;
  }

  #variable(variable: Variable): Variable {
    const known = this.#variables.get(variable.id);
    if (known !== undefined) return known;
    const type = this.#rule.type?.(variable.type) ?? variable.type;
    const mapped = equalValueTypes(type, variable.type) ? variable : { ...variable, type };
    this.#variables.set(variable.id, mapped);
    return mapped;
  }

  readonly #expr = (expr: Expr): Expr => {
    if (expr.kind === 'variable') {
      const variable = this.#variable(expr.variable);
      return variable === expr.variable ? expr : { kind: 'variable', type: variable.type, variable };
    }
    const inner = mapOperands(expr, this.#expr);
    return this.#rule.expr(inner.kind === 'load' ? { ...inner, buffer: this.#buffer(inner.buffer) } : inner, expr);
  };

  #stored(value: Expr, buffer: FlatBuffer): Expr {
    const mapped = this.#expr(value);
    return this.#rule.stored?.(mapped, this.#buffer(buffer)) ?? mapped;
  }

  #statement(statement: Statement): void {
    const mapped = mapStatement(statement, {
      expr: this.#expr,
      body: (body, after) => this.#nested(body, after),
      variable: (variable) => this.#variable(variable),
      buffer: (buffer) => this.#buffer(buffer),
      stored: (value, buffer) => this.#stored(value, buffer),
    });
    this.#builder.emit(mapped);
  }
}
