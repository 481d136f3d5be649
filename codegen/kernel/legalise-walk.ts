/**
 * Rewrites a loop kernel from the operands up. A rule sees each expression with its operands already rewritten, and may emit statements
 * before the one it stands in; buffers and variables change type as the rule says.
 */
import { LoopBuilder } from './loop-builder.ts';
import type { Carried, Expr, FlatBuffer, LoopKernel, Statement, Variable, VariableId } from './loop-ir.ts';
import { mapOperands } from './loop-walk.ts';
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

  #nested<T>(
    body: readonly Statement[],
    after: () => T,
  ): { readonly statements: readonly Statement[]; readonly result: T } {
    return this.#builder.nested(() => {
      this.statements(body);
      return after();
    });
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

  #carried(carried: readonly Carried[]): readonly Carried[] {
    return carried.map(({ variable, initial }) => ({
      variable: this.#variable(variable),
      initial: this.#expr(initial),
    }));
  }

  #statement(statement: Statement): void {
    const builder = this.#builder;
    switch (statement.kind) {
      case 'for': {
        const head = {
          from: this.#expr(statement.from),
          to: this.#expr(statement.to),
          carried: this.#carried(statement.carried),
        };
        const body = this.#nested(statement.body, () => statement.next.map(this.#expr));
        builder.emit({ ...statement, ...head, body: body.statements, next: body.result });
        return;
      }
      case 'while': {
        const carried = this.#carried(statement.carried);
        const before = this.#nested(statement.before, () => this.#expr(statement.condition));
        const body = this.#nested(statement.body, () => statement.next.map(this.#expr));
        builder.emit({
          kind: 'while',
          carried,
          before: before.statements,
          condition: before.result,
          body: body.statements,
          next: body.result,
        });
        return;
      }
      case 'if': {
        const condition = this.#expr(statement.condition);
        const then = this.#nested(statement.then, () => statement.results.map((each) => this.#expr(each.then)));
        const otherwise = this.#nested(statement.otherwise, () =>
          statement.results.map((each) => this.#expr(each.otherwise)),
        );
        const results = statement.results.map((each, position) => ({
          variable: this.#variable(each.variable),
          then: then.result[position] ?? each.then,
          otherwise: otherwise.result[position] ?? each.otherwise,
        }));
        builder.emit({ ...statement, condition, then: then.statements, otherwise: otherwise.statements, results });
        return;
      }
      case 'let':
        builder.emit({
          ...statement,
          value: this.#expr(statement.value),
          variable: this.#variable(statement.variable),
        });
        return;
      case 'store': {
        const mask = statement.mask === undefined ? undefined : this.#expr(statement.mask);
        const index = this.#expr(statement.index);
        const value = this.#stored(statement.value, statement.buffer);
        builder.emit({ kind: 'store', buffer: this.#buffer(statement.buffer), index, value, mask });
        return;
      }
      case 'atomic': {
        const index = this.#expr(statement.index);
        const value = this.#stored(statement.value, statement.buffer);
        builder.emit({ ...statement, buffer: this.#buffer(statement.buffer), index, value });
        return;
      }
      case 'alloc': {
        const buffer = this.#buffer(statement.buffer);
        builder.emit({ kind: 'alloc', buffer, body: this.#nested(statement.body, () => undefined).statements });
        return;
      }
      case 'copy':
        builder.emit({
          kind: 'copy',
          from: this.#buffer(statement.from),
          fromIndex: this.#expr(statement.fromIndex),
          to: this.#buffer(statement.to),
          toIndex: this.#expr(statement.toIndex),
          count: this.#expr(statement.count),
        });
        return;
      case 'fill': {
        const [index, count] = [this.#expr(statement.index), this.#expr(statement.count)];
        const value = this.#stored(statement.value, statement.buffer);
        builder.emit({ kind: 'fill', buffer: this.#buffer(statement.buffer), index, count, value });
        return;
      }
      case 'prefetch':
        builder.emit({ ...statement, buffer: this.#buffer(statement.buffer), index: this.#expr(statement.index) });
        return;
      case 'barrier':
      case 'marker':
        builder.emit(statement);
        return;
      default:
        statement satisfies never;
    }
  }
}
