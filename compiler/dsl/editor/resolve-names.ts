/**
 * The names of a file resolved as far as reading it tells: scopes are lexical, so all but the members of models and the names of
 * arguments are known without running anything. What cannot be read is left out; the rest is resolved all the same.
 */
import type { Span } from '../../../ir/source.ts';
import type { ProgramUnit } from '../load-program.ts';
import type {
  Binder,
  Block,
  Call,
  Expr,
  Fn,
  Identifier,
  IndexItem,
  Item,
  Lambda,
  Member,
  Model,
  Parameter,
  Pattern,
  Statement,
} from '../syntax/ast.ts';
import type { EditorScope, EditorSymbol, FileNames, Reference, SymbolKind } from './symbols.ts';

/** What lies outside of the file. */
export interface OuterNames {
  /** The items of a file and what it takes in with `use`. */
  itemsOf(unit: ProgramUnit): ReadonlyMap<string, EditorSymbol>;
  /** What every file sees. */
  prelude(name: string): EditorSymbol | undefined;
}

export function resolveNames(unit: ProgramUnit, outer: OuterNames): FileNames {
  const resolver = new Resolver(unit, outer);
  resolver.file();
  return resolver;
}

const itemKinds = {
  fn: 'function',
  model: 'model',
  type: 'type',
  'let-item': 'constant',
  'export-binding': 'function',
  param: 'param',
  state: 'state',
  'sub-model': 'sub-model',
} as const satisfies Readonly<Record<string, SymbolKind>>;

/** The symbol of an item of a file or a member of a model; tests and what could not be read have none. */
export function declaredSymbol(item: Item | Member, unit: ProgramUnit, visibleFrom: number): EditorSymbol | undefined {
  if (item.kind === 'test' || item.kind === 'error') return undefined;
  const { name } = item;
  return {
    name: name.text,
    kind: itemKinds[item.kind],
    span: name.span,
    unit,
    visibleFrom,
    declaration: item,
    module: undefined,
  };
}

class Resolver implements FileNames {
  readonly references: Reference[] = [];
  readonly scopes: EditorScope[] = [];
  readonly calls: Call[] = [];
  readonly #unit: ProgramUnit;
  readonly #outer: OuterNames;

  constructor(unit: ProgramUnit, outer: OuterNames) {
    this.#unit = unit;
    this.#outer = outer;
  }

  file(): void {
    const { unit } = this.#unit;
    const items = this.#outer.itemsOf(this.#unit);
    const scope = this.#scope(unit.span, undefined);
    scope.symbols.push(...items.values());
    for (const use of unit.uses) {
      for (const name of use.names ?? []) this.#reference('name', name.span, name.text, items.get(name.text));
    }
    for (const symbol of items.values()) {
      if (symbol.unit === this.#unit) this.#define(symbol);
    }
    for (const item of unit.items) this.#item(item, scope);
  }

  // ------------------------------------------------------------------------------------------------------- scopes

  #scope(span: Span, parent: EditorScope | undefined): EditorScope {
    const scope: EditorScope = { span, parent, symbols: [] };
    this.scopes.push(scope);
    return scope;
  }

  #lookup(name: string, scope: EditorScope): EditorSymbol | undefined {
    for (let at: EditorScope | undefined = scope; at !== undefined; at = at.parent) {
      const found = at.symbols.findLast((symbol) => symbol.name === name);
      if (found !== undefined) return found;
    }
    return this.#outer.prelude(name);
  }

  #declare(kind: SymbolKind, name: string, span: Span, scope: EditorScope, visibleFrom: number): void {
    const symbol: EditorSymbol = {
      name,
      kind,
      span,
      unit: this.#unit,
      visibleFrom,
      declaration: undefined,
      module: undefined,
    };
    scope.symbols.push(symbol);
    this.#define(symbol);
  }

  #define(symbol: EditorSymbol): void {
    this.references.push({ kind: 'definition', span: symbol.span, name: symbol.name, symbol });
  }

  #reference(kind: 'name', span: Span, name: string, symbol: EditorSymbol | undefined): void {
    this.references.push({ kind, span, name, symbol });
  }

  #pattern(pattern: Pattern, kind: SymbolKind, scope: EditorScope, visibleFrom: number): void {
    if (pattern.kind === 'bind') this.#declare(kind, pattern.name.text, pattern.span, scope, visibleFrom);
    else if (pattern.kind === 'tuple-pattern') {
      for (const element of pattern.elements) this.#pattern(element, kind, scope, visibleFrom);
    }
  }

  // -------------------------------------------------------------------------------------------------- declarations

  #item(item: Item | Member, scope: EditorScope): void {
    switch (item.kind) {
      case 'fn':
        return this.#function(item, this.#head(item, scope));
      case 'model':
        return this.#model(item, scope);
      case 'type': {
        const inner = this.#scope(item.span, scope);
        this.#binders(item.binders, inner);
        return this.#expr(item.value, inner);
      }
      case 'let-item':
      case 'param':
      case 'state':
        this.#optional(item.type, scope);
        return this.#optional(item.kind === 'let-item' ? item.value : item.initial, scope);
      case 'sub-model':
      case 'export-binding':
        return this.#expr(item.value, scope);
      case 'test':
        return this.#expr(item.body, scope);
      case 'error':
        return undefined;
    }
  }

  #head(declaration: Fn | Model, scope: EditorScope): EditorScope {
    const inner = this.#scope(declaration.span, scope);
    this.#binders(declaration.binders, inner);
    this.#parameters(declaration.parameters, inner);
    return inner;
  }

  #binders(binders: readonly Binder[], scope: EditorScope): void {
    for (const { name } of binders) this.#declare('binder', name.text, name.span, scope, scope.span.start);
  }

  #parameters(parameters: readonly Parameter[], scope: EditorScope): void {
    for (const { pattern } of parameters) this.#pattern(pattern, 'parameter', scope, scope.span.start);
    for (const { type, defaultValue } of parameters) {
      this.#optional(type, scope);
      this.#optional(defaultValue, scope);
    }
  }

  #function(declaration: Fn | Lambda, scope: EditorScope): void {
    this.#optional(declaration.result, scope);
    this.#expr(declaration.body, scope);
  }

  #model(model: Model, scope: EditorScope): void {
    const inner = this.#scope(model.span, this.#head(model, scope));
    for (const member of model.members) {
      const symbol = declaredSymbol(member, this.#unit, model.span.start);
      if (symbol === undefined) continue;
      inner.symbols.push(symbol);
      this.#define(symbol);
    }
    for (const member of model.members) this.#item(member, inner);
  }

  // ---------------------------------------------------------------------------------------------------- statements

  #block({ statements, span }: Block, scope: EditorScope): void {
    const inner = this.#scope(span, scope);
    for (const statement of statements) this.#statement(statement, inner);
  }

  #statement(statement: Statement, scope: EditorScope): void {
    switch (statement.kind) {
      case 'let':
      case 'var':
        this.#optional(statement.type, scope);
        this.#expr(statement.value, scope);
        return this.#pattern(statement.pattern, 'local', scope, statement.span.end);
      case 'assign':
        this.#expr(statement.target, scope);
        return this.#expr(statement.value, scope);
      case 'for': {
        this.#expr(statement.sequence, scope);
        const inner = this.#scope(statement.span, scope);
        this.#pattern(statement.pattern, 'local', inner, statement.body.span.start);
        return this.#block(statement.body, inner);
      }
      case 'while':
        this.#expr(statement.condition, scope);
        return this.#block(statement.body, scope);
      case 'expr':
        return this.#expr(statement.value, scope);
      case 'error':
        return undefined;
    }
  }

  // --------------------------------------------------------------------------------------------------- expressions

  #optional(expr: Expr | undefined, scope: EditorScope): void {
    if (expr !== undefined) this.#expr(expr, scope);
  }

  #expr(expr: Expr, scope: EditorScope): void {
    switch (expr.kind) {
      case 'int':
      case 'float':
      case 'string':
      case 'bool':
      case 'error':
        return undefined;
      case 'name':
        return this.#reference('name', expr.span, expr.text, this.#lookup(expr.text, scope));
      case 'member':
        return this.#member(expr.operand, expr.name, scope);
      case 'call':
        return this.#call(expr, scope);
      case 'index':
        this.#expr(expr.operand, scope);
        for (const item of expr.items) this.#indexItem(item, scope);
        return undefined;
      case 'unary':
        return this.#expr(expr.operand, scope);
      case 'binary':
        this.#expr(expr.lhs, scope);
        return this.#expr(expr.rhs, scope);
      case 'range':
        this.#expr(expr.lower, scope);
        this.#expr(expr.upper, scope);
        return this.#optional(expr.step, scope);
      case 'tuple':
        for (const { value } of expr.fields) this.#expr(value, scope);
        return undefined;
      case 'list':
        for (const element of expr.elements) this.#expr(element, scope);
        return undefined;
      case 'repeat':
        this.#expr(expr.value, scope);
        return this.#expr(expr.count, scope);
      case 'comprehension': {
        this.#expr(expr.sequence, scope);
        const inner = this.#scope(expr.span, scope);
        this.#pattern(expr.pattern, 'local', inner, expr.span.start);
        this.#optional(expr.condition, inner);
        return this.#expr(expr.value, inner);
      }
      case 'if':
        this.#expr(expr.condition, scope);
        this.#block(expr.then, scope);
        return this.#optional(expr.otherwise, scope);
      case 'lambda': {
        const inner = this.#scope(expr.span, scope);
        this.#parameters(expr.parameters, inner);
        return this.#function(expr, inner);
      }
      case 'fn-type':
        for (const parameter of expr.parameters) this.#expr(parameter, scope);
        return this.#expr(expr.result, scope);
      case 'place':
        return this.#expr(expr.place, scope);
      case 'block':
        return this.#block(expr, scope);
    }
  }

  #member(operand: Expr, { text, span }: Identifier, scope: EditorScope): void {
    this.#expr(operand, scope);
    const module = operand.kind === 'name' ? this.#lookup(operand.text, scope)?.module : undefined;
    const symbol = module === undefined ? undefined : this.#outer.itemsOf(module).get(text);
    this.references.push({ kind: 'member', span, name: text, symbol, operand });
  }

  #call(call: Call, scope: EditorScope): void {
    this.calls.push(call);
    this.#expr(call.callee, scope);
    for (const { name, value } of call.arguments) {
      if (name !== undefined) {
        this.references.push({ kind: 'argument', span: name.span, name: name.text, symbol: undefined, call });
      }
      this.#expr(value, scope);
    }
  }

  #indexItem(item: IndexItem, scope: EditorScope): void {
    switch (item.kind) {
      case 'at':
        return this.#expr(item.value, scope);
      case 'slice':
        this.#optional(item.lower, scope);
        this.#optional(item.upper, scope);
        return this.#optional(item.step, scope);
      case 'rest':
        if (item.name === undefined) return undefined;
        return this.#reference('name', item.name.span, item.name.text, this.#lookup(item.name.text, scope));
      case 'new-axis':
        return undefined;
    }
  }
}
